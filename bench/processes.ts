import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** Starts a uWSGI of 8x2 without an application. `null` if uWSGI is not installed. */
export async function startUwsgi(folder: string): Promise<{ address: string; stop(): Promise<void> } | null> {
  const address = join(folder, 'uwsgi.stats');
  const options = ['--master', '--die-on-term', '--processes', '8', '--threads', '2', '--stats', address];
  const child = spawn('uwsgi', [...options, '--socket', join(folder, 'uwsgi.sock')], { stdio: 'ignore' });
  const stop = () => void child.kill();
  process.once('exit', stop);
  const closed = once(child, 'close').catch(() => {});
  let hasEnded = false;
  void closed.then(() => {
    hasEnded = true;
  });
  while (!existsSync(address) && !hasEnded) await sleep(20);
  if (hasEnded) return null;
  return {
    address,
    async stop() {
      stop();
      await closed;
      process.off('exit', stop);
    },
  };
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
