import { mergedShares } from '../insights/paths/shares.ts';
import { numbersOf } from '../monitor/digest/tally.ts';
import { nothingObserved, type Observation } from '../monitor/observation.ts';
import { type ObserveOptions, observe } from '../monitor/observe.ts';
import type { Item } from '../recordings/play.ts';
import type { ShortItem } from '../recordings/short.ts';
import { type Periods, periodAt } from './periods.ts';
import { ServerLog } from './server-log.ts';
import type { Summary } from './summary.ts';

/** What a summary is made of. */
export interface Source {
  /** The recording, as the user gave it. */
  recording: string;
  /**
   * Items of the recording from the block that contains the first period, or from an earlier one. A block that is not
   * replayed must be within the time of the summary, and no period may begin within a minute.
   */
  items: Iterable<ShortItem>;
}

/**
 * Summarizes a part of a recording. It observes the recorded events as the live view does, or uses the digest of a
 * block. It keeps only sums and limited lists, so the memory that it needs does not depend on the length of the
 * recording.
 */
export function summarize({ recording, items }: Source, periods: Periods): Summary {
  const reader = new Reader(periods);
  for (const item of items) if (!reader.read(item)) break;
  const logs = [...reader.logs.values()];
  const servers = logs.map((log) => log.summary());
  const tallies = logs.map((log) => log.tallies);
  const places = Array.from({ length: periods.count }, (_, place) => place);
  return {
    recording,
    since: periods.since,
    until: periods.until,
    length: periods.length,
    periods: places.map((place) => periodAt(periods, place)),
    servers,
    totals: places.map((place) => numbersOf(tallies.flatMap((each) => each.periods[place] ?? []))),
    total: numbersOf(tallies.map(({ total }) => total)),
    paths: mergedShares(
      logs.map((log, place) => ({ name: servers[place]?.name ?? null, profile: log.profile })),
      'all',
    ),
  };
}

/** Observes the servers of a recording. */
class Reader {
  readonly #periods: Periods;
  readonly logs = new Map<string, ServerLog>();
  readonly #now = new Map<string, Observation>();
  #options: ObserveOptions = {};
  #interval = 0;
  #run: string | null = null;
  /** Whether the last block was not replayed. */
  #isBehind = false;

  constructor(periods: Periods) {
    this.#periods = periods;
  }

  /** Returns `false` if no later item is needed. */
  read(item: ShortItem): boolean {
    switch (item.kind) {
      case 'servers':
        this.#list(item);
        return true;
      case 'block':
        if (item.time > this.#periods.until) return false;
        this.#begin(item);
        return true;
      case 'event':
        if (item.time <= this.#periods.until) this.#observe(item);
        return true;
      case 'short':
        this.#skip(item);
        return true;
      case 'read':
        this.logs.get(item.target)?.addRead(item.time, this.#interval, item.retryAt);
        return true;
      case 'digest':
        this.logs.get(item.target)?.addDigest(item.digest);
        return true;
    }
  }

  #list({ servers, time }: Extract<Item, { kind: 'servers' }>): void {
    if (time > this.#periods.until) return;
    const targets = new Set(servers.map(({ target }) => target));
    for (const [target, log] of this.logs) if (!targets.has(target)) log.leave();
    for (const server of servers)
      if (!this.logs.has(server.target))
        this.logs.set(server.target, new ServerLog(server, this.#periods, time));
  }

  #begin({ header, observations }: Extract<Item, { kind: 'block' }>): void {
    this.#options = header.options;
    this.#interval = header.interval;
    const isSameRun = header.run === this.#run;
    if (isSameRun && !this.#isBehind) return;
    this.#isBehind = false;
    this.#now.clear();
    for (const [target, observation] of observations()) {
      this.#now.set(target, observation);
      if (isSameRun) this.logs.get(target)?.resume(observation);
    }
    if (!isSameRun) this.#beginRun(header.run);
  }

  /** Begins a block that is not replayed. */
  #skip({ header: { run, interval } }: Extract<ShortItem, { kind: 'short' }>): void {
    this.#interval = interval;
    this.#isBehind = true;
    if (run !== this.#run) this.#beginRun(run);
  }

  #beginRun(run: string): void {
    this.#run = run;
    for (const log of this.logs.values()) log.beginRun();
  }

  #observe({ target, event, time }: Extract<Item, { kind: 'event' }>): void {
    const after = observe(this.#now.get(target) ?? nothingObserved(target), event, this.#options);
    this.#now.set(target, after);
    const log = this.logs.get(target);
    log?.addRead(time, this.#interval, event.kind === 'failure' ? event.retryAt : null);
    log?.addObservation(after, time, this.#options.paths);
  }
}
