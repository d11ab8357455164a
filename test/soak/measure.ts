import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Resources of this process at one moment, after a garbage collection. */
export interface Measure {
  polls: number;
  /** Size of the JavaScript heap in bytes. */
  heap: number;
  /** Resident memory of the whole process in bytes. */
  rss: number;
  /** Open files and sockets; 0 if the system does not report them. */
  files: number;
  /** Kinds of the active sockets, timers and other handles, sorted, for the table. */
  handles: readonly string[];
}

/** Returns `gc`, even if the process was started without `--expose-gc`. */
function collect(): void {
  if (!globalThis.gc) {
    setFlagsFromString('--expose-gc');
    globalThis.gc = runInNewContext('gc') as NodeJS.GCFunction;
  }
  globalThis.gc();
}

/** Measures this process. */
export function measure(polls: number): Measure {
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { polls, heap: heapUsed, rss, files: openFiles(), handles: process.getActiveResourcesInfo().sort() };
}

function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}
