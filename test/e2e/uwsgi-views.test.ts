import { describe, expect, it } from 'vitest';
import { skipWithout } from '../lab/available.ts';
import { everything } from '../lab/everything.ts';
import { answerOf, INSIDE } from '../lab/inside.ts';
import { ask, startLoad } from '../lab/load.ts';
import { rowWith, Seen } from '../lab/seen.ts';
import { serverOf } from '../lab/server.ts';
import { skipWithoutTmux } from '../terminal/tmux.ts';
import { tabsTo } from '../views/tabs-to.ts';

describe.skipIf(skipWithoutTmux() || skipWithout())('the views of a real app server', () => {
  it('1: workers', async () => {
    const server = await everything();
    const spawned = [...server.log().matchAll(/spawned uWSGI worker (\d) \(pid: (\d+), cores: 2\)/g)];
    const seen = await Seen.start(server.target, '--columns id,status,pid,requests');
    await seen.show('2', 'AGE');
    await seen.show('1', 'WID', 'STATUS');
    const { core, pid } = await server.ask('/');
    const answer = server.ask('/hold/a');
    await seen.until((rows) => {
      expect(rows.map(({ WID, PID }) => [WID, PID]).sort()).toEqual(
        spawned.map(([, id, pid]) => [id, pid]).sort(),
      );
      expect(rows.map(({ STATUS }) => STATUS).sort()).toEqual(['busy', 'idle']);
      expect(rowWith(rows, 'PID', String(pid))).toMatchObject({ WID: core.split(':')[0], REQ: '1' });
    });
    server.release();
    const other = await answer;
    await seen.until((rows) => {
      expect(rows.map(({ STATUS }) => STATUS)).toEqual(['idle', 'idle']);
      expect(rows.reduce((sum, { REQ }) => sum + Number(REQ), 0)).toBe(server.asked());
    });
    await seen.filter(`pid=${other.pid}`);
    const [id] = other.core.split(':');
    expect(await seen.detail('Workers')).toMatchObject({ PID: String(other.pid), WID: id });
  });

  it('4: applications with separate counts', async () => {
    const server = await everything();
    for (const path of ['/', '/', '/boom', '/']) await ask(server.http, path);
    for (const path of ['/', '/']) await server.ask(path);
    const seen = await Seen.start(server.target);
    await seen.show('4', 'APP', 'WORKERS');
    await seen.until((rows) => {
      expect(rows).toHaveLength(2);
      expect(rowWith(rows, 'APP', '(default)')).toMatchObject({ WORKERS: '2', REQ: '4', EXC: '1' });
      expect(rowWith(rows, 'APP', INSIDE)).toMatchObject({ WORKERS: '2', REQ: '2', EXC: '0' });
    });
    await seen.filter(INSIDE);
    expect(await seen.detail('Apps')).toMatchObject({ APP: INSIDE, REQ: '2' });
  });

  it('5: sockets and their queues', async () => {
    const server = await everything();
    const seen = await Seen.start(server.target);
    await seen.show('5', 'SOCKET', 'PROTOCOL');
    const port = 'port' in server.http ? server.http.port : Number.NaN;
    // The kernel reports the queues of unix sockets to the server's user and to root.
    const unix = { QUEUE: '0', LIMIT: '100', 'FILL%': '0.0' };
    await seen.until((rows) => {
      expect(rows).toHaveLength(3);
      const tcp = rowWith(rows, 'SOCKET', `127.0.0.1:${port}`);
      expect(tcp).toMatchObject({ PROTOCOL: 'http', QUEUE: '0', LIMIT: '100', 'FILL%': '0.0' });
      expect(rowWith(rows, 'SOCKET', `${server.folder}/http.sock`)).toMatchObject({
        ...unix,
        PROTOCOL: 'http',
      });
      expect(rowWith(rows, 'SOCKET', `${server.folder}/app.sock`)).toMatchObject({
        ...unix,
        PROTOCOL: 'uwsgi',
      });
    });
    // Four threads run one request each.
    for (const name of 'abcdefg') void server.ask(`/hold/${name}`);
    await seen.until(([first]) =>
      expect(first).toMatchObject({ SOCKET: `127.0.0.1:${port}`, QUEUE: '3', 'FILL%': '3.0' }),
    );
    expect(await seen.detail('Sockets')).toMatchObject({ QUEUE: '3', LIMIT: '100' });
    server.release();
    seen.tmux.press('Escape');
    await seen.until((rows) => expect(rowWith(rows, 'PROTOCOL', 'uwsgi')).toMatchObject(unix));
    await seen.until(([first]) => expect(first).toMatchObject({ QUEUE: '0', 'FILL%': '0.0' }));
  });

  it('6: caches with the items in them and the reads', async () => {
    const server = await everything();
    for (const path of ['/set/pages/a', '/set/pages/b', '/set/sessions/a']) await server.ask(path);
    for (const key of ['a', 'b', 'none', 'a']) await server.ask(`/get/pages/${key}`);
    const seen = await Seen.start(server.target);
    await seen.show('6', 'CACHE', 'HIT%');
    await seen.until((rows) => {
      expect(rows).toHaveLength(2);
      expect(rowWith(rows, 'CACHE', 'pages')).toMatchObject({ 'EVER%': '75.0', 'FILL%': '10.0', ITEMS: '2' });
      expect(rowWith(rows, 'CACHE', 'sessions')).toMatchObject({ 'EVER%': '-', 'FILL%': '2.0', ITEMS: '1' });
    });
    // All of these reads are hits.
    const path = `${INSIDE}/get/sessions/a`;
    const load = startLoad({ to: server.http, path, connections: 1, rate: 30, seconds: 20 });
    await seen.until(([first]) => {
      expect(first).toMatchObject({ CACHE: 'sessions', 'HIT%': '100.0', 'EVER%': '100.0' });
      expect(Number(first?.['READS/s'])).toBeGreaterThan(0);
    });
    await load.stop();
    await seen.filter('pages');
    const detail = await seen.detail('Caches');
    expect(detail).toMatchObject({ HITS: '3', MISSES: '1', ITEMS: '2', LIMIT: '20', FULL: '0' });
  });

  it('charts show the load', async () => {
    const server = await everything();
    const seen = await Seen.start(server.target);
    seen.tmux.press(...Array.from({ length: tabsTo('charts') }, () => 'Tab'));
    await seen.tmux.untilText('requests per second: 0.0');
    const load = startLoad({ to: server.http, path: '/', connections: 1, rate: 30, seconds: 20 });
    // The curve rises. Without requests there is nothing above the line of 0.
    const peak = (screen: string) => /[\u2801-\u28ff]/.test(screen.split('\n').slice(7, 10).join(''));
    await seen.tmux.until(
      (screen) => /requests per second: (?!0\.0)\d/.test(screen) && peak(screen),
      'a curve of requests',
    );
    await load.stop();
    await seen.tmux.untilText('requests per second: 0.0');
    await seen.show('1', 'WID');
    expect(peak(seen.tmux.lines().join('\n'))).toBe(false);
  });

  it('a view without rows names the option that provides them', async () => {
    const server = await serverOf({ processes: 1 });
    const seen = await Seen.start(server.target);
    for (const [key, title, option] of [
      ['3', 'W:C', 'stats-no-cores'],
      ['2', 'AGE', 'stats-no-cores'],
      ['6', 'CACHE', 'cache2 ='],
      ['7', 'KIND', /spooler = .*cron = .*attach-daemon =/],
      ['8', 'METRIC', 'enable-metrics ='],
    ] as const) {
      await seen.show(key, title);
      expect(seen.rows()).toEqual([]);
      expect(seen.body().join(' ')).toMatch(option);
    }
    expect(await answerOf(server.http, '/')).toBe('hello\n');
    await seen.show('3', 'W:C');
    await seen.until(([row, ...others]) => {
      expect(row).toMatchObject({ 'W:C': '1:0', STATE: 'idle', REQ: '1' });
      expect(others).toEqual([]);
    });
  });
});
