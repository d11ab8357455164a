import type { Traffic } from './traffic.ts';

/** Further apart, the wall clock was set or the machine has slept. */
const MOST_DRIFT_SECONDS = 2;

/** Lets a simulation live in real time. */
export class Clock {
  private readonly traffic: Traffic;
  private last = performance.now();
  /** Unix seconds of the instant at which the simulation began: it stays, so that no instant in a document moves. */
  private start: number;

  constructor(traffic: Traffic) {
    this.traffic = traffic;
    this.start = this.measure();
  }

  /** Advances the simulation by the time since the call before. @returns unix seconds of its beginning */
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
