import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { appDocument } from '../../src/demo/document.ts';
import { newServer } from '../../src/demo/state.ts';
import { captureFile, type Ended, shell, statstop } from '../commands/run.ts';
import { type ServerOptions, startServer } from '../demo/faults/server.ts';
import { HTTP_HEAD } from '../sources/servers.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';

const folder = mkdtempSync(join(tmpdir(), 'statstop-check-'));
/** Functions to call after all tests of the file: concurrent tests have no end of their own. */
const closes: (() => unknown)[] = [];
afterAll(async () => {
  await Promise.all(closes.map((close) => close()));
  rmSync(folder, { recursive: true });
});

let count = 0;

const check = (...args: string[]) => statstop(['check', ...args]);

/** Returns the status and the only line of output, as a monitor reads them. */
function lineOf({ status, signal, stdout, stderr }: Ended): { status: number | null; line: string } {
  const text = stdout.toString();
  expect([signal, stderr]).toEqual([null, '']);
  expect(text).toMatch(/^UWSGI [^\n]+\n$/);
  const words = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'];
  expect(text.split(' ')[1]).toBe(words[status ?? -1]);
  return { status, line: text.trimEnd() };
}

async function demo(options: ServerOptions): Promise<string> {
  const server = await startServer({ workers: 2, cores: 1, rate: 2, warm: false, ...options });
  closes.push(() => server.close());
  return server.address;
}

/** Properties of a generated document. `age`: the age of its oldest request, in seconds. */
interface Made {
  queue?: number;
  age?: number;
  uri?: string;
  exceptions?: number;
}

/** Starts a server that writes one document per connection, in this order. The last one is repeated. */
async function writes(...made: Made[]): Promise<string> {
  let place = 0;
  const path = join(folder, `${count++}.stats`);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(documentOf(made[Math.min(place, made.length - 1)] ?? {}));
    place += 1;
  });
  await listens(server, path);
  return path;
}

async function listens(server: Server, path: string): Promise<void> {
  server.listen(path);
  await once(server, 'listening');
  closes.push(() => server.close());
}

function documentOf({ queue = 0, age = 0, uri = '/', exceptions = 0 }: Made): string {
  const now = Math.floor(Date.now() / 1000);
  const document = JSON.parse(appDocument({ ...newServer(2, 2, 7), queue }, { epoch: now }));
  for (const [place, worker] of document.workers.entries())
    Object.assign(worker, {
      id: place + 1,
      pid: 8 + place,
      status: 'idle',
      accepting: 1,
      exceptions,
      requests: 10 * exceptions,
    });
  if (age > 0)
    Object.assign(document.workers[0].cores[0], {
      in_request: 1,
      vars: ['REQUEST_METHOD=GET', `REQUEST_URI=${uri}`],
      req_info: { request_start: now - age },
    });
  return JSON.stringify(document);
}

describe.concurrent('statstop check', () => {
  it('returns 0 for a healthy server and prints one line with its numbers', async () => {
    const { status, line } = lineOf(await check(await writes({})));
    expect([status, line]).toEqual([
      0,
      expect.stringMatching(
        /^UWSGI OK - 2 workers running, 0 of 4 cores busy \| rps=0;;;0 .*queue=0;;;0;100 /,
      ),
    ]);
  });

  it('returns 1 for a warning and 2 for a critical finding', async () => {
    const [warning, critical] = await Promise.all([writes({ age: 20 }), writes({ age: 90 })]);
    expect(lineOf(await check(warning))).toMatchObject({
      status: 1,
      line: expect.stringContaining('running for 2'),
    });
    expect(lineOf(await check(critical))).toMatchObject({ status: 2, line: expect.stringContaining('1m3') });
  });

  it('reads twice, to have rates and to find counters that grow', async () => {
    const path = await writes({ exceptions: 0 }, { exceptions: 50 });
    const { status, line } = lineOf(await check(path));
    expect([status, line]).toEqual([2, expect.stringMatching(/100 exceptions in .*\| rps=[1-9]/)]);
  });

  it('observes a server that waits for a request for the whole interval', async () => {
    const path = join(folder, `${count++}.stats`);
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(`${HTTP_HEAD}${documentOf({ queue: 100 })}`));
    });
    await listens(server, path);
    const { status, line } = lineOf(await check(path));
    expect([status, line]).toEqual([2, expect.stringContaining('listen queue full')]);
  });

  it('reads once with an interval of 0 and reports the findings of one document', async () => {
    const path = await writes({ queue: 100, age: 20 });
    const { status, line } = lineOf(await check('-i', '0', path));
    expect([status, line]).toEqual([
      2,
      expect.stringMatching(/listen queue full: 100 waiting, limit 100; 3 of 4 cores free; request/),
    ]);
    expect(line).not.toContain('rps=');
  });

  it('reports the same findings for a file', async () => {
    const path = join(folder, 'saved.json');
    writeFileSync(path, documentOf({ queue: 100 }));
    const { status, line } = lineOf(await check(path));
    expect([status, line]).toEqual([2, expect.stringContaining('listen queue full')]);
    // A capture of a real server with a full queue of 20.
    expect(lineOf(await check(captureFile('queue', 1))).line).toContain(
      'listen queue full: 21 waiting, limit 20',
    );
  });

  it('reads standard input', async () => {
    const ended = await statstop(['check', '-'], { stdin: documentOf({ age: 20 }) });
    expect(lineOf(ended)).toMatchObject({ status: 1 });
  });

  it('reports no age for a document from a pipe that is older than a day', async () => {
    const ended = await statstop(['check', '-'], { stdin: documentOf({ age: 2 * 86_400 }) });
    expect(lineOf(ended)).toMatchObject({ status: 0 });
  });

  it('ignores a condition that does not last', async () => {
    const path = await writes({ queue: 100 }, { queue: 0 });
    expect(lineOf(await check(path)).status).toBe(0);
  });
});

