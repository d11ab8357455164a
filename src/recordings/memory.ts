import type { Observation } from '../monitor/observation.ts';
import type { SourceEvent } from '../sources/source.ts';
import type { RecordedOptions, RecordedServer } from './header.ts';
import { timeInOrder } from './late.ts';
import type { Item } from './play.ts';
import { RecentEvents } from './recent-events.ts';
import type { Timeline } from './timeline.ts';

/** The servers of the live view before an event, which a block begins with. */
export interface Present {
  servers: readonly RecordedServer[];
  observations: ReadonlyMap<string, Observation>;
  options: RecordedOptions;
}

interface Block extends Present {
  time: number;
  until: number;
  events: RecentEvents;
  /** The servers with documents. */
  seen: Set<string>;
  /** Estimated size of the observations. */
  bytes: number;
}

/** Maximum length of a block. A jump computes up to this number of readings of each server again. */
const MOST_SECONDS = 60;
const MOST_READINGS = 60;

/**
 * Estimated size of the observations that a block keeps, as a multiple of the size of a document: mostly two snapshots.
 * Measured with `npm run bench -- recordings`.
 */
const OBSERVATION_FACTOR = 3;

/**
 * Keeps the last events of the live view in memory, so that the user can step back. It drops the oldest blocks when the
 * limit is reached. Unlike a recording, it is not masked, and each block keeps the observations themselves.
 */
export class RecentPast implements Timeline {
  readonly #most: number;
  #blocks: Block[] = [];

  /** @param most bytes to keep. If a single block is larger, only what follows it is kept. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Estimated number of bytes in use. */
  get bytes(): number {
    return this.#blocks.reduce((sum, block) => sum + sizeOf(block), 0);
  }

  get blocks(): readonly { time: number; until: number }[] {
    return this.#blocks;
  }

  get start(): number {
    return this.#blocks[0]?.time ?? 0;
  }

  get end(): number {
    return this.#blocks.at(-1)?.until ?? 0;
  }

  /**
   * Adds an event.
   *
   * @param present the servers before the event
   */
  add(present: Present, target: string, event: SourceEvent): void {
    const last = this.#blocks.at(-1);
    const time = last ? timeInOrder(event.time, last.until) : event.time;
    const block = last && continues(last, present, time) ? last : this.#begin(present, time);
    block.events.add(target, event);
    if (event.kind === 'document' && !block.seen.has(target)) {
      block.seen.add(target);
      block.bytes += OBSERVATION_FACTOR * event.document.length;
    }
    block.until = time;
    if (this.bytes > this.#most) block.events.end();
    while (this.bytes > this.#most) this.#blocks.shift();
  }

  *items(from: number): Generator<Item> {
    let block = this.#blocks.findLast(({ time }) => time <= from) ?? this.#blocks[0];
    while (block) {
      yield* itemsOf(block);
      // Blocks are added and dropped between two items.
      block = this.#blocks[this.#blocks.indexOf(block) + 1];
    }
  }

  #begin(present: Present, time: number): Block {
    this.#blocks.at(-1)?.events.end();
    const events = new RecentEvents();
    const block = { ...present, time, until: time, events, seen: new Set<string>(), bytes: 0 };
    this.#blocks.push(block);
    return block;
  }
}

function continues(last: Block, { servers, options }: Present, time: number): boolean {
  const isLong = last.events.length >= MOST_READINGS * Math.max(1, servers.length);
  const isSame =
    servers === last.servers && options.levels === last.options.levels && options.long === last.options.long;
  return isSame && !isLong && time >= last.time && time - last.time < MOST_SECONDS;
}

function* itemsOf({ servers, observations, options, time, events }: Block): Generator<Item> {
  yield { kind: 'servers', time, servers };
  const header = { version: '', run: '', interval: 0, options, servers };
  yield { kind: 'block', time, header, observations: () => observations };
  let latest = time;
  for (const { target, event } of events) {
    latest = timeInOrder(event.time, latest);
    yield { kind: 'event', time: latest, target, event };
  }
}

/** Estimated number of bytes in use. */
function sizeOf({ events, bytes }: Block): number {
  return events.bytes + bytes;
}
