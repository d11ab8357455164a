import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { command, NO_SETTINGS, ROOT } from '../commands/run.ts';
import { skipping } from '../lab/available.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** For `describe.skipIf`: whether tmux is missing. Prints the reason. */
export function skipWithoutTmux(): boolean {
  const there = spawnSync('tmux', ['-V'], { stdio: 'ignore' }).status === 0;
  return !there && skipping('tests in a real terminal', 'tmux is not installed (apt-get install tmux)');
}

let count = 0;

/** A shell in a real terminal, which ends with the test. It has a function `statstop` that runs the command. */
export class Tmux {
  private readonly name = `statstop-test-${process.pid}-${count++}`;

  constructor(columns = 80, rows = 24, env: Readonly<Record<string, string>> = {}) {
    const variables = {
      PS1: '$ ',
      HISTFILE: '/dev/null',
      TZ: 'UTC',
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      NO_COLOR: '',
      ...NO_SETTINGS,
      ...env,
    };
    const given = Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const size = ['-x', String(columns), '-y', String(rows)];
    this.tmux(
      '-u',
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      ...size,
      ...given,
      '-c',
      ROOT,
      'bash --norc --noprofile',
    );
    this.tmux('set', '-g', 'status', 'off', ';', 'set', '-g', 'escape-time', '0');
    this.tmux('resize-window', ...size);
    const shell = this.tmux('display-message', '-p', '#{pane_pid}').trim();
    onTestFinished(async () => {
      const children = childrenOf(shell).map(({ pid }) => pid);
      spawnSync('tmux', ['-L', this.name, 'kill-server'], { stdio: 'ignore' });
      await expectEnded(children);
    });
    this.enter(`statstop() { ${command().join(' ')} "$@"; }; clear`);
  }

  /** Types text literally. */
  type(text: string): void {
    this.tmux('send-keys', '-l', '--', text);
  }

  /** Presses keys by name: `Down`, `C-z`, `Enter`. */
  press(...keys: string[]): void {
    this.tmux('send-keys', '--', ...keys);
  }

  /** Types a line and presses Enter. */
  enter(line: string): void {
    this.type(line);
    this.press('Enter');
  }

  resize(columns: number, rows: number): void {
    this.tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** The lines of the screen, without trailing blanks; with `-e`, including the colour sequences. */
  lines(...options: '-e'[]): string[] {
    return this.tmux('capture-pane', '-p', ...options)
      .replace(/\n$/, '')
      .split('\n');
  }

  /** The modes that a program can leave changed. */
  state() {
    const flags = [
      'alternate_on',
      'cursor_flag',
      'mouse_any_flag',
      'mouse_sgr_flag',
      'keypad_cursor_flag',
      'keypad_flag',
    ];
    const values = this.tmux('display-message', '-p', flags.map((flag) => `#{${flag}}`).join(' '))
      .trim()
      .split(' ');
    return Object.fromEntries(flags.map((flag, index) => [flag, values[index] === '1']));
  }

  async until(fits: (screen: string) => boolean, what: string): Promise<string[]> {
    for (const deadline = performance.now() + TIMEOUT_MS; performance.now() < deadline; ) {
      const lines = this.lines();
      if (fits(lines.join('\n'))) return lines;
      await sleep(50);
    }
    expect.fail(`${what} did not appear:\n${this.lines().join('\n')}`);
  }

  untilText(text: string | RegExp): Promise<string[]> {
    return this.until(
      (screen) => (typeof text === 'string' ? screen.includes(text) : text.test(screen)),
      String(text),
    );
  }

  /** Runs a command in the shell; returns its output and its exit status. */
  async output(line: string): Promise<string> {
    const mark = `end ${count++} of status`;
    this.enter(`clear; ${line}; echo "${mark} $?"`);
    const lines = await this.untilText(new RegExp(`^${mark} \\d+$`, 'm'));
    const end = lines.findIndex((each) => each.startsWith(mark));
    return [...lines.slice(0, end), lines[end]?.replace(mark, 'status')].join('\n').trim();
  }

  /** The pid of the process in the foreground of the shell. */
  pid(): number {
    const [child] = childrenOf(this.tmux('display-message', '-p', '#{pane_pid}').trim());
    if (!child) expect.fail('nothing runs in the terminal');
    return child.pid;
  }

  close(): void {
    this.tmux('kill-session');
  }

  private tmux(...args: string[]): string {
    return execFileSync('tmux', ['-L', this.name, ...args], { encoding: 'utf8' });
  }
}

function childrenOf(shell: string): { pid: number }[] {
  const { stdout } = spawnSync('ps', ['--ppid', shell, '-o', 'pid='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => (line.trim() === '' ? [] : { pid: Number(line) }));
}

/** Whether a process runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return /^[^Z\s]/.test(stdout);
}

/** Waits until the processes that ran in a closed terminal have ended. @throws AssertionError after `TIMEOUT_MS` */
export async function expectEnded(pids: readonly number[]): Promise<void> {
  for (const deadline = performance.now() + TIMEOUT_MS; performance.now() < deadline; ) {
    if (!pids.some(isAlive)) return;
    await sleep(50);
  }
  for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL');
  expect.fail('a process still runs after its terminal was closed');
}

/** The state of a terminal in which only the shell runs. */
export const AT_REST = {
  alternate_on: false,
  cursor_flag: true,
  mouse_any_flag: false,
  mouse_sgr_flag: false,
  keypad_cursor_flag: false,
  keypad_flag: false,
};
