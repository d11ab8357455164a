import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statstop } from '../commands/run.ts';
import { skipWithout } from '../lab/available.ts';
import { ask, startLoad } from '../lab/load.ts';
import { startUwsgi, type Uwsgi } from '../lab/uwsgi.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** Outputs of real servers together: two app servers and an emperor. */

describe.skipIf(skipWithout())('the outputs of several servers', () => {
  let servers: readonly Uwsgi[] = [];
  const targets = () => servers.map(({ target }, at) => `${['shop', 'blog', 'emperor'][at]}=${target}`);
  beforeAll(async () => {
    servers = await Promise.all([
      startUwsgi({ threads: 2 }),
      startUwsgi({ processes: 1, stats: 'tcp' }),
      startUwsgi({ emperor: true }),
    ]);
  }, TIMEOUT_MS);
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  it('have the totals of the servers, and the name of the server with a request', async () => {
    const [shop] = servers;
    if (!shop) return expect.fail('no server');
    const held = startLoad({ to: shop.http, path: '/sleep/600', connections: 1, seconds: 600, count: 1 });
    const requests = async () => {
      const { status, stdout } = await statstop([
        '--once',
        '-i',
        '0',
        '-c',
        'server,uri',
        '--no-header',
        ...targets(),
      ]);
      return [status, stdout.toString().trim().split(/ +/)];
    };
    await expect.poll(requests, { timeout: TIMEOUT_MS }).toEqual([0, ['shop', '/sleep/600']]);
    const { stdout } = await statstop(['--once', '-c', 'server,busy,kind', ...targets()]);
    const rows = stdout
      .toString()
      .split('\n')
      .slice(2, 6)
      .map((line) => line.trim().split(/ +/));
    expect(Object.fromEntries(rows.map(([name, ...cells]) => [name, cells]))).toEqual({
      shop: ['1/4', 'app'],
      blog: ['0/1', 'app'],
      emperor: ['-', 'emperor'],
      Total: ['1/5', '-'],
    });
    void held.stop();
  });

  it('are the counters of each server in --json', async () => {
    const [, blog] = servers;
    if (!blog) return expect.fail('no server');
    for (let count = 0; count < 7; count += 1) await ask(blog.http, '/');
    const { status, stdout, stderr } = await statstop(['--json', ...targets()]);
    expect([status, stderr]).toEqual([0, '']);
    const documents = stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(documents.map(({ target }) => target)).toEqual(servers.map(({ target }) => target));
    expect(documents.map(({ kind }) => kind)).toEqual(['app', 'app', 'emperor']);
    expect(documents[1].totals.requests).toBe(7);
  });

  it('are complete although a server is stopped, and `check` reports that server', async () => {
    const [shop, blog] = servers;
    if (!shop || !blog) return expect.fail('no server');
    process.kill(shop.pid(), 'SIGSTOP');
    try {
      const limits = ['--timeout', '2'];
      const json = await statstop(['--json', ...limits, ...targets()]);
      expect([json.status, json.stderr]).toEqual([1, expect.stringContaining(`statstop: ${shop.target}: `)]);
      const found = json.stdout
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(found.map(({ target }) => target)).toEqual(servers.slice(1).map(({ target }) => target));
      expect(found[0].interval).not.toBeNull();
      const check = await statstop(['check', ...limits, ...targets()]);
      expect(check.status).toBe(2);
      const [first, ...lines] = check.stdout.toString().trimEnd().split('\n');
      expect(first).toMatch(/^UWSGI CRITICAL - 3 servers: [12] critical.* \| blog::rps=.* emperor::vassals=/);
      expect(lines.toSorted()).toEqual([
        expect.stringMatching(/^blog: OK - 1 worker running/),
        expect.stringMatching(/^emperor: /),
        expect.stringMatching(
          /^shop: CRITICAL - the server accepted the connection but sent nothing within 2s/,
        ),
      ]);
    } finally {
      process.kill(shop.pid(), 'SIGCONT');
    }
  });
});
