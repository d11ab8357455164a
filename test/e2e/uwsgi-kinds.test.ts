import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { statstop } from '../commands/run.ts';
import { freePort } from '../lab/addresses.ts';
import { skipWithout } from '../lab/available.ts';
import { ask, startLoad } from '../lab/load.ts';
import { folderOf } from '../lab/plain.ts';
import { serverOf } from '../lab/server.ts';
import type { Uwsgi } from '../lab/uwsgi.ts';
import { skipWithoutTmux, Tmux } from '../terminal/tmux.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** Servers of all kinds in one live view, while they are killed, reloaded and started, and what clients count. */

const VASSALS = ['one', 'two', 'three'];

/** Starts an emperor with five vassals: three run, `asleep` waits for its first request, and `bad` fails. */
async function emperorOf(): Promise<{ target: string; log(): string }> {
  const folder = folderOf();
  mkdirSync(join(folder.path, 'vassals'));
  const own = (name: string, application: string) =>
    `[uwsgi]\nplugin = python3\nmaster = true\nneed-app = true\nchdir = ${folder.path}\nsocket = ${name}.sock\n` +
    `wsgi-file = ${application}\nstats = ${folder.path}/%n.stats\n`;
  for (const name of VASSALS) folder.write(`vassals/${name}.ini`, own(name, 'app.py'));
  folder.write('vassals/bad.ini', own('bad', 'missing.py'));
  folder.write('vassals/asleep.ini', own('asleep', 'app.py'));
  folder.write('vassals/asleep.ini.socket', join(folder.path, 'asleep.sock'));
  const target = join(folder.path, 'emperor.stats');
  const options = ['--emperor-on-demand-extension', '.socket', '--emperor-stats', target];
  folder.start('uwsgi', '--emperor', 'vassals', ...options);
  await vi.waitFor(
    () => {
      const ready = folder.log().match(/is ready to accept requests/g) ?? [];
      expect(ready).toHaveLength(VASSALS.length);
    },
    { timeout: TIMEOUT_MS, interval: 50 },
  );
  return { target, log: folder.log };
}

const missing =
  skipWithoutTmux() || (['python', 'gevent', 'router'] as const).some((part) => skipWithout(part));

describe.skipIf(missing)('seven servers of different kinds', () => {
  const row = (name: string, words: string) => new RegExp(`^${name} +${words}`, 'm');

  it('are watched while they are killed, reloaded and started', async () => {
    const port = await freePort('127.0.0.1');
    const router = [
      ...['--plugin', 'http', '--http', `127.0.0.1:${port}`],
      ...['--http-to', 'app.sock', '--http-stats-server', 'router.stats'],
    ];
    const [shop, blog, chat, web, jobs, emperor] = await Promise.all([
      serverOf({ processes: 1, threads: 4 }),
      serverOf({ processes: 2, stats: 'tcp' }),
      serverOf({ processes: 1, gevent: 10 }),
      serverOf({ processes: 1, args: router }),
      serverOf({
        processes: 1,
        statsHttp: true,
        folders: ['spool'],
        args: ['--spooler', 'spool', '--mule'],
      }),
      emperorOf(),
    ]);
    const apps: Readonly<Record<string, Uwsgi>> = { shop, blog, chat, web, jobs };
    const targets = [
      ...Object.entries(apps).map(([name, { target }]) => `${name}=${target}`),
      `router=${join(web.folder, 'router.stats')}`,
      `emperor=${emperor.target}`,
    ];
    const tmux = new Tmux();
    tmux.enter(`clear; statstop --interval 0.2 ${targets.join(' ')}`);
    await tmux.untilText(/ 7 up | 10 up /);

    // The counters of the servers are the counts of the clients.
    const counts = { shop: 40, blog: 25, chat: 15, web: 10, jobs: 5 };
    const loads = Object.entries(counts).map(([name, count]) => {
      const { http } = apps[name] ?? shop;
      const to = name === 'web' ? { host: '127.0.0.1', port } : http;
      return startLoad({ to, path: '/', connections: 2, seconds: 600, count });
    });
    await Promise.all(loads.map(({ finished }) => finished));
    expect(loads.flatMap(({ outcomes }) => outcomes.filter(({ status }) => status !== 200))).toEqual([]);
    const { stdout } = await statstop(['--json', '--interval', '0', ...targets]);
    const documents = stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(documents.map(({ kind, totals }) => [kind, totals?.requests])).toEqual([
      ...Object.values(counts).map((count) => ['app', count]),
      ['router', undefined],
      ['emperor', undefined],
    ]);

    // The cores in requests and their total, with those of the three vassals.
    for (const { http } of [shop, shop, blog, chat]) void ask(http, '/sleep/600').catch(() => {});
    tmux.resize(200, 50);
    await tmux.untilText(row('Total', '.* 4/21 '));
    await tmux.untilText(row('shop', 'up +.* 2/4 '));
    await tmux.untilText(row('blog', 'up +.* 1/2 '));
    await tmux.untilText(row('chat', 'up +.* 1/10 '));
    for (const kind of ['router', 'emperor']) await tmux.untilText(row(kind, `up +.* ${kind}`));

    // One server ends, one reloads, and the others go on.
    await blog.restart({});
    process.kill(web.pid(), 'SIGKILL');
    await tmux.untilText(row('web', 'lost'));
    await tmux.untilText(row('blog', 'up +.* 0/2 '));
    process.kill(jobs.pid(), 'SIGHUP');
    await tmux.untilText(row('jobs', 'up +.* 0/1 '));
    await tmux.untilText(row('Total', '.* 3/20 '));
    await web.restart({});
    await tmux.untilText(row('web', 'up'));
    await tmux.untilText(row('Total', '.* 3/21 '));

    // From the emperor into a vassal, and back.
    tmux.resize(80, 24);
    tmux.type('/emperor');
    tmux.press('Enter', 'Home', 'Enter');
    await tmux.untilText(/^VASSAL +STATE/m);
    for (const name of VASSALS) await tmux.untilText(row(`${name}\\.ini`, 'accepting +0\\.0'));
    await tmux.untilText(row('asleep\\.ini', 'on-demand'));
    await tmux.untilText(/vassal bad\.ini failed to start/);
    tmux.type('/two');
    tmux.press('Enter', 'Home', 'Enter');
    await tmux.untilText(/^ WID STATUS/m);
    tmux.press('Escape');
    await tmux.untilText(/^VASSAL +STATE/m);
    tmux.type('q');
    await tmux.until((screen) => !screen.includes('q Quit'), 'the shell');
    // Nothing has woken the sleeping vassal.
    expect(emperor.log()).not.toContain('connection request');
  });
});
