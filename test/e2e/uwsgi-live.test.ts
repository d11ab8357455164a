import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { skipWithout } from '../lab/available.ts';
import { type HttpEndpoint, startLoad } from '../lab/load.ts';
import { serverOf } from '../lab/server.ts';
import type { Uwsgi, UwsgiOptions } from '../lab/uwsgi.ts';
import { liveScreen } from '../terminal/live-screen.ts';
import { skipWithoutTmux, type Tmux } from '../terminal/tmux.ts';
import { type Witness, witness } from '../terminal/witness.ts';

/** `--vacuum`: a stopped server removes its sockets. */
const SERVER: UwsgiOptions = { processes: 4, threads: 2, args: ['--vacuum'] };

/**
 * Each connection sends its next request after the response, and each response takes 40 ms. So there are never more.
 */
const CONNECTIONS = 4;
const MOST_RPS = CONNECTIONS / 0.04;

/** Factor for an interval that is measured too short on a busy machine. */
const MARGIN = 2;

/** Requests before the view starts. A counter that restarts at 0 must not show them as a rate. */
const PAST = 2000;

/** The columns that the tests read. */
const COLUMNS = '--columns id,status,pid,requests,rps,respawns';

/** Starts a server under load, and a view of it. */
async function watched(options = ''): Promise<{ server: Uwsgi; view: Witness }> {
  const server = await serverOf(SERVER);
  await startLoad({ to: server.http, path: '/', connections: 8, count: PAST, seconds: 600 }).finished;
  keepAsking(server.http);
  return { server, view: await witness(`${COLUMNS} ${options} ${server.target}`, MOST_RPS * MARGIN) };
}

/** Sends load until the test ends, also while the server is down. */
function keepAsking(to: HttpEndpoint): void {
  let over = false;
  const ask = async () => {
    while (!over) {
      const load = startLoad({ to, path: '/sleep/0.04', connections: 1, seconds: 120 });
      await load.finished.catch(() => sleep(100));
    }
  };
  for (let connection = 0; connection < CONNECTIONS; connection += 1) void ask();
  onTestFinished(() => {
    over = true;
  });
}

const RESET = 'counters restarted at';
const LOST = '✗ no data for';

