import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { captureFile, command, NO_SETTINGS, ROOT } from '../commands/run.ts';
import { serve } from '../demo/wire.ts';
import { type Sshd, skipWithoutSshd, startSshd } from '../lab/sshd.ts';
import { expectNoProcess, processesWith } from '../sources/processes.ts';
import { Pty, skipWithoutPty } from '../terminal/pty.ts';
import { skipWithoutTmux, Tmux } from '../terminal/tmux.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** Ways to end the live view. Nothing that it started may be left behind, whatever the way. */
const WAYS: readonly (readonly [string, (pty: Pty) => void])[] = [
  ['q', (pty) => pty.tell({ keys: 'q' })],
  ['Ctrl-C', (pty) => pty.tell({ keys: '\x03' })],
  ...(['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGKILL'] as const).map(
    (signal) => [signal, (pty: Pty) => process.kill(pty.pid, signal)] as const,
  ),
];

const SIGNALS = ['SIGTERM', 'SIGKILL'] as const;

/** The shells of a process that wait for its end. */
function guardsOf(pid: number): number[] {
  const guards = processesWith('now=$line').filter(({ parent }) => parent === pid);
  return guards.map(({ pid }) => pid);
}

async function expectEnded(pids: readonly number[]): Promise<void> {
  const left = () => processesWith('now=$line').filter(({ pid }) => pids.includes(pid));
  await vi.waitFor(() => expect(left()).toEqual([]), { timeout: TIMEOUT_MS, interval: 50 });
}

/** Seconds that a proxy command sleeps. No process of another run has the same words. */
const PROXY = `299.23${process.pid}`;

const folder = mkdtempSync(join(tmpdir(), 'statstop-ends-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A command that never ends, with children that ignore SIGTERM. Only they have the mark in their words. */
function hanging(mark: string): string {
  const path = join(mkdtempSync(join(folder, 'hanging-')), 'script');
  writeFileSync(path, `trap '' TERM\nsleep ${mark} &\n(sleep ${mark}; sleep ${mark}) &\nwait\n`);
  return `exec:sh ${path}`;
}

describe.skipIf(skipWithoutPty())('a command that hangs is ended with its children', () => {
  it.each(WAYS)('when the live view ends by %s', async (way, end) => {
    const mark = `299.21${WAYS.findIndex(([name]) => name === way)}${process.pid}`;
    const pty = await Pty.start(80, 24, [hanging(mark), '--timeout', '3600']);
    await pty.until(() => processesWith(mark).length >= 2, 'the children');
    await pty.until(() => guardsOf(pty.pid).length === 1, 'the guard');
    const guards = guardsOf(pty.pid);
    expect(processesWith(mark).map(({ words }) => words)).toEqual([
      ['sleep', mark],
      ['sleep', mark],
    ]);
    end(pty);
    await pty.until(() => pty.status !== null, 'the end');
    await expectNoProcess(mark);
    await expectEnded(guards);
  });

  it.each(SIGNALS)('when --once is ended by %s', async (signal) => {
    const mark = `299.22${SIGNALS.indexOf(signal)}${process.pid}`;
    const [program, ...args] = [...command(), '--once', '--timeout', '3600', hanging(mark)];
    const child = spawn(program, args, { env: { ...process.env, ...NO_SETTINGS }, stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'exit');
    await vi.waitFor(() => expect(processesWith(mark).length).toBeGreaterThanOrEqual(2), TIMEOUT_MS);
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    await expectNoProcess(mark);
  });
});

describe.skipIf(skipWithoutTmux())('the terminal of a command', () => {
  it('is not the one of the live view: a prompt and messages do not appear on it', async () => {
    const script = join(folder, 'asks');
    writeFileSync(
      script,
      `echo 'a message' >&2\n(printf 'Password: ' >/dev/tty; read -r x </dev/tty) 2>/dev/null\ncat ${join(ROOT, captureFile('threads'))}\n`,
    );
    const tmux = new Tmux();
    tmux.enter(`statstop --interval 0.2 'exec:sh ${script}'`);
    await tmux.untilText(/^ *WID/m);
    // Several reads later, the screen is still complete.
    const written = () => tmux.lines().join('\n');
    await vi.waitFor(() => expect(written()).toMatch(/\n *exec:sh [^\n]*uWSGI/), TIMEOUT_MS);
    expect(written()).not.toMatch(/Password|a message/);
    tmux.type('q');
    await tmux.until((screen) => !screen.includes('WID'), 'the shell');
  });

  it('is suspended and continued with statstop', async () => {
    const tmux = new Tmux();
    tmux.enter(`statstop --interval 0.2 'exec:cat ${join(ROOT, captureFile('threads'))}'`);
    await tmux.untilText(/^ *WID/m);
    tmux.press('C-z');
    await tmux.untilText(/Stopped/);
    tmux.enter('fg');
    await tmux.untilText(/^ *WID/m);
    tmux.type('q');
    await tmux.until((screen) => !screen.includes('WID'), 'the shell');
  });
});

describe.skipIf(skipWithoutPty() || skipWithoutSshd())('ssh, its socket and its folder are removed', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
    return () => sshd.stop();
  });

  async function expectNothingLeft(): Promise<void> {
    await expectNoProcess(sshd.runtime);
    await vi.waitFor(() => expect(readdirSync(sshd.runtime)).toEqual([]), TIMEOUT_MS);
  }

  it.each(WAYS)('when the live view ends by %s', async (_way, end) => {
    const { address } = await serve({ workers: 2, cores: 1, rate: 20 });
    const pty = await Pty.start(80, 24, [`ssh://web1${address}`], sshd.env);
    await pty.until(() => /^ *WID/m.test(pty.screen.text()), 'the table');
    expect(processesWith(sshd.runtime)).toHaveLength(1);
    expect(readdirSync(sshd.runtime)).toHaveLength(1);
    const guards = guardsOf(pty.pid);
    end(pty);
    await pty.until(() => pty.status !== null, 'the end');
    await expectNothingLeft();
    await expectEnded(guards);
  });

  it('when its terminal is closed', async () => {
    const { address } = await serve({ workers: 2, cores: 1, rate: 20 });
    const tmux = new Tmux(80, 24, sshd.env);
    // The shell of tmux may set another PATH.
    tmux.enter(`export PATH='${sshd.env.PATH}'; statstop ssh://web1${address}`);
    await tmux.untilText(/^ *WID/m);
    tmux.close();
    await expectNothingLeft();
  });

  it('when it is killed while ssh connects', async () => {
    const proxied = await startSshd({ client: [`ProxyCommand sleep ${PROXY}`] });
    onTestFinished(proxied.stop);
    const pty = await Pty.start(80, 24, ['ssh://web1/x', '--timeout', '3600'], proxied.env);
    await pty.until(() => processesWith(PROXY).length > 0, 'the proxy command');
    process.kill(pty.pid, 'SIGKILL');
    await expectNoProcess(proxied.runtime);
    await expectNoProcess(PROXY);
    await vi.waitFor(() => expect(readdirSync(proxied.runtime)).toEqual([]), TIMEOUT_MS);
  });

  it('when a message of ssh is all that the view shows', async () => {
    const pty = await Pty.start(100, 24, ['ssh://web1/no/such.stats'], sshd.env);
    await pty.until(
      () =>
        /no data yet: ssh could not connect to \/no\/such\.stats there \(open failed\)/.test(
          pty.screen.text(),
        ),
      'the message',
    );
    pty.tell({ keys: 'q' });
    await pty.until(() => pty.status !== null, 'the end');
    await expectNothingLeft();
  });
});
