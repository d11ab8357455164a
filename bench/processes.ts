import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The program as it is installed. */
export const STATSTOP = fileURLToPath(new URL('../bin/statstop.js', import.meta.url));

/**
 * Runs a program and returns the milliseconds from its start to its end.
 *
 * @throws Error if it fails
 */
export async function runProgram([program = '', ...args]: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`);
  return performance.now() - start;
}

/** Starts a server of `statstop demo` in a process of its own. */
export async function startDemo(): Promise<{ address: string; stop(): void }> {
  const child = spawn(process.execPath, [STATSTOP, 'demo', '--serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = () => void child.kill();
  process.once('exit', stop);
  const [line] = await once(child.stdout, 'data');
  return { address: String(line).trim(), stop };
}

/** Without this file, Linux reports CPU time only in ticks. */
const PRECISE = existsSync('/proc/self/schedstat');
const TICK_MS = 10;

/**
 * CPU time of a process in milliseconds, including all of its threads. `schedstat` contains the same time as `stat`, in
 * nanoseconds instead of ticks.
 */
export function cpuTime(pid: number): number {
  if (PRECISE) {
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}/schedstat`);
    return threads.reduce((sum, file) => sum + Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6, 0);
  }
  // The fields from 3 on follow the name, which can contain spaces. Fields 14 and 15 are user and system time.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
