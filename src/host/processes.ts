import { detailsOf } from './details.ts';
import { inSlices } from './now.ts';
import type { ProcessReading } from './reading.ts';
import { type ProcessStat, statOf } from './stat.ts';

/**
 * Share of one processor that may be spent on reading known processes. Each takes 20 to 40 µs, so some 50 are read per
 * second. On a server with more processes, they are read in turn.
 */
const SHARE = 0.0015;
/** Minimum number of known processes per reading, even if the machine is busy. */
const LEAST = 8;

/** Whether a process is the expected one. */
export type Belongs = (pid: number, stat: ProcessStat) => boolean;

/** Reads the processes of a server: new processes at once, known ones within the limit of `SHARE`. */
export class Processes {
  readonly #proc: string;
  readonly #bootTime: number;
  readonly #whole: boolean;
  /** By pid, least recently read first. `null` if the process does not exist. */
  readonly #known = new Map<number, ProcessReading | null>();
  #last = Number.NEGATIVE_INFINITY;

  /** @param whole reads all processes each time */
  constructor(proc: string, bootTime: number, whole = false) {
    this.#proc = proc;
    this.#bootTime = bootTime;
    this.#whole = whole;
  }

  /**
   * @param pids of the processes to read
   * @param now returns monotonic seconds
   * @returns readings of the existing processes, by pid
   */
  async read(
    pids: readonly number[],
    belongs: Belongs,
    now: () => number,
  ): Promise<Map<number, ProcessReading>> {
    const wanted = new Set(pids);
    for (const pid of this.#known.keys()) if (!wanted.has(pid)) this.#known.delete(pid);
    const began = now();
    const until = began + (began - this.#last) * SHARE;
    this.#last = began;
    const old = [...this.#known.keys()];
    const fresh = pids.filter((pid) => !this.#known.has(pid));
    await inSlices(old, (pid, place) => {
      if (this.#whole || place < LEAST || now() < until) this.#visit(pid, belongs, now());
    });
    await inSlices(fresh, (pid) => this.#visit(pid, belongs, now()));
    const found = new Map<number, ProcessReading>();
    for (const [pid, reading] of this.#known) if (reading !== null) found.set(pid, reading);
    return found;
  }

  #visit(pid: number, belongs: Belongs, clock: number): void {
    const before = this.#known.get(pid) ?? null;
    // Move the process to the end of the queue.
    this.#known.delete(pid);
    this.#known.set(pid, this.#reading(pid, belongs, clock, before));
  }

  #reading(
    pid: number,
    belongs: Belongs,
    clock: number,
    before: ProcessReading | null,
  ): ProcessReading | null {
    const folder = `${this.#proc}/${pid}`;
    const stat = statOf(folder);
    if (stat === null || !belongs(pid, stat)) return null;
    const details = detailsOf(folder, stat.threads);
    // Another process may have the pid by now.
    if (details === null || statOf(folder)?.startedAfterBoot !== stat.startedAfterBoot) return null;
    const { cpuTime, threads, state } = stat;
    const started = this.#bootTime + stat.startedAfterBoot;
    const cpu =
      before?.started === started && clock > before.clock
        ? (cpuTime - before.cpuTime) / (clock - before.clock)
        : null;
    return { pid, clock, cpuTime, cpu, threads, state, started, ...details, memory: null };
  }
}
