import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { nothingObserved, type Observation } from '../../src/monitor/observation.ts';
import { observe } from '../../src/monitor/observe.ts';
import type { Store } from '../../src/recordings/frames.ts';
import { type Item, play } from '../../src/recordings/play.ts';
import { type Part, Recorder, type RecorderOptions } from '../../src/recordings/recorder.ts';
import { type ShortItem, shortBlock } from '../../src/recordings/short.ts';
import type { Timeline } from '../../src/recordings/timeline.ts';
import { RefusedError } from '../../src/sources/errors.ts';
import type { DocumentEvent, SourceEvent } from '../../src/sources/source.ts';
import { decode } from '../../src/stats/decode.ts';
import { NO_MASK } from '../../src/text/secrets.ts';
import { decodeEvents } from '../lab/captures/recording.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

/** The events of a real server in trouble, with data of the kernel. */
export function troubleEvents(): DocumentEvent[] {
  return decodeEvents(gunzipSync(readFileSync(new URL('lab/trouble.jsonl.gz', FIXTURES))).toString());
}

/** The events of real documents of every kind, a second apart, as of one server each. */
export function captureEvents(): ReadonlyMap<string, SourceEvent[]> {
  const folder = new URL('uwsgi-2.0.21/', FIXTURES);
  const names = [...new Set(readdirSync(folder).map((file) => file.replace(/\.[12]\.stats$/, '')))];
  const read = (name: string, at: number) => readFileSync(new URL(`${name}.${at}.stats`, folder));
  // Some captures contain the headers of HTTP.
  const documents = names.filter((name) => !read(name, 1).toString('latin1').startsWith('HTTP'));
  return new Map(documents.map((name) => [name, [1, 2].map((at) => documentEvent(read(name, at), at))]));
}

/** The event of a document that arrived some seconds after the start of the test. */
export function documentEvent(document: Uint8Array, seconds: number): DocumentEvent {
  const time = 1_795_000_000 + seconds;
  const clock = 5000.123456789 + seconds;
  return {
    kind: 'document',
    document,
    snapshot: decode(document),
    origin: 'server',
    time,
    clock,
    clockError: 0.000012345,
    host: null,
  };
}

/** A failed read, some seconds after the start of the test. */
export function failureEvent(target: string, seconds: number): SourceEvent {
  const time = 1_795_000_000 + seconds;
  return { kind: 'failure', error: new RefusedError(target), time, retryAt: time + 0.5 };
}

export const VERSION = 'test';

export const OPTIONS: RecorderOptions = {
  version: VERSION,
  run: 'one',
  interval: 1,
  options: {},
  mask: NO_MASK,
};

/** A recording in memory, with the bytes of each block. */
export class Recorded implements Timeline {
  readonly blocks: RecordedBlock[] = [];

  add({ ending, bytes, beginsBlock, time }: Part): void {
    const last = this.blocks.at(-1);
    if (last) last.bytes = Buffer.concat([last.bytes, ending]);
    if (last && !beginsBlock) {
      last.bytes = Buffer.concat([last.bytes, bytes]);
      last.until = time;
      last.events += 1;
    } else this.blocks.push({ time, until: time, bytes: Buffer.from(bytes), events: 1 });
  }

  get start(): number {
    return this.blocks[0]?.time ?? 0;
  }

  get end(): number {
    return this.blocks.at(-1)?.until ?? 0;
  }

  *items(from: number): Generator<Item> {
    const first = this.blocks.findLastIndex(({ time }) => time <= from);
    for (const block of this.blocks.slice(Math.max(0, first))) yield* this.play(block);
  }

  play({ bytes }: RecordedBlock): Generator<Item> {
    return play(storeOf(bytes), 0, bytes.length, VERSION);
  }

  /** The items of a block that is not replayed; `null` if it must be. */
  short({ bytes, ...block }: RecordedBlock): ShortItem[] | null {
    return shortBlock(() => storeOf(bytes), { ...block, at: 0, end: bytes.length }, VERSION);
  }
}

function storeOf(bytes: Buffer): Store {
  return { size: bytes.length, read: (at, length) => bytes.subarray(at, at + length) };
}

interface RecordedBlock {
  time: number;
  until: number;
  bytes: Buffer;
  events: number;
}

/** Records events of servers in memory. */
export function recordAll(
  servers: ReadonlyMap<string, readonly SourceEvent[]>,
  options: Partial<RecorderOptions> = {},
): Recorded {
  const recorder = new Recorder({ ...OPTIONS, ...options });
  recorder.setServers([...servers.keys()].map((target) => ({ target, name: target, node: 'web1' })));
  const past = new Recorded();
  const all = [...servers].flatMap(([target, events]) => events.map((event) => ({ target, event })));
  for (const { target, event } of all.sort((one, other) => one.event.time - other.event.time)) {
    const part = recorder.record(target, event);
    if (part) past.add(part);
  }
  return past;
}

/** The observations of a server after each event. */
export function observations(
  target: string,
  events: readonly SourceEvent[],
  start: Observation = nothingObserved(target),
): Observation[] {
  let now = start;
  return events.map((event) => {
    now = observe(now, event);
    return now;
  });
}
