import type { Point } from '../../rates/point.ts';
import type { AppSample } from '../../rates/sample.ts';
import { addMoment, addRequests, addTally, newTally, type Tally } from './tally.ts';

/** How a time is divided into parts, which are numbered. Times are in Unix seconds. */
export interface Division {
  /** The begin. Requests before it are left out. */
  since: number;
  /** The number of the part that contains a time. */
  placeOf(time: number): number;
  /** The begin and the end of a part. */
  partAt(place: number): { since: number; until: number };
}

const MINUTE = 60;

/** Minutes since the beginning of Unix time. */
export const MINUTES: Division = {
  since: Number.NEGATIVE_INFINITY,
  placeOf: (time) => Math.floor(time / MINUTE),
  partAt: (place) => ({ since: place * MINUTE, until: (place + 1) * MINUTE }),
};

/** Sums over the readings of a server, in each part of a time and in the whole time. */
export class Tallies {
  readonly #division: Division;
  readonly #parts = new Map<number, Tally>();
  readonly total = newTally();

  constructor(division: Division) {
    this.#division = division;
  }

  /** The tallies of the parts with readings. */
  get parts(): ReadonlyMap<number, Tally> {
    return this.#parts;
  }

  /** @param point that of the sample alone */
  addSample(sample: AppSample, point: Point | null): void {
    for (const tally of [this.#at(sample.time), this.total]) addMoment(tally, sample);
    if (point !== null && point.seconds > 0) this.#addPoint(point);
  }

  /** Adds a reload or restart. */
  addRestart(time: number): void {
    for (const tally of [this.#at(time), this.total]) tally.restarts += 1;
  }

  /** Adds the tallies of minutes. No part begins within a minute. */
  addMinutes(minutes: ReadonlyMap<number, Tally>): void {
    for (const [minute, other] of minutes)
      for (const tally of [this.#at(minute * MINUTE), this.total]) addTally(tally, other);
  }

  /** An interval can be in several parts. */
  #addPoint(point: Point): void {
    const { time, seconds } = point;
    const { since: first, placeOf, partAt } = this.#division;
    const begin = Math.max(first, time - seconds);
    if (begin >= time) return;
    const last = placeOf(time);
    for (let place = placeOf(begin); place <= last; place += 1) {
      const { since, until } = partAt(place);
      const share = (Math.min(time, until) - Math.max(begin, since)) / seconds;
      if (share > 0) addRequests(this.#part(place), point, share);
    }
    addRequests(this.total, point, (time - begin) / seconds);
  }

  #at(time: number): Tally {
    return this.#part(this.#division.placeOf(time));
  }

  #part(place: number): Tally {
    const known = this.#parts.get(place);
    if (known) return known;
    const tally = newTally();
    this.#parts.set(place, tally);
    return tally;
  }
}
