import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../text/reason.ts';
import { RecordingError } from './error.ts';
import type { Store } from './frames.ts';
import { type Block, indexOf } from './index.ts';
import { type Item, play } from './play.ts';
import { ENDING } from './recognize.ts';
import { type ShortItem, shortBlock } from './short.ts';

/** A block and the file that contains it. */
export interface RecordedBlock extends Block {
  file: string;
}

/** A file that cannot be read completely. */
export interface Problem {
  file: string;
  why: string;
}

/**
 * A recording: a file, or a folder of files. The blocks are in the order of their times. Call `close` after use.
 */
export interface Recording {
  readonly path: string;
  readonly blocks: readonly RecordedBlock[];
  /** Unix seconds of the first and the last event. */
  readonly start: number;
  readonly end: number;
  readonly problems: readonly Problem[];
  /**
   * Returns the items from the block that contains a time, or else from the first later block, to the end. A damaged
   * block ends where it is damaged, and the next one follows.
   *
   * @param onDamage is called for each damaged block
   */
  items(from: number, onDamage?: (problem: Problem) => void): Generator<Item>;
  /**
   * Returns the same, without the documents of some blocks.
   *
   * @param isShort whether the digests of a block are sufficient. They are used if the block has them
   */
  shortItems(
    from: number,
    isShort: (block: RecordedBlock) => boolean,
    onDamage?: (problem: Problem) => void,
  ): Generator<ShortItem>;
  /** The bytes of the file of a block. */
  storeOf(block: RecordedBlock): Store;
  close(): void;
}

/** Maximum number of files of a folder: a year of hours, with as many restarts. */
const MOST_FILES = 20_000;

/** Maximum number of open files. */
const MOST_OPEN = 64;

/**
 * Opens a recording.
 *
 * @param path a file, or a folder of files with the ending `.statstop`
 * @param version of this statstop
 * @throws RecordingError if no file is a recording, or the error of the operating system
 */
export function openRecording(path: string, version: string): Recording {
  const files = filesOf(path);
  const stores = new Stores();
  const problems: Problem[] = [];
  const blocks: RecordedBlock[] = [];
  for (const file of files) {
    try {
      const index = indexOf(stores.of(file));
      for (const block of index.blocks) if (block.events > 0) blocks.push({ ...block, file });
      if (index.isDamaged) problems.push({ file, why: 'a part is damaged' });
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      problems.push({ file, why: error.message });
    }
  }
  blocks.sort((one, other) => one.time - other.time);
  if (blocks.length === 0) {
    stores.close();
    throw new RecordingError(
      problems[0]?.why ?? (files.length === 0 ? 'there is no recording in it' : NO_READING),
    );
  }
  return new FileRecording(path, blocks, problems, stores, version);
}

const NO_READING = 'it has no complete reading; the file is incomplete or damaged';

function filesOf(path: string): string[] {
  if (!isFolder(path)) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith(ENDING) && !name.startsWith('.'));
  if (names.length > MOST_FILES) throw new RecordingError(`it has more than ${MOST_FILES} files`);
  return names.sort().map((name) => join(path, name));
}

function isFolder(path: string): boolean {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return fstatSync(file).isDirectory();
  } finally {
    closeSync(file);
  }
}

class FileRecording implements Recording {
  readonly path: string;
  readonly blocks: readonly RecordedBlock[];
  readonly start: number;
  readonly end: number;
  readonly problems: readonly Problem[];
  readonly #stores: Stores;
  readonly #version: string;

  constructor(
    path: string,
    blocks: readonly RecordedBlock[],
    problems: readonly Problem[],
    stores: Stores,
    version: string,
  ) {
    this.path = path;
    this.blocks = blocks;
    this.start = blocks[0]?.time ?? 0;
    this.end = blocks.reduce((latest, { until }) => Math.max(latest, until), this.start);
    this.problems = problems;
    this.#stores = stores;
    this.#version = version;
  }

  *items(from: number, onDamage?: (problem: Problem) => void): Generator<Item> {
    for (const block of this.#blocksFrom(from)) yield* this.#play(block, onDamage);
  }

  *shortItems(
    from: number,
    isShort: (block: RecordedBlock) => boolean,
    onDamage?: (problem: Problem) => void,
  ): Generator<ShortItem> {
    for (const block of this.#blocksFrom(from)) {
      const items = isShort(block) ? this.#short(block) : null;
      yield* items ?? this.#play(block, onDamage);
    }
  }

  #blocksFrom(from: number): readonly RecordedBlock[] {
    const later = this.blocks.findIndex(({ time }) => time > from);
    const containing = (later < 0 ? this.blocks.length : later) - 1;
    return this.blocks.slice(Math.max(0, containing));
  }

  *#play(block: RecordedBlock, onDamage: (problem: Problem) => void = () => {}): Generator<Item> {
    try {
      for (const item of play(this.#stores.of(block.file), block.at, block.end, this.#version)) {
        // No checksum covers the time of a frame.
        if (item.time < block.time || item.time > block.until) throw new RecordingError('a time is damaged');
        yield item;
      }
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      onDamage({ file: block.file, why: error.message });
    }
  }

  /** `null` if the block must be replayed, also if its file cannot be read. */
  #short(block: RecordedBlock): ShortItem[] | null {
    return shortBlock(() => this.#stores.of(block.file), block, this.#version);
  }

  storeOf({ file }: RecordedBlock): Store {
    return this.#stores.of(file);
  }

  close(): void {
    this.#stores.close();
  }
}

/** The open files of a recording. The file that was not used for the longest time is closed first. */
class Stores {
  readonly #open = new Map<string, { file: number; store: Store }>();

  /** @throws RecordingError if it is not a regular file, or cannot be read */
  of(path: string): Store {
    const known = this.#open.get(path);
    if (known) {
      this.#open.delete(path);
      this.#open.set(path, known);
      return known.store;
    }
    for (const [oldest, { file }] of this.#open) {
      if (this.#open.size < MOST_OPEN) break;
      closeSync(file);
      this.#open.delete(oldest);
    }
    const opened = storeOf(path);
    this.#open.set(path, opened);
    return opened.store;
  }

  close(): void {
    for (const { file } of this.#open.values()) closeSync(file);
    this.#open.clear();
  }
}

function storeOf(path: string): { file: number; store: Store } {
  // A device or FIFO of another user could block.
  const file = reading(() => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  const stats = fstatSync(file);
  if (!stats.isFile()) {
    closeSync(file);
    throw new RecordingError('it is not a regular file');
  }
  const { size } = stats;
  const read = (at: number, length: number): Buffer => {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - at)));
    const count = reading(() => readSync(file, bytes, 0, bytes.length, at));
    return bytes.subarray(0, count);
  };
  return { file, store: { size, read } };
}

function reading<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new RecordingError(reasonOf(error));
  }
}
