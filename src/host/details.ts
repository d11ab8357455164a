import { readdirSync, statSync } from 'node:fs';
import { readNow } from './now.ts';
import type { ProcessReading } from './reading.ts';

/** What `/proc/PID/stat` does not say, or not exactly. */
export type ProcessDetails = Pick<
  ProcessReading,
  'rss' | 'vsz' | 'voluntarySwitches' | 'involuntarySwitches' | 'files'
>;

const RSS = /^VmRSS:\s*(\d+) kB$/m;
const VSZ = /^VmSize:\s*(\d+) kB$/m;
const VOLUNTARY = /^voluntary_ctxt_switches:\s*(\d+)$/m;
const INVOLUNTARY = /^nonvoluntary_ctxt_switches:\s*(\d+)$/m;

/** A file for each: more of them would hold up the screen. */
const MOST_THREADS = 100;

/** @returns `null` when there is no such process */
export function detailsOf(folder: string, threads: number): ProcessDetails | null {
  const status = readNow(`${folder}/status`);
  if (status === null) return null;
  const all = threads === 1 ? [status] : statusOfThreads(folder, threads);
  return {
    rss: bytesOf(valueIn(status, RSS)),
    vsz: bytesOf(valueIn(status, VSZ)),
    voluntarySwitches: sumOf(all, VOLUNTARY),
    involuntarySwitches: sumOf(all, INVOLUNTARY),
    files: filesIn(`${folder}/fd`),
  };
}

/** The kernel writes units of 1024 bytes, and no such line for a process that has ended. */
function bytesOf(kibibytes: number | null): number | null {
  return kibibytes === null ? null : kibibytes * 1024;
}

/** The status of a process knows the switches of its main thread only. */
function statusOfThreads(folder: string, threads: number): string[] {
  if (threads > MOST_THREADS) return [];
  // A thread may end while the others are read.
  return namesIn(`${folder}/task`).flatMap((name) => readNow(`${folder}/task/${name}/status`) ?? []);
}

function sumOf(all: readonly string[], field: RegExp): number | null {
  const values = all.map((text) => valueIn(text, field));
  if (values.length === 0) return null;
  return values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0);
}

function valueIn(status: string, field: RegExp): number | null {
  const digits = field.exec(status)?.[1];
  return digits === undefined ? null : Number(digits);
}

/**
 * Linux 6.2 says the number as the size of the folder, to everybody, and for a third of the cost. Before, it says 0, and
 * to look takes permission (ptrace(2)).
 */
function filesIn(folder: string): number | null {
  try {
    return statSync(folder).size || readdirSync(folder).length;
  } catch {
    return null;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
