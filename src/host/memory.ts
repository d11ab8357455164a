import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { statOf } from './stat.ts';

/** Bytes of memory of which a process has a share, and which it has alone. */
export interface SharedMemory {
  /** Each page divided by the number of processes that have it: of all processes together it is what they use. */
  pss: number;
  /** What would be free if this one ended. */
  uss: number;
}

/**
 * From `/proc/PID/smaps_rollup` (proc_pid_smaps(5), Linux 4.14). The kernel walks through all pages of the process and
 * holds its map of memory meanwhile: some ms for each GiB, so ask for one process, and on demand.
 *
 * @returns `null` without permission (ptrace(2)), when there is no such process, or when another one has its pid now
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

/** Seconds between two readings of one process. */
const INTERVAL = 5;

/** A reading can take as long as the process holds its memory. */
const LIMIT_MS = 100;

/** A process, and not another one that has its pid later. */
interface Process {
  pid: number;
  started: number;
}

interface Known extends Process {
  clock: number;
  memory: SharedMemory | null;
}

/** The memory of the processes whose detail is open: one at a time, and each at most once in 5 s. */
export class Memory {
  readonly #proc: string;
  readonly #limitMs: number;
  /** By pid. */
  readonly #known = new Map<number, Known>();
  #reading: Promise<void> | null = null;

  /** @param limitMs milliseconds after which a reading is no longer waited for */
  constructor(proc: string, limitMs = LIMIT_MS) {
    this.#proc = proc;
    this.#limitMs = limitMs;
  }

  /**
   * @param clock now, in monotonic seconds
   * @returns what is known by now; `null` is nothing yet, or for want of permission
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
