import type { Event } from '../monitor/event.ts';
import type { Period } from './periods.ts';

/** Maximum number of events to keep of each server. */
const MOST_LISTED = 500;

/** Collects the events of a server in a period. An observation keeps only the last ones. */
export class EventLog {
  readonly #period: Period;
  readonly #known = new Map<string, Event>();
  #last: readonly Event[] = [];
  /** The greatest id of this run. */
  #newest = 0;
  /** Counts the runs of the recorder: each one numbers its events from 1. */
  #run = 0;
  /** Number of events that are not kept. */
  omitted = 0;

  constructor(period: Period) {
    this.#period = period;
  }

  /** In the order of their recording. */
  get events(): Event[] {
    return [...this.#known.values()];
  }

  beginRun(): void {
    this.#run += 1;
    this.#last = [];
    this.#newest = 0;
  }

  /**
   * Adds the events of an observation, or those that changed since the last call. Open events can have ended.
   *
   * @returns the events that were added
   */
  add(events: readonly Event[]): Event[] {
    if (events === this.#last) return [];
    const newest = this.#newest;
    const before = new Set(this.#last);
    this.#last = events;
    this.#newest = Math.max(newest, events.at(-1)?.id ?? 0);
    return events.filter((event) => {
      if (before.has(event)) return false;
      const key = `${this.#run} ${event.id}`;
      if (this.#known.has(key)) this.#update(key, event);
      if (event.id <= newest || !this.#isWithin(event)) return false;
      if (this.#known.size >= MOST_LISTED) this.omitted += 1;
      else this.#known.set(key, event);
      return true;
    });
  }

  /** An open event has ended, perhaps before the period. */
  #update(key: string, event: Event): void {
    if (this.#isWithin(event)) this.#known.set(key, event);
    else this.#known.delete(key);
  }

  /** An event with a duration can have begun before the period. */
  #isWithin({ time, until }: Event): boolean {
    const { since, until: end } = this.#period;
    return time <= end && (until === null || (until ?? time) >= since);
  }
}
