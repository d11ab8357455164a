import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { statOf } from './stat.ts';

/** Memory of a process that takes account of shared pages, in bytes. */
export interface SharedMemory {
  /**
   * Proportional set size: each page is divided by the number of processes that share it. The sum over all processes is
   * their real memory use.
   */
  pss: number;
  /** Unique set size: the memory that would be freed if this process ended. */
  uss: number;
}

/**
 * Reads `/proc/PID/smaps_rollup` (proc_pid_smaps(5), Linux 4.14). The kernel locks the memory map of the process while
 * it walks through all of its pages, which takes some ms for each GiB. Read one process at a time, and only on demand.
 *
 * @returns `null` without permission (ptrace(2)), if the process does not exist, or if another process has its pid now
 */
export async function memoryOf(pid: number, proc = '/proc'): Promise<SharedMemory | null> {
  const folder = `${proc}/${pid}`;
  const started = statOf(folder)?.startedAfterBoot;
  const text = await readFile(`${folder}/smaps_rollup`, 'latin1').catch(() => '');
  if (started === undefined || statOf(folder)?.startedAfterBoot !== started) return null;
  const bytes = (name: string) => {
    const digits = new RegExp(`^${name}: *(\\d+) kB$`, 'm').exec(text)?.[1];
    return digits === undefined ? null : Number(digits) * 1024;
  };
  const [pss, clean, dirty] = ['Pss', 'Private_Clean', 'Private_Dirty'].map(bytes);
  if (pss == null || clean == null || dirty == null) return null;
  return { pss, uss: clean + dirty };
}

/** Seconds between two readings of the same process. */
const INTERVAL = 5;

/** Milliseconds to wait for a reading, which can take as long as the process holds the lock of its memory map. */
const LIMIT_MS = 100;

/** Identifies a process even if another process gets its pid later. */
interface Process {
  pid: number;
  started: number;
}

interface Known extends Process {
  clock: number;
  memory: SharedMemory | null;
}

/** Reads the memory of the process whose detail is open: one process at a time, and each at most once in 5 s. */
export class Memory {
  readonly #proc: string;
  readonly #limitMs: number;
  /** By pid. */
  readonly #known = new Map<number, Known>();
  #reading: Promise<void> | null = null;

  /** @param limitMs milliseconds to wait for a reading */
  constructor(proc: string, limitMs = LIMIT_MS) {
    this.#proc = proc;
    this.#limitMs = limitMs;
  }

  /**
   * @param clock now, in monotonic seconds
   * @returns the latest known value; `null` if there is none yet, or without permission
   */
  async read({ pid, started }: Process, clock: number): Promise<SharedMemory | null> {
    const isDue = (each: Known) => clock - each.clock >= INTERVAL;
    for (const each of this.#known.values())
      if (each.pid !== pid && isDue(each)) this.#known.delete(each.pid);
    const known = () => {
      const found = this.#known.get(pid);
      return found?.started === started ? found : null;
    };
    const before = known();
    if (before === null || isDue(before)) {
      this.#reading ??= this.#ask({ pid, started }, clock);
      await Promise.race([this.#reading, sleep(this.#limitMs, undefined, { ref: false })]);
    }
    return known()?.memory ?? null;
  }

  async #ask({ pid, started }: Process, clock: number): Promise<void> {
    const memory = await memoryOf(pid, this.#proc);
    this.#known.set(pid, { pid, started, clock, memory });
    this.#reading = null;
  }
}
