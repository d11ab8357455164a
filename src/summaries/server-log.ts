import type { PathPatterns } from '../insights/paths/pattern.ts';
import type { Profile } from '../insights/paths/profile.ts';
import { pathShares } from '../insights/paths/shares.ts';
import type { Digest } from '../monitor/digest/digest.ts';
import { Sums } from '../monitor/digest/sums.ts';
import { newTally, numbersOf, type Tally } from '../monitor/digest/tally.ts';
import type { Event } from '../monitor/event.ts';
import type { Observation } from '../monitor/observation.ts';
import type { RecordedServer } from '../recordings/header.ts';
import { EventLog } from './event-log.ts';
import { Gaps } from './gaps.ts';
import { type Periods, periodAt, placeOf } from './periods.ts';
import type { ServerSummary } from './summary.ts';

/** Collects what a summary says of one server. Its size does not depend on the length of the recording. */
export class ServerLog {
  readonly #server: RecordedServer;
  readonly #periods: Periods;
  readonly #sums: Sums;
  readonly #events: EventLog;
  readonly #gaps: Gaps;
  #documents = 0;
  #failures = 0;

  /** @param start when it is first part of the recording, in Unix seconds */
  constructor(server: RecordedServer, periods: Periods, start: number) {
    this.#server = server;
    this.#periods = periods;
    this.#sums = new Sums({
      since: periods.since,
      placeOf: (time) => placeOf(periods, time),
      partAt: (place) => periodAt(periods, place),
    });
    this.#events = new EventLog(periods);
    this.#gaps = new Gaps(periods, start);
  }

  get profile(): Profile {
    return this.#sums.profile;
  }

  /** The recorder was started again, and numbers the events from 1 again. */
  beginRun(): void {
    this.#events.beginRun();
  }

  /** The server is no longer part of the recording. */
  leave(): void {
    this.#gaps.leave();
  }

  /**
   * Adds a read.
   *
   * @param time of the read in Unix seconds
   * @param interval seconds between two reads, as chosen
   * @param retryAt when the next read is made after a failed one; `null` for one with a document
   */
  addRead(time: number, interval: number, retryAt: number | null): void {
    this.#gaps.add(time, interval, retryAt);
    if (time < this.#periods.since) return;
    if (retryAt === null) this.#documents += 1;
    else this.#failures += 1;
  }

  /**
   * Adds the observation after a read.
   *
   * @param time of the read in Unix seconds
   * @param patterns of paths that are counted together
   */
  addObservation(observation: Observation, time: number, patterns?: PathPatterns): void {
    this.#addEvents(observation.events);
    const isDocument = observation.connection.state !== 'lost';
    if (isDocument && time >= this.#periods.since) this.#sums.add(observation, patterns);
  }

  /** Adds a block that is not replayed. */
  addDigest(digest: Digest): void {
    this.#addEvents(digest.events);
    this.#sums.addDigest(digest);
  }

  /** Goes on with an observation, after a block that was not replayed. */
  resume(observation: Observation): void {
    this.#sums.resume(observation);
  }

  #addEvents(events: readonly Event[]): void {
    for (const { kind, time } of this.#events.add(events))
      if (kind === 'reload' || kind === 'restart') this.#sums.tallies.addRestart(time);
  }

  /** The readings of each period, and of the whole time. */
  get tallies(): { periods: readonly Tally[]; total: Tally } {
    const { parts, total } = this.#sums.tallies;
    const periods = Array.from({ length: this.#periods.count }, (_, place) => parts.get(place) ?? newTally());
    return { periods, total };
  }

  /** What was collected. Call it once, after the last read. */
  summary(): ServerSummary {
    const { target, name, node, closed } = this.#server;
    this.#gaps.end();
    const { periods, total } = this.tallies;
    return {
      target,
      name,
      node,
      kind: this.#sums.kind,
      closed: closed?.why ?? null,
      documents: this.#documents,
      failures: this.#failures,
      gaps: closed ? [] : this.#gaps.gaps,
      omittedGaps: closed ? 0 : this.#gaps.omitted,
      periods: periods.map((tally) => numbersOf([tally])),
      total: numbersOf([total]),
      events: this.#events.events.toSorted((a, b) => a.time - b.time),
      omittedEvents: this.#events.omitted,
      slowest: this.#sums.slowest.requests,
      paths: pathShares(this.profile, 'all'),
    };
  }
}