describe.concurrent('statstop check --for', () => {
  it('observes for the given time', async () => {
    const path = await writes({});
    const start = performance.now();
    expect(lineOf(await check('--for', '3', path)).status).toBe(0);
    expect(performance.now() - start).toBeGreaterThan(2800);
  });

  it('reports a condition that lasts all the time', async () => {
    const path = await writes({ queue: 50 });
    // After a long pause between two reads, no condition counts as permanent.
    const found = async () => lineOf(await check('--for', '2', '-i', '0.5', path));
    await expect
      .poll(found)
      .toMatchObject({ status: 1, line: expect.stringContaining('50 waiting, limit 100') });
  });

  it('ignores a condition that begins shortly before the end', async () => {
    const path = await writes({}, {}, {}, {}, { queue: 50 });
    expect(lineOf(await check('--for', '4', path)).status).toBe(0);
  });

  it('still reports a recent event for the lifetime of its finding', async () => {
    const path = await writes({}, { exceptions: 50 }, { exceptions: 50 });
    expect(lineOf(await check('--for', '2', '-i', '0.5', path))).toMatchObject({ status: 2 });
  });
});

describe.concurrent('statstop check --level', () => {
  it('accepts several thresholds', async () => {
    const path = await writes({ age: 20 });
    const at = async (...levels: string[]) =>
      lineOf(await check('-i', '0', ...levels.flatMap((level) => ['--level', level]), path)).status;
    expect(await at('stuck=100')).toBe(0);
    expect(await at('stuck=15')).toBe(1);
    expect(await at('stuck=15,18')).toBe(2);
    expect(await at('queue=0.5', 'stuck=100', 'busy=3')).toBe(0);
    expect(await at('stuck=1', 'stuck=100')).toBe(0);
  });

  it('takes precedence over the setting file', async () => {
    const path = await writes({ age: 20 });
    const file = join(folder, 'settings.toml');
    writeFileSync(file, '[findings.stuck]\nwarning = 100\ncritical = 200\n');
    expect(lineOf(await check('-i', '0', '--config', file, path)).status).toBe(0);
    expect(lineOf(await check('-i', '0', '--config', file, '--level', 'stuck=15', path)).status).toBe(1);
    expect(lineOf(await check('-i', '0', '--config', file, '--level', 'stuck=15,18', path)).status).toBe(2);
  });
});

describe.concurrent('a wrong command line of check', () => {
  /** Status 3 (UNKNOWN): a monitor must not take a usage error for a problem of the server. */
  it.each([
    [['--level', 'nothing=1', 'a']],
    [['--level', 'queue', 'a']],
    [['--level', 'queue=x', 'a']],
    [['--level', 'queue=1,', 'a']],
    [['--level', 'queue=-1', 'a']],
    [['--level', 'queue=1,2,3', 'a']],
    [['--for', 'x', 'a']],
    [['--for', '10', '--interval', '0', 'a']],
    [['--level', 'stuck=5,1', 'a']],
    [['--for', '-1', 'a']],
    [['-i', '0.01', 'a']],
    [['--nonsense', 'a']],
    [['--once', 'a']],
    [['--config', '/nonexistent/settings.toml', 'a']],
    [['host:99999']],
    [['']],
  ])('%j: status 3 and one line', async (args) => {
    const { status, signal, stdout, stderr } = await check(...args);
    expect([status, signal]).toEqual([3, null]);
    expect(stdout.toString() + stderr).toMatch(/^[^\n]+\n$/);
  });

  it('options before the word check: status 3', async () => {
    expect((await statstop(['--timeout', '1', 'check', ''])).status).toBe(3);
  });

  it('--help: status 0 and the options of check', async () => {
    const { status, stdout, stderr } = await check('--help');
    expect([status, stderr]).toEqual([0, '']);
    for (const option of ['--for', '--level', '--json', '--interval', '--timeout', '--mask'])
      expect(stdout.toString()).toContain(option);
  });
});

