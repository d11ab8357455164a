import { checkpointOf } from '../monitor/checkpoint.ts';
import { digestTree } from '../monitor/digest/form.ts';
import { DigestLog } from '../monitor/digest/log.ts';
import { nothingObserved, type Observation } from '../monitor/observation.ts';
import { observe } from '../monitor/observe.ts';
import type { DocumentEvent, FailureEvent, SourceEvent } from '../sources/source.ts';
import { boundedMask, VALUE_CHARACTERS } from '../text/bounds.ts';
import type { Mask } from '../text/secrets.ts';
import { uniqueText, uniqueTexts } from '../text/unique.ts';
import type { Tree } from './columns.ts';
import { TreeEncoder } from './encode.ts';
import { RecordingError } from './error.ts';
import { eventOf, failureOf, failureTree, treeOf } from './events.ts';
import { frame } from './frames.ts';
import { type BlockHeader, packedHeader, packedJson, packedServers, type RecordedServer } from './header.ts';
import { timeInOrder } from './late.ts';
import { Packer } from './packed.ts';

export interface RecorderOptions extends Pick<BlockHeader, 'version' | 'run' | 'interval' | 'options'> {
  mask: Mask;
  /** Replaces the length of a block: its readings, and the seconds that it covers. */
  block?: { readings: number; seconds: number };
}

/**
 * The default length of a block. A jump computes up to this number of readings again: for a server of 64x8, some 4 ms
 * each.
 */
const BLOCK = { readings: 100, seconds: 600 };

/**
 * A block of at least `LEAST` readings also ends when its beginning, with the checkpoints, has at most this number of
 * bytes for each reading.
 */
const LEAST = 60;
const BEGIN_BYTES = 512;

/**
 * Returns the number of readings after which a block ends.
 *
 * @param begin bytes of its beginning
 * @param seconds between two readings
 */
export function blockLength(begin: number, seconds: number): number {
  const worth = Math.max(LEAST, Math.ceil(begin / BEGIN_BYTES));
  return Math.max(1, Math.min(worth, BLOCK.readings, BLOCK.seconds / seconds));
}

/** Maximum number of values of workers in a checkpoint. A larger server has none: writing it would take seconds. */
const MOST_CHECKPOINT_VALUES = 2_000_000;

/** Bytes to append to a recording. */
export interface Part {
  /** Bytes that end the block before. They belong to its file, and can be left out. */
  ending: Uint8Array;
  bytes: Uint8Array;
  /** Whether they begin with a block, so that they can also begin a file. */
  beginsBlock: boolean;
  /** Unix seconds of the event in the order of the events: see `timeInOrder`. */
  time: number;
}

/** What the recorder knows of a server. */
interface State {
  observation: Observation;
  /** What a report needs of the current block. */
  digest: DigestLog;
  /** The last two documents, masked, oldest first. */
  documents: readonly Tree[];
  encoder: TreeEncoder;
  packer: Packer;
}

