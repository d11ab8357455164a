import {
  type Fleet,
  newFleet,
  ticked,
  withComputedHistory,
  withMembers,
  withServer,
} from '../monitor/fleet.ts';
import { LONGEST_GAP } from '../monitor/fleet-history.ts';
import { nothingObserved } from '../monitor/observation.ts';
import { type ObserveOptions, observe } from '../monitor/observe.ts';
import type { RecordedServer } from './header.ts';
import type { Item } from './play.ts';
import type { Timeline } from './timeline.ts';

/** A time in seconds that is too short to matter, and longer than the error of a Unix time. */
const INSTANT = 1e-6;

/** Number of events of earlier blocks to remember, for a step back. */
const MOST_PLAYED = 1000;

/**
 * A position in a recording, and the servers as the live view knew them at that time. It uses the same `observe`, so it
 * gives the same samples and findings.
 *
 * A move to an earlier time begins at a block: `seek` goes there, and `step` goes on.
 */
export class Player {
  readonly #timeline: Timeline;
  #items: Iterator<Item> = [].values();
  /** The next event, and the items before it, which are not played yet. */
  #next: Extract<Item, { kind: 'event' }> | null = null;
  #before: Item[] = [];
  #fleet: Fleet = newFleet([], 0);
  #servers: readonly RecordedServer[] = [];
  #options: ObserveOptions = {};
  #run: string | null = null;
  /** Unix time of the last point in the history of the fleet. */
  #ticked = Number.NEGATIVE_INFINITY;
  /** Times and targets of the events since the beginning of the block. */
  #played: { time: number; target: string }[] = [];

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.seek(timeline.start);
  }

  /** The servers at the position. */
  get fleet(): Fleet {
    return this.#fleet;
  }

  get servers(): readonly RecordedServer[] {
    return this.#servers;
  }

  /** The run of the recorder at the position. */
  get run(): string | null {
    return this.#run;
  }

  /** The server of the last event that was played; `null` in an empty recording. */
  get lastTarget(): string | null {
    return this.#played.at(-1)?.target ?? null;
  }

  /** Unix time of the last event that was played. */
  get time(): number {
    return this.#fleet.time;
  }

  /** Unix time of the next event; `null` at the end. */
  get nextTime(): number | null {
    return this.#next?.time ?? null;
  }

  /** Goes to the beginning of the block that contains a time, and plays its first event. */
  seek(time: number): void {
    this.#items = this.#timeline.items(time)[Symbol.iterator]();
    this.#fleet = newFleet([], time);
    this.#run = null;
    this.#played = [];
    this.#before = [];
    this.#ticked = Number.NEGATIVE_INFINITY;
    this.#advance();
    this.step();
  }

  /** Plays the next event. Returns the target of its server, or `null` at the end. */
  step(): string | null {
    const item = this.#next;
    if (item === null) return null;
    const { time } = item;
    for (const each of this.#before) this.#take(each);
    this.#before = [];
    this.#advance();
    if (this.#fleet.servers.size > 1) this.#tick(time);
    const before = this.#fleet.servers.get(item.target) ?? nothingObserved(item.target);
    this.#fleet = withServer(this.#fleet, observe(before, item.event, this.#options), time);
    this.#played.push({ time, target: item.target });
    return item.target;
  }

  /**
   * The time of the reading before the position. In the first reading of a block, it is a moment before that block.
   *
   * @param target the server whose readings count; `null`: all
   */
  timeBefore(target: string | null): number {
    const now = this.#played.findLast((each) => target === null || each.target === target)?.time ?? this.time;
    const before = this.#played.findLast(
      (each) => (target === null || each.target === target) && each.time < now,
    );
    const first = this.#played[0]?.time ?? this.#timeline.start;
    return Math.max(this.#timeline.start, before?.time ?? first - INSTANT);
  }

  /** Adds each whole second until a time to the history of the fleet. */
  #tick(time: number): void {
    const until = Math.floor(time);
    const gap = until - this.#ticked;
    if (gap < 0 || gap > LONGEST_GAP) {
      this.#fleet = withComputedHistory(this.#fleet, until);
      this.#ticked = until;
    }
    while (this.#ticked < until) {
      this.#ticked += 1;
      this.#fleet = ticked(this.#fleet, this.#ticked);
    }
  }

  #advance(): void {
    this.#next = null;
    while (this.#next === null) {
      const { done, value } = this.#items.next();
      if (done) return;
      if (value.kind === 'event') this.#next = value;
      else this.#before.push(value);
    }
  }

  #take(item: Item): void {
    if (item.kind === 'servers') {
      this.#servers = item.servers;
      this.#fleet = withMembers(this.#fleet, item.servers);
    } else if (item.kind === 'block') this.#begin(item);
  }

  #begin({ header, observations }: Extract<Item, { kind: 'block' }>): void {
    this.#options = header.options;
    this.#played = this.#played.slice(-MOST_PLAYED);
    if (header.run === this.#run) return;
    this.#run = header.run;
    this.#ticked = Number.NEGATIVE_INFINITY;
    const known = observations();
    for (const { target, closed } of this.#servers) {
      const observation = closed ? undefined : known.get(target);
      if (observation) this.#fleet = withServer(this.#fleet, observation, this.#fleet.time);
    }
  }
}
