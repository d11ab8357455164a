import { readdirSync, statSync } from 'node:fs';
import { readNow } from './now.ts';
import type { ProcessReading } from './reading.ts';

/** The fields of a process that `/proc/PID/stat` does not contain, or contains only as an approximation. */
export type ProcessDetails = Pick<
  ProcessReading,
  'rss' | 'vsz' | 'voluntarySwitches' | 'involuntarySwitches' | 'files'
>;

const RSS = /^VmRSS:\s*(\d+) kB$/m;
const VSZ = /^VmSize:\s*(\d+) kB$/m;
const VOLUNTARY = /^voluntary_ctxt_switches:\s*(\d+)$/m;
const INVOLUNTARY = /^nonvoluntary_ctxt_switches:\s*(\d+)$/m;

/** Each thread takes one file read. Reading more threads would delay the screen. */
const MOST_THREADS = 100;

/** @returns `null` if the process does not exist */
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

/** The kernel reports these values in kB of 1024 bytes. It omits the lines for a process that has ended. */
function bytesOf(kibibytes: number | null): number | null {
  return kibibytes === null ? null : kibibytes * 1024;
}

/** Status files of all threads: the status of a process counts only the context switches of its main thread. */
function statusOfThreads(folder: string, threads: number): string[] {
  if (threads > MOST_THREADS) return [];
  // A thread may end while the others are being read.
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
 * Number of open files of a process. Since Linux 6.2, it is the size of the directory: reading it needs no permission
 * and costs a third of the time. Older kernels report a size of 0, and listing the directory needs permission
 * (ptrace(2)).
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