/** The colours of the state letters in the four rows of the table. */
const coloursOf = (tmux: Tmux) =>
  [
    ...tmux
      .lines('-e')
      .slice(6, 10)
      .join('')
      .matchAll(/\x1b\[(3\d|9\d|38;5;\d+)m/g),
  ].map(([, color]) => color);

/** The escape codes of grey in tmux. */
const GREY = expect.toBeOneOf(['90', '38;5;243']);

const workers = (screen: string) => liveScreen(screen.split('\n')).rows.map(({ PID }) => PID);

/** Waits until the view shows rates of processes with other pids, without any key. */
async function sceneAgain({ tmux }: Witness, before: readonly (string | undefined)[]): Promise<void> {
  await tmux.until(
    (screen) =>
      !screen.includes(LOST) &&
      /^RPS +[1-9]/m.test(screen) &&
      !workers(screen).some((pid) => before.includes(pid)),
    'the server that was started again',
  );
}

describe.skipIf(skipWithoutTmux() || skipWithout())('the live view of a real server under load', () => {
  it('shows a killed worker as one respawn and nothing else', async () => {
    const { view } = await watched();
    const [victim] = workers(view.tmux.lines().join('\n'));
    process.kill(Number(victim), 'SIGKILL');
    await view.tmux.until((screen) => !workers(screen).includes(victim), 'another process');
    const isCounted = (screen: string) => liveScreen(screen.split('\n')).respawns === 1;
    await view.tmux.until(isCounted, 'a respawn');
    await view.tmux.until(() => view.screens.some(isCounted), 'the witness has seen it');
    await view.leave();
    const seen = view.screens.map((screen) => liveScreen(screen.split('\n')));
    expect(new Set(seen.map(({ respawns }) => respawns))).toEqual(new Set([0, 1]));
    expect(seen.every(({ rows }) => rows.length === 4)).toBe(true);
    expect(view.screens.filter((screen) => /✗ no data|counters restarted/.test(screen))).toEqual([]);
  });

  it('shows a reload as a message and not as a rate', async () => {
    const { server, view } = await watched();
    const before = workers(view.tmux.lines().join('\n'));
    process.kill(server.pid(), 'SIGHUP');
    await view.tmux.untilText(RESET);
    await sceneAgain(view, before);
    await view.leave();
    const first = view.screens.find((screen) => screen.includes(RESET)) ?? '';
    const { rps, requests, rows } = liveScreen(first.split('\n'));
    expect([rps, ...rows.map(({ RPS }) => RPS)]).toEqual([null, '-', '-', '-', '-']);
    expect(requests).toBeLessThan(PAST);
  });

  it('shows that a stopped master does not answer, and for how long, and continues when the master does', async () => {
    const { server, view } = await watched('--timeout 3');
    const { tmux } = view;
    process.kill(server.pid(), 'SIGSTOP');
    const started = performance.now();
    await tmux.untilText(/^✗ no data for \d+s: the server accepted the connection but.*next try in/m);
    const { requests } = liveScreen(tmux.lines());
    tmux.type('h');
    await tmux.untilText('Esc Close');
    tmux.press('Escape');
    await tmux.untilText('WID');
    // The first age is shown after the timeout of 3 s. The wait allows four different ages.
    await tmux.untilText(/no data for (9|\d\d+)s/);
    expect(liveScreen(tmux.lines()).requests).toBe(requests);
    expect(performance.now() - started).toBeGreaterThan(5000);
    process.kill(server.pid(), 'SIGCONT');
    await tmux.until((screen) => !screen.includes(LOST) && /^RPS +[1-9]/m.test(screen), 'rates');
    expect(liveScreen(tmux.lines()).requests).toBeGreaterThan(requests ?? 0);
    await view.leave();
    const ages = view.screens.flatMap((screen) =>
      [...(/no data for (\d+)s/.exec(screen)?.slice(1) ?? [])].map(Number),
    );
    expect(new Set(ages).size).toBeGreaterThanOrEqual(4);
    expect(ages).toEqual(ages.toSorted((a, b) => a - b));
    // The server was not replaced.
    expect(view.screens.filter((screen) => screen.includes('counters restarted'))).toEqual([]);
  });

  it('keeps the last numbers of a killed server, and finds it after a restart', async () => {
    const { server, view } = await watched();
    const { tmux } = view;
    const before = liveScreen(tmux.lines());
    process.kill(server.pid(), 'SIGKILL');
    await tmux.untilText(/^✗ no data for \d+s: connection refused, next try in (<1|\d+)s /m);
    const lost = liveScreen(tmux.lines());
    expect(lost.rows).toHaveLength(4);
    expect(lost.requests).toBeGreaterThanOrEqual(before.requests ?? 0);
    expect(new Set(coloursOf(tmux))).toEqual(new Set([GREY]));
    await tmux.untilText(/no data for ([4-9]|\d\d+)s/);
    expect(liveScreen(tmux.lines())).toEqual({ ...lost, verdict: expect.any(String) });

    await server.restart({});
    await tmux.untilText(RESET);
    await sceneAgain(
      view,
      lost.rows.map(({ PID }) => PID),
    );
    expect(new Set(coloursOf(tmux))).not.toEqual(new Set([GREY]));
    await view.leave();
  });

  it('finds a server after each restart with another protocol', async () => {
    const { server, view } = await watched('--timeout 3');
    const { tmux } = view;
    let before = workers(tmux.lines().join('\n'));
    const isBack = async () => {
      await sceneAgain(view, before);
      before = workers(tmux.lines().join('\n'));
    };
    process.kill(server.pid(), 'SIGINT');
    await tmux.untilText(/^✗ no data for \d+s: no such socket or file, next try in (<1|\d+)s /m);
    for (const statsHttp of [false, true, false]) {
      const from = view.screens.length;
      await server.restart({ statsHttp });
      await isBack();
      // The message is shown for only ten seconds.
      expect(view.screens.slice(from).some((screen) => screen.includes(RESET))).toBe(true);
    }
    await view.leave();
  });
});
