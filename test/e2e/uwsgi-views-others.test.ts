import { describe, expect, it } from 'vitest';
import { freePort } from '../lab/addresses.ts';
import { skipWithout } from '../lab/available.ts';
import { answerOf, childrenOf, insideOf } from '../lab/inside.ts';
import { rowWith, Seen } from '../lab/seen.ts';
import { serverOf } from '../lab/server.ts';
import { isAlive, skipWithoutTmux } from '../terminal/tmux.ts';

const noUwsgi = skipWithoutTmux() || skipWithout();

describe.skipIf(noUwsgi || skipWithout('gevent'))('requests in flight in one real worker with gevent', () => {
  const NAMES = ['a', 'b', 'c'];

  /** A view of a server that holds three requests. */
  async function holding() {
    const server = await insideOf({ processes: 1, gevent: 20, httpPort: true });
    const seen = await Seen.start(server.target);
    const answers = NAMES.map((name) => server.ask(`/hold/${name}?password=hunter2`));
    const cores = async () => {
      server.release();
      return Object.fromEntries((await Promise.all(answers)).map(({ core }, at) => [NAMES[at], core]));
    };
    return { server, seen, cores };
  }

  /** Maps the last letter of each path to its core. */
  const byName = (rows: readonly (readonly [uri: string | undefined, core: string | undefined])[]) =>
    Object.fromEntries(rows.map(([uri, core]) => [/\/hold\/(\w)/.exec(uri ?? '')?.[1], core]));

  it('2: requests, each on the core that runs it', async () => {
    const { seen, cores } = await holding();
    await seen.show('2', 'AGE', 'W:C');
    await seen.until((rows) => {
      expect(rows.map(({ URI }) => URI).sort()).toEqual(
        NAMES.map((name) => `/inside/hold/${name}?password=***`),
      );
      for (const row of rows) {
        expect(row).toMatchObject({
          METHOD: 'GET',
          CLIENT: '127.0.0.1',
          AGE: expect.stringMatching(/^(<1|\d+)s$/),
        });
      }
    });
    const rows = seen.rows();
    await seen.filter('hold/b');
    await seen.until((filtered) => expect(filtered).toHaveLength(1));
    const detail = await seen.detail('Requests');
    expect(detail).toMatchObject({
      URI: '/inside/hold/b?password=***',
      PATH_INFO: '/inside/hold/b',
      QUERY_STRING: 'password=***',
    });
    const truth = await cores();
    expect(byName(rows.map((row) => [row.URI, row['W:C']]))).toEqual(truth);
    expect(detail['W:C']).toBe(truth.b);
    expect(new Set(Object.values(truth)).size).toBe(3);
    seen.tmux.press('Home');
    await seen.tmux.untilText('no longer there: last seen at');
  });

  it('3: cores, first busy with their requests, then idle', async () => {
    const { seen, cores } = await holding();
    await seen.show('3', 'W:C', 'STATE', 'REQ');
    await seen.until((rows) => {
      expect(rows).toHaveLength(3);
      for (const row of rows) {
        expect(row).toMatchObject({ STATE: 'busy', AGE: expect.stringMatching(/^(<1|\d+)s$/) });
        expect(row.REQUEST).toMatch(/^GET \/inside\/hold\/[abc]/);
      }
    });
    const rows = seen.rows();
    const truth = await cores();
    expect(byName(rows.map((row) => [row.REQUEST, row['W:C']]))).toEqual(truth);
    await seen.until((rows) => {
      expect(rows.map((row) => row['W:C']).sort()).toEqual(Object.values(truth).sort());
      for (const row of rows) expect(row).toMatchObject({ STATE: 'idle', REQ: '1', AGE: '-', REQUEST: '-' });
    });
    expect(await seen.detail('Cores')).toMatchObject({ STATE: 'idle', REQ: '1', WERR: '0', RERR: '0' });
  });
});

