import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What this process holds at one moment, after everything that is not needed was collected. */
export interface Measure {
  polls: number;
  /** Bytes of objects of JavaScript. */
  heap: number;
  /** Bytes of the whole process. */
  rss: number;
  /** Open files and sockets; 0 where the system does not tell. */
  files: number;
  /** Sockets, timers and the like that are active, by kind: what they are, in order, for the table. */
  handles: readonly string[];
}

/** `gc`, also where the process was started without `--expose-gc`. */
function collect(): void {
  if (!globalThis.gc) {
    setFlagsFromString('--expose-gc');
    globalThis.gc = runInNewContext('gc') as NodeJS.GCFunction;
  }
  globalThis.gc();
}

/** Looks at this process. */
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
