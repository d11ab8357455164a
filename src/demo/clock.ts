import type { Traffic } from './traffic.ts';

/** A larger difference means that the wall clock was set or that the machine was suspended. */
const MOST_DRIFT_SECONDS = 2;

/** Runs a simulation in real time. */
export class Clock {
  private readonly traffic: Traffic;
  private last = performance.now();
  /**
   * Unix seconds of the start of the simulation. Changes only on a large drift, so that timestamps in documents are
   * stable.
   */
  private start: number;

  constructor(traffic: Traffic) {
    this.traffic = traffic;
    this.start = this.measure();
  }

  /** Advances the simulation by the time since the previous call. @returns unix seconds of its start */
  tick(): number {
    const now = performance.now();
    this.traffic.advance((now - this.last) / 1000);
    this.last = now;
    const measured = this.measure();
    if (Math.abs(measured - this.start) > MOST_DRIFT_SECONDS) this.start = measured;
    return this.start;
  }

  private measure(): number {
    return Date.now() / 1000 - this.traffic.state.time;
  }
}
