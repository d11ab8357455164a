import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { skipWithout } from '../lab/available.ts';
import { folderOfFixtures, startWith } from '../lab/configured.ts';
import { ask } from '../lab/load.ts';
import { startUwsgi, type Uwsgi, type UwsgiOptions } from '../lab/uwsgi.ts';
import { AT_REST, skipWithoutTmux, Tmux } from '../terminal/tmux.ts';

/** The live view of several real servers in a real terminal of 80x24. */

const running: Uwsgi[] = [];

async function start(options: UwsgiOptions = {}): Promise<Uwsgi> {
  const server = await startUwsgi(options);
  running.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

/** Starts statstop with these words in a terminal. */
function watch(words: string): Tmux {
  const tmux = new Tmux();
  tmux.enter(`clear; statstop --interval 0.2 ${words}`);
  return tmux;
}

async function quit(tmux: Tmux): Promise<void> {
  tmux.type('q');
  await tmux.until((screen) => !screen.includes('q Quit'), 'the shell');
  expect(tmux.state()).toEqual(AT_REST);
}

const row = (name: string, words: string) => new RegExp(`^${name} +${words}`, 'm');

describe.skipIf(skipWithoutTmux() || skipWithout())('the live view of several servers', () => {
  it('shows them by name, with a request of one of them, and a server that ends', async () => {
    const shop = await start({ threads: 2 });
    const blog = await start({ processes: 1, stats: 'tcp' });
    const tmux = watch(`shop=${shop.target} blog=${blog.target} gone=/run/nothing.stats`);
    await tmux.until((screen) => row('shop', 'up').test(screen) && row('blog', 'up').test(screen), 'both');
    await tmux.until((screen) => /^✗ gone: no data yet/m.test(screen), 'the lost server');
    void ask(shop.http, '/sleep/600').catch(() => {});
    await tmux.until((screen) => /shop +1:|shop +2:/.test(screen), 'the request below the servers');
    await blog.stop();
    await tmux.until((screen) => row('blog', 'lost').test(screen), 'the end of a server');
    await tmux.until((screen) => row('shop', 'up').test(screen), 'the other server');
    await quit(tmux);
  });

  it('leads from an emperor to its vassals, and back', async () => {
    const emperor = await start({ emperor: true });
    // Another vassal of this emperor fails repeatedly.
    const tmux = watch(`--filter blog.ini ${emperor.target}`);
    await tmux.until((screen) => /^VASSAL +STATE. +RPS/m.test(screen), 'the numbers of the vassals');
    await tmux.until((screen) => /^blog\.ini +accepting +0\.0/m.test(screen), 'a rate');
    tmux.press('Home', 'Enter');
    await tmux.until((screen) => screen.includes('Esc Vassals'), 'a vassal');
    expect(tmux.lines().join('\n')).toMatch(/^ WID STATUS/m);
    tmux.press('Escape');
    await tmux.until((screen) => /^VASSAL +STATE/m.test(screen), 'the vassals');
    await quit(tmux);
  });

  it('finds the vassals of an emperor that is named by a relative path', async () => {
    const { target } = await start({ emperor: true });
    const tmux = new Tmux();
    tmux.enter(`clear; cd ${dirname(target)}; statstop --interval 0.2 ${basename(target)}`);
    await tmux.until((screen) => /^VASSAL +STATE. +RPS/m.test(screen), 'the numbers of the vassals');
    await quit(tmux);
  });

  it('finds the server of a configuration again, which starts late and later has other stats', async () => {
    const folder = await folderOfFixtures(0);
    const ini = join(folder, 'late.ini');
    const begin = (stats: string) => {
      writeFileSync(ini, `[uwsgi]\nmaster = true\nstats = ${stats}\n`);
      return startWith({ folder, given: 'late.ini', environment: {}, servers: 1 });
    };
    writeFileSync(ini, '[uwsgi]\nmaster = true\n');
    writeFileSync(join(folder, 'app.pid'), '999999999\n');
    const shop = await start();
    const tmux = watch(`shop=${shop.target} ${ini} ${join(folder, 'app.pid')}`);
    await tmux.until((screen) => /^✗ late\.ini: no data yet: it has no `stats`/m.test(screen), 'the reason');
    await tmux.until((screen) => row('app.pid', 'lost .*no uWSGI s').test(screen), 'the other reason');
    await tmux.until((screen) => row('shop', 'up').test(screen), 'the server that runs');
    const first = await begin(`${folder}/one.stats`);
    await tmux.until((screen) => row('late.ini', 'up').test(screen), 'the server of the configuration');
    writeFileSync(join(folder, 'app.pid'), `${first.pid}\n`);
    await first.stop();
    await tmux.until((screen) => row('late.ini', 'lost').test(screen), 'its end');
    const second = await begin(`${folder}/two.stats`);
    writeFileSync(join(folder, 'app.pid'), `${second.pid}\n`);
    await tmux.until((screen) => row('late.ini', 'up').test(screen), 'the server with other stats');
    await tmux.until((screen) => row('app.pid', 'up').test(screen), 'the server of the pid file');
    await quit(tmux);
  });

  it('without a target shows the servers of this machine, as they start and end', async () => {
    // Short enough to be shown whole.
    const name = `f${randomBytes(3).toString('hex')}`;
    const named = (at: number) => ({ processes: 1, args: ['--procname-prefix', `${name}-${at}`] });
    await start(named(1));
    const second = await start(named(2));
    const tmux = watch(`--filter ${name}`);
    await tmux.until(
      (screen) => row(`${name}-1`, 'up').test(screen) && row(`${name}-2`, 'up').test(screen),
      'both servers',
    );
    await start(named(3));
    await tmux.until((screen) => row(`${name}-3`, 'up').test(screen), 'a server that has started');
    await second.stop();
    await tmux.until((screen) => !screen.includes(`${name}-2`), 'the end of a server');
    await quit(tmux);
  });
});
