import { SYSTEM_CLOCK } from '../sources/source.ts';

/** Measures which share of a processor this process uses. */
export class CpuShare {
  /** The CPU time of this process at the last call, and the monotonic time of that call in seconds. */
  #used = { at: SYSTEM_CLOCK.monotonic(), cpu: process.cpuUsage() };

  /** The share since the last call. */
  next(): number {
    const now = SYSTEM_CLOCK.monotonic();
    const { user, system } = process.cpuUsage(this.#used.cpu);
    const share = (user + system) / 1e6 / (now - this.#used.at);
    this.#used = { at: now, cpu: process.cpuUsage() };
    return share;
  }
}
