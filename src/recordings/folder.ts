import {
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import type { SourceEvent } from '../sources/source.ts';
import { reasonOf } from '../text/reason.ts';
import { RecordingError } from './error.ts';
import { MAGIC } from './frames.ts';
import { type Block, indexFrames } from './index.ts';
import { Lock } from './lock.ts';
import { newFile, writeAll } from './new-file.ts';
import { ENDING } from './recognize.ts';
import type { Part, Recorder } from './recorder.ts';

export interface FolderOptions {
  /** Seconds for which files are kept; absent for no limit. */
  keep?: number | undefined;
  /** Maximum size of all files in bytes; absent for no limit. */
  most?: number | undefined;
  /** Called when writing fails, and when it succeeds again. */
  say(text: string): void;
}

/** Seconds that a file covers, and its maximum size in bytes. Smaller with a small limit for all files. */
const FILE_SECONDS = 3600;
const FILE_BYTES = 64 * 2 ** 20;

/** Maximum size of a file, as a share of the limit for all files. */
const FILE_SHARE = 1 / 8;

/** Seconds after a failed write until the next one. */
const RETRY_SECONDS = 5;

/** A file that is being written. */
interface Segment {
  name: string;
  file: number;
  /** Size in bytes up to the last complete part. */
  size: number;
  began: number;
  blocks: Block[];
}

/**
 * Writes a recording to a folder: a file for each hour. Every reading is passed to the kernel at once, so the end of
 * this process loses nothing. If a write fails, the file is cut to its last complete reading.
 */
export class RecordingFolder {
  readonly path: string;
  readonly #recorder: Recorder;
  readonly #options: FolderOptions;
  readonly #lock: Lock;
  #segment: Segment | null = null;
  /** Unix seconds of the last failed write; `null` after a successful one. */
  #failedAt: number | null = null;

  /**
   * Opens a folder to record to.
   *
   * @throws RecordingError if others can write to it or another process records to it, or the error of the system
   */
  constructor(path: string, recorder: Recorder, options: FolderOptions) {
    refuseUnsafe(path);
    this.path = path;
    this.#recorder = recorder;
    this.#options = options;
    this.#lock = Lock.take(join(path, '.recorder'));
  }

  /** Whether the last write failed. */
  get isFailing(): boolean {
    return this.#failedAt !== null;
  }

  /**
   * Writes an event. A failed write is reported once, and tried again with a later event.
   *
   * @returns what was written; `null` if nothing was
   * @throws RecordingError if another process has taken over the folder
   */
  record(target: string, event: SourceEvent): Part | null {
    const time = this.#recorder.timeOfNext(event);
    if (this.#failedAt !== null && time >= this.#failedAt && time - this.#failedAt < RETRY_SECONDS) {
      this.#recorder.follow(target, event);
      return null;
    }
    if (this.#isFull(time)) this.#recorder.beginBlock();
    const part = this.#recorder.record(target, event);
    if (part === null) return null;
    try {
      this.#appendEnding(part.ending);
      if (part.beginsBlock && (this.#segment === null || this.#isFull(time))) this.#begin(time);
      this.#append(part);
      return part;
    } catch (error) {
      if (error instanceof RecordingError) throw error;
      this.#fail(error as NodeJS.ErrnoException, time);
      return null;
    }
  }

  /** Ends the recording. The last file gets its index. */
  close(): void {
    if (this.#segment !== null) quietly(() => this.#appendEnding(this.#recorder.ending()));
    this.#end();
    this.#lock.release();
  }

  #isFull(time: number): boolean {
    if (this.#segment === null) return false;
    const { began, size } = this.#segment;
    return size >= this.#fileBytes || time - began >= FILE_SECONDS || time < began;
  }

  get #fileBytes(): number {
    return Math.min(FILE_BYTES, (this.#options.most ?? Number.POSITIVE_INFINITY) * FILE_SHARE);
  }

  #begin(time: number): void {
    this.#end();
    this.#lock.check();
    this.#deleteOld(time);
    const { name, file } = created(this.path, time);
    this.#segment = { name, file, size: 0, began: time, blocks: [] };
  }

  /** Writes the end of the current block. */
  #appendEnding(bytes: Uint8Array): void {
    const block = this.#segment?.blocks.at(-1);
    if (this.#segment === null || block === undefined || bytes.length === 0) return;
    writeAll(this.#segment.file, bytes);
    this.#segment.size += bytes.length;
    block.end = this.#segment.size;
  }

  #append({ bytes, beginsBlock, time }: Part): void {
    const segment = this.#segment;
    if (segment === null) throw new Error('no file is open');
    const isNew = segment.size === 0;
    writeAll(segment.file, isNew ? Buffer.concat([MAGIC, bytes]) : bytes);
    const at = isNew ? MAGIC.length : segment.size;
    segment.size = at + bytes.length;
    if (beginsBlock) {
      segment.blocks.push({ at, end: at, time, until: time, events: 0 });
      // After this, a power failure loses at most one block. Do not wait for it.
      fdatasync(segment.file, () => {});
    }
    const block = segment.blocks.at(-1);
    if (block) {
      block.end = segment.size;
      block.until = Math.max(block.until, time);
      block.events += 1;
    }
    if (this.#failedAt !== null) this.#options.say('recording continues');
    this.#failedAt = null;
  }

  /** Removes what was written of the last part, and goes on with a new file later. */
  #fail(error: NodeJS.ErrnoException, time: number): void {
    const segment = this.#segment;
    this.#segment = null;
    if (segment) {
      quietly(() => ftruncateSync(segment.file, segment.size));
      closeSync(segment.file);
      if (segment.size === 0) quietly(() => unlinkSync(join(this.path, segment.name)));
    }
    this.#recorder.dropBlock();
    if (this.#failedAt === null) this.#options.say(`recording is interrupted: ${reasonOf(error)}`);
    this.#failedAt = time;
  }

  /** Completes the current file with its index. Without it, the file can still be read. */
  #end(): void {
    const segment = this.#segment;
    this.#segment = null;
    if (segment === null) return;
    try {
      writeAll(segment.file, indexFrames(segment.blocks, segment.blocks.at(-1)?.until ?? 0));
    } catch {
      quietly(() => ftruncateSync(segment.file, segment.size));
    }
    closeSync(segment.file);
  }

  #deleteOld(time: number): void {
    const { keep = Number.POSITIVE_INFINITY, most = Number.POSITIVE_INFINITY } = this.#options;
    const files = recordedFiles(this.path);
    let total = files.reduce((sum, { size }) => sum + size, 0) + this.#fileBytes;
    for (const { path, size, changed } of files) {
      if (changed >= time - keep && total <= most) continue;
      quietly(() => unlinkSync(path));
      total -= size;
    }
  }
}

/** The files of a folder, oldest first. */
function recordedFiles(folder: string): { path: string; size: number; changed: number }[] {
  const names = readdirSync(folder).filter((name) => NAME.test(name));
  const files = names.flatMap((name) => {
    const path = join(folder, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? [{ path, size: stats.size, changed: stats.mtimeMs / 1000 }] : [];
  });
  return files.sort((one, other) => one.changed - other.changed);
}

/** Only files with such names are deleted. */
const NAME = /^\d{8}T\d{6}Z(-\d+)?\.statstop$/;

/** Makes a file whose name is the time in UTC. It never opens an existing file. */
function created(folder: string, time: number): { name: string; file: number } {
  const stem = new Date(time * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
  for (let count = 1; ; count += 1) {
    const name = `${stem}${count === 1 ? '' : `-${count}`}${ENDING}`;
    try {
      return { name, file: newFile(join(folder, name)) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || count >= 1000) throw error;
    }
  }
}

/** The folder must belong to the user, and no other user may write to it. */
function refuseUnsafe(path: string): void {
  const file = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    const { uid, mode } = fstatSync(file);
    if (uid !== process.geteuid?.())
      throw new RecordingError(`it belongs to user ${uid}. Give a folder of your own`);
    if ((mode & 0o022) !== 0)
      throw new RecordingError('other users can write to it. Give another folder, or change its mode to 700');
  } finally {
    closeSync(file);
  }
}

/** Ignores an error: there is nothing else to do, and the error that came first is reported. */
function quietly(action: () => void): void {
  try {
    action();
  } catch {}
}
