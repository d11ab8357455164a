import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, vi } from 'vitest';
import { command, type Ended, NO_SETTINGS, run } from '../commands/run.ts';
import { TIMEOUT_MS } from '../timeouts.ts';
import { skipping, skipWithout } from './available.ts';

const UNSHARE = ['--pid', '--fork', '--kill-child', '--mount-proc'];

/** For `describe.skipIf`: whether there can be no machine with only the servers of a test. Prints the reason. */
export function skipWithoutMachine(): boolean {
  return (
    skipWithout() ||
    (spawnSync('unshare', [...UNSHARE, 'true']).status !== 0 &&
      skipping('a machine with only the servers of a test', 'it needs root and unshare (util-linux)'))
  );
}

/** A PID namespace, in which other servers of the machine are not found. It ends with the test. */
export interface Machine {
  /** The words that run a command there. */
  enter(...words: readonly string[]): string[];
  /** Runs statstop there until it ends. */
  statstop(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended>;
  /** Starts a command there, which ends with the test. */
  start(folder: string, ...words: readonly string[]): ChildProcess;
}

export async function machineOf(): Promise<Machine> {
  const first = spawn('unshare', [...UNSHARE, 'sleep', 'infinity'], { stdio: 'ignore' });
  onTestFinished(() => void first.kill('SIGKILL'));
  const inside = await vi.waitFor(
    () => {
      const { pid } = first;
      const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
      // Before it executes `sleep`, it may have mounted nothing yet.
      expect(readFileSync(`/proc/${child}/comm`, 'utf8')).toBe('sleep\n');
      return child ?? '';
    },
    { timeout: TIMEOUT_MS, interval: 20 },
  );
  const enter = (...words: readonly string[]) => ['nsenter', '-t', inside, '-p', '-m', ...words];
  return {
    enter,
    statstop: (args, env = {}) => run(enter(...command(), ...args), { env }),
    start(cwd, ...words) {
      const [program = '', ...args] = enter(...words);
      const env = { PATH: process.env.PATH, LAB_FOLDER: cwd, PWD: cwd, ...NO_SETTINGS };
      return spawn(program, [`--wd=${cwd}`, ...args], { cwd, env, stdio: 'ignore' });
    },
  };
}
