import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The program as it is installed. */
export const STATSTOP = fileURLToPath(new URL('../bin/statstop.js', import.meta.url));

/** Milliseconds from the start of Node.js to its end. @throws Error when it fails */
export async function runNode(args: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - start;
}

/** A server of `statstop demo` in a process of its own. */
export async function startDemo(): Promise<{ address: string; stop(): void }> {
  const child = spawn(process.execPath, [STATSTOP, 'demo', '--serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = () => void child.kill();
  process.once('exit', stop);
  const [line] = await once(child.stdout, 'data');
  return { address: String(line).trim(), stop };
}

/**
 * Milliseconds that a process and all its threads have been on a processor. The kernel's `schedstat` has the same time
 * as `stat`, in nanoseconds and not in ticks of 10 ms; the latter stands in where the former is not built in.
 */
export function cpuTime(pid: number): number {
  try {
    return threads(pid).reduce((sum, thread) => sum + Number(words(`${thread}/schedstat`)[0]) / 1e6, 0);
  } catch {
    // Counted from the status behind the name, which can have blanks: user and system time are the fields 14 and 15.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }
}

function threads(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);
}

function words(file: string): string[] {
  return readFileSync(file, 'utf8').split(' ');
}