/**
 * Turns the events of several servers into the bytes of a recording. It masks each event, and observes the masked
 * events for the checkpoints. It writes no files.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #states = new Map<string, State>();
  readonly #length: NonNullable<RecorderOptions['block']>;
  #servers: readonly RecordedServer[] = [];
  /**
   * All servers of this run, by target: their numbers, and their targets as written. Targets that differ only in a secret
   * are written with a number.
   */
  readonly #known = new Map<string, { id: number; written: string }>();
  /** The block that is being written; `null` if the next event begins one. */
  #block: { began: number; until: number; readings: number; bytes: number } | null = null;
  /** Whether the next event begins another block. */
  #isOver = false;
  #serversChanged = false;
  /** Unix seconds of the last event, in the order of the events. */
  #latest = Number.NEGATIVE_INFINITY;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#length = options.block ?? BLOCK;
  }

  /** The time of the next event in the order of the events. */
  timeOfNext({ time }: SourceEvent): number {
    return timeInOrder(time, this.#latest);
  }

  /** The bytes of the next event begin a block. Call this to begin a file. */
  beginBlock(): void {
    this.#isOver = true;
  }

  /** Does the same after bytes of this block were not written. The block has no digests. */
  dropBlock(): void {
    this.#block = null;
  }

  /** Bytes that end the current block: the digests of its servers. Nothing else may follow them in the block. */
  ending(): Uint8Array {
    if (this.#block === null) return new Uint8Array();
    const { until } = this.#block;
    const frames = [...this.#states].flatMap(([target, { digest: log, observation }]) => {
      const digest = log.digest(observation);
      if (digest === null) return [];
      const bytes = new Packer().pack(new TreeEncoder().encode(digestTree(digest)));
      return frame('digest', this.#knownOf(target).id, until, bytes);
    });
    return Buffer.concat(frames);
  }

  /** The servers from now on. Events of other servers are ignored. */
  setServers(servers: readonly Omit<RecordedServer, 'id'>[]): void {
    this.#servers = servers.map((server) => ({ ...server, id: this.#knownOf(server.target).id }));
    const targets = new Set(servers.map(({ target }) => target));
    for (const target of this.#states.keys()) if (!targets.has(target)) this.#states.delete(target);
    this.#serversChanged = true;
  }

  /** Returns the bytes of an event of a server; `null` for one that is not recorded. */
  record(target: string, event: SourceEvent): Part | null {
    const id = this.#servers.find((server) => server.target === target)?.id;
    if (id === undefined) return null;
    const time = this.timeOfNext(event);
    this.#latest = time;
    const parts: Uint8Array[] = [];
    const beginsBlock = this.#isDue(time);
    const ending = beginsBlock ? this.ending() : new Uint8Array();
    if (beginsBlock) parts.push(...this.#begin(time));
    else if (this.#serversChanged)
      parts.push(frame('servers', 0, time, packedServers(this.#maskedServers())));
    this.#serversChanged = false;
    if (this.#block) {
      this.#block.readings += 1;
      this.#block.until = time;
      if (beginsBlock) this.#block.bytes = parts.reduce((sum, { length }) => sum + length, 0);
    }
    const state = this.#stateOf(target);
    parts.push(
      event.kind === 'document'
        ? this.#documentOrFailure(state, id, event, time)
        : this.#failure(state, id, event, time),
    );
    return { ending, bytes: Buffer.concat(parts), beginsBlock, time };
  }

  /** Observes an event that is not recorded, so that later checkpoints contain it. */
  follow(target: string, event: SourceEvent): void {
    if (!this.#servers.some((server) => server.target === target)) return;
    const state = this.#stateOf(target);
    if (event.kind === 'failure') this.#failure(state, 0, event, event.time);
    else {
      state.encoder = new TreeEncoder();
      this.#documentOrFailure(state, 0, event, event.time);
    }
    this.dropBlock();
  }

  #isDue(time: number): boolean {
    if (this.#block === null || this.#isOver) return true;
    const { began, until, readings, bytes } = this.#block;
    const { readings: most, seconds } = this.#length;
    const each = readings / Math.max(1, this.#servers.length);
    const isLong = each >= most || (each >= LEAST && bytes <= BEGIN_BYTES * readings);
    // Also after the clock was set back, so that the times of a block are in order.
    const isOver = isLong || time < until || time - began >= seconds;
    return isOver || [...this.#states.values()].some(({ encoder }) => encoder.isFull);
  }

  #begin(time: number): Uint8Array[] {
    const { version, run, interval, options } = this.#options;
    const header = {
      version,
      run,
      interval,
      options,
      servers: this.#maskedServers(),
    };
    this.#block = { began: time, until: time, readings: 0, bytes: 0 };
    this.#isOver = false;
    const parts: Uint8Array[] = [frame('block', 0, time, packedHeader(header))];
    for (const [target, state] of this.#states) {
      const { id } = this.#knownOf(target);
      state.digest = new DigestLog(state.observation);
      state.encoder = new TreeEncoder();
      state.packer = new Packer();
      parts.push(...this.#past(state, id));
      if (!isTooLarge(state.observation)) {
        const checkpoint = new TreeEncoder().encode(checkpointOf(state.observation));
        parts.push(frame('checkpoint', id, time, new Packer().pack(checkpoint)));
      }
    }
    return parts;
  }

  /** The last documents. Returns none if they exceed a limit of the format together. */
  #past(state: State, id: number): Uint8Array[] {
    try {
      return state.documents.map((tree) =>
        frame('past', id, timeOf(tree), state.packer.pack(state.encoder.encode(tree))),
      );
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      state.documents = [];
      state.encoder = new TreeEncoder();
      state.packer = new Packer();
      return [];
    }
  }

  /** A document that exceeds a limit of the format becomes a failed read. The next event begins a block. */
  #documentOrFailure(state: State, id: number, event: DocumentEvent, at: number): Uint8Array {
    try {
      return this.#document(state, id, event, at);
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      state.documents = [];
      state.encoder = new TreeEncoder();
      this.beginBlock();
      const { time } = event;
      return this.#failure(state, id, { kind: 'failure', error, time, retryAt: time }, at);
    }
  }

  /** @param at its time in the order of the events */
  #document(state: State, id: number, event: DocumentEvent, at: number): Uint8Array {
    const tree = treeOf(event);
    const { mask } = this.#options;
    const bounded = boundedMask(mask, VALUE_CHARACTERS);
    const bytes = state.encoder.encode(tree, (text, variable) =>
      variable === null ? bounded.text(text) : bounded.variable(variable, text),
    );
    const { options } = this.#options;
    state.observation = observe(state.observation, eventOf(tree), options);
    state.digest.add(state.observation, options.paths);
    state.documents = [...state.documents.slice(-1), tree];
    return frame('document', id, at, state.packer.pack(bytes));
  }

  #failure(state: State, id: number, event: FailureEvent, at: number): Uint8Array {
    const tree = failureTree(event, (text) => this.#options.mask.text(text));
    const failure = failureOf(state.observation.target, tree);
    state.observation = observe(state.observation, failure, this.#options.options);
    return frame('failure', id, at, packedJson(tree));
  }

  #knownOf(target: string): { id: number; written: string } {
    const before = this.#known.get(target);
    if (before) return before;
    const taken = new Set([...this.#known.values()].map(({ written }) => written));
    const known = { id: this.#known.size + 1, written: uniqueText(this.#masked(target), taken) };
    this.#known.set(target, known);
    return known;
  }

  #stateOf(target: string): State {
    const known = this.#states.get(target);
    if (known) return known;
    const observation = nothingObserved(this.#knownOf(target).written);
    const state = {
      observation,
      digest: new DigestLog(observation),
      documents: [],
      encoder: new TreeEncoder(),
      packer: new Packer(),
    };
    this.#states.set(target, state);
    return state;
  }

  #masked(text: string): string {
    return this.#options.mask.text(text);
  }

  #maskedServers(): RecordedServer[] {
    const names = uniqueTexts(this.#servers.map(({ name }) => this.#masked(name)));
    return this.#servers.map((server, at) => ({
      ...server,
      target: this.#knownOf(server.target).written,
      name: names[at] ?? '',
    }));
  }
}

function timeOf(tree: Tree): number {
  return (tree as { time: number }).time;
}

function isTooLarge({ history: { hour } }: Observation): boolean {
  return hour.reduce((sum, { workers }) => sum + workers.pid.length, 0) * 5 > MOST_CHECKPOINT_VALUES;
}