describe.concurrent('statstop check of an unreadable target', () => {
  it('returns 2 if there is no server', async () => {
    expect(lineOf(await check(join(folder, 'absent.stats')))).toMatchObject({
      status: 2,
      line: expect.stringContaining('absent.stats'),
    });
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    await new Promise((closed) => server.close(closed));
    const port = typeof address === 'object' ? address?.port : 0;
    expect(lineOf(await check(`127.0.0.1:${port}`))).toMatchObject({
      status: 2,
      line: expect.stringContaining('refused'),
    });
  });

  it.each(['refuse-first-byte', 'trickle', 'reset'] as const)('returns 2 for the fault %s', async (fault) => {
    const address = await demo({ fault, address: '127.0.0.1:0' });
    expect(lineOf(await check('--timeout', '0.6', address)).status).toBe(2);
  });

  it.each(['html', 'status-500', 'close-empty', 'cut', 'huge', 'uwsgi', 'garbage'] as const)(
    'returns 3 for the fault %s',
    async (fault) => {
      const address = await demo({ fault });
      expect(lineOf(await check('--timeout', String(TIMEOUT_SECONDS), address)).status).toBe(3);
    },
  );

  it('returns 2 if the server stops during the observation', async () => {
    const server = await startServer({ workers: 2, cores: 1, rate: 2, warm: false });
    const ended = check('--for', '4', '-i', '0.5', server.address);
    setTimeout(() => void server.close(), 1500);
    expect(lineOf(await ended).status).toBe(2);
  });

  it('returns 3 for a file of another kind', async () => {
    const path = join(folder, 'page.html');
    writeFileSync(path, '<!DOCTYPE html>\n<title>|</title>');
    const { status, line } = lineOf(await check(path));
    expect(status).toBe(3);
    expect(line).not.toContain('|');
  });

  it('prints errors as JSON with --json', async () => {
    const { status, stdout } = await check('--json', join(folder, 'absent.stats'));
    expect(status).toBe(2);
    expect(JSON.parse(stdout.toString())).toMatchObject({ schema: 'statstop.check/1', status: 'CRITICAL' });
  });
});

describe.concurrent('statstop check --json', () => {
  it('contains the findings and has the same status', async () => {
    const path = await writes({ age: 90, uri: '/slow' });
    const { status, stdout, stderr } = await check('--json', path);
    expect([status, stderr]).toEqual([2, '']);
    const document = JSON.parse(stdout.toString());
    expect(document).toMatchObject({
      schema: 'statstop.check/1',
      target: path,
      kind: 'app',
      status: 'CRITICAL',
      findings: [
        { rule: 'stuck', subject: '', severity: 'critical', text: expect.stringContaining('GET /slow') },
        // Only the JSON contains hints.
        { rule: 'memory-report', severity: 'hint' },
      ],
    });
    const [{ since }] = document.findings;
    expect(Math.abs((Date.now() - Date.parse(since)) / 1000 - 90)).toBeLessThan(10);
  });
});

describe.concurrent('text from clients', () => {
  it('has its secrets masked in the line and in the JSON', async () => {
    const path = await writes({ age: 20, uri: '/a?token=hunter2&tenant=acme' });
    for (const output of [[], ['--json']]) {
      const text = (await check('-i', '0', ...output, path)).stdout.toString();
      expect(text).toContain('token=***');
      expect(text).not.toContain('hunter2');
      expect((await check('-i', '0', ...output, '--mask', 'tenant', path)).stdout.toString()).not.toContain(
        'acme',
      );
      expect((await check('-i', '0', ...output, '--show-secrets', path)).stdout.toString()).toContain(
        'hunter2',
      );
    }
  });

  it('cannot add bars, line ends or escape sequences to the line', async () => {
    const path = await writes({ age: 20, uri: '/a|rps=1e9;;\n\u001b[2J\u009b\u202eb|' });
    const { status, line } = lineOf(await check('-i', '0', path));
    expect(status).toBe(1);
    expect(line.split('|')).toHaveLength(2);
    expect(line).not.toMatch(/\p{Cc}|\p{Cf}/u);
    const { stdout } = await check('-i', '0', '--json', path);
    expect(stdout.toString()).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
    JSON.parse(stdout.toString());
  });

  it.each([
    'control-chars',
    'bad-utf8',
    'long',
    'wrong-types',
    'proto',
    'u64',
    'big-integers',
    'deep',
  ] as const)('stays on one line with %s', async (fault) => {
    const address = await demo({ fault });
    const { status, line } = lineOf(await check(address));
    expect([0, 1, 2]).toContain(status);
    expect(line).not.toMatch(/\p{Cc}|\p{Cf}|NaN|undefined|\[object/u);
  });

  it('is cut to the maximum length of a monitor line', async () => {
    // NRPE accepts at most 64 KB.
    const path = await writes({ age: 20, uri: `/${'x'.repeat(200_000)}` });
    expect(lineOf(await check('-i', '0', path)).line.length).toBeLessThan(60_000);
  });
});

describe('in a shell', () => {
  it('the exit status is visible to a script', async () => {
    const path = await writes({ age: 90 });
    const { stdout } = await shell(`$STATSTOP check -i 0 ${path} > /dev/null; echo $?`);
    expect(stdout.toString()).toBe('2\n');
  });
});