describe.skipIf(noUwsgi)('the views of a real emperor', () => {
  it('1 and 2: its vassals, and the vassal that fails repeatedly', async () => {
    const server = await serverOf({ emperor: true });
    const seen = await Seen.start(server.target);
    await seen.show('2', 'BLACKLIST', 'ATTEMPT');
    await seen.until(([broken, ...others]) => {
      expect(others).toEqual([]);
      // The first failure does not count as an attempt.
      const failures = server.log().match(/curse the uwsgi instance broken\.ini/g)?.length ?? 0;
      expect(failures).toBeGreaterThan(1);
      expect(broken).toMatchObject({
        BLACKLIST: 'broken.ini',
        ATTEMPT: String(failures - 1),
        // The throttle grows by one second per failure (--emperor-throttle is 1000 ms).
        THROTTLE: `${failures - 1}.00s`,
      });
    });
    await seen.detail('Blacklist');
    await seen.show('1', 'VASSAL', 'PID', 'STATE');
    await seen.until((rows) => {
      for (const name of ['blog.ini', 'shop.ini']) {
        const vassal = childrenOf(server.pid()).find(({ command }) => command.includes(name));
        expect(rowWith(rows, 'VASSAL', name)).toMatchObject({ PID: String(vassal?.pid), STATE: 'accepting' });
        expect(isAlive(vassal?.pid ?? Number.NaN)).toBe(true);
      }
    });
    await seen.filter('shop');
    expect(await seen.detail('Vassals')).toMatchObject({
      VASSAL: 'shop.ini',
      'UID:GID': '0:0',
      RESPAWN: '0',
    });
  });
});

describe.skipIf(noUwsgi || skipWithout('router'))('the view of a real HTTP router', () => {
  it('1: its nodes with the number of requests to each', async () => {
    const [http, subscriptions, node] = [await port(), await port(), await port()];
    const router = await serverOf({
      processes: 1,
      args: [
        ...['--plugin', 'http', '--http', http.address, '--http-stats-server', 'router.stats'],
        ...['--http-subscription-server', subscriptions.address],
      ],
    });
    const seen = await Seen.start(`${router.folder}/router.stats`);
    await seen.show('1', 'KEY', 'NODE', 'REQ');
    expect(seen.rows()).toEqual([]);
    expect(seen.body().join(' ')).toContain('subscribe-to =');

    const key = (name: string) => `server=${subscriptions.address},key=${name},addr=${node.address}`;
    const server = await insideOf({
      processes: 2,
      args: [
        ...['--socket', node.address, '--subscribe-freq', '1'],
        ...['--subscribe2', key('shop.example'), '--subscribe2', key('blog.example')],
      ],
    });
    const idle = { NODE: node.address, REQ: '0', RPS: '0.0', USE: '0', FAIL: '0' };
    await seen.until((rows) => {
      expect(rows).toHaveLength(2);
      for (const name of ['shop.example', 'blog.example'])
        expect(rowWith(rows, 'KEY', name)).toMatchObject(idle);
    });
    const ask = (host: string, path: string) => answerOf(http, path, { host });
    for (let count = 0; count < 3; count += 1) await ask('shop.example', '/bytes/2000');
    const held = ask('blog.example', '/inside/hold/a');
    await seen.until((rows) => {
      expect(rowWith(rows, 'KEY', 'shop.example')).toMatchObject({ REQ: '3', USE: '0' });
      expect(rowWith(rows, 'KEY', 'blog.example')).toMatchObject({ REQ: '1', USE: '1' });
    });
    server.release();
    await held;
    await seen.until((rows) =>
      expect(rowWith(rows, 'KEY', 'blog.example')).toMatchObject({ REQ: '1', USE: '0' }),
    );
    await seen.filter('shop');
    const detail = await seen.detail('Nodes');
    // Three responses of 2000 bytes with headers.
    expect(detail).toMatchObject({
      KEY: 'shop.example',
      REQ: '3',
      TX: expect.stringMatching(/^6\.\dK$/),
      DEAD: 'no',
    });
  });
});

async function port() {
  const port = await freePort('127.0.0.1');
  return { host: '127.0.0.1', port, address: `127.0.0.1:${port}` };
}
