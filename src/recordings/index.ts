import { list, number, object } from '../monitor/forms.ts';
import { RecordingError } from './error.ts';
import { BLOCK_MARK, contentOf, frame, frameAt, HEADER, MAGIC, type Store } from './frames.ts';
import { checked, jsonIn, packedJson } from './header.ts';

/** A block of a file: it can be read without the others. */
export interface Block {
  /** Places of its first frame, and after its last one. */
  at: number;
  end: number;
  /** Unix seconds of its first and last event. */
  time: number;
  until: number;
  /** Number of its events. */
  events: number;
}

const BLOCKS = list(object<Block>({ at: number, end: number, time: number, until: number, events: number }));

/** Returns the frames that end a file: an index of its blocks, and a frame that says how large the index is. */
export function indexFrames(blocks: readonly Block[], time: number): Uint8Array {
  const index = frame('index', 0, time, packedJson(BLOCKS.write(blocks)));
  return Buffer.concat([index, frame('end', index.length, time, new Uint8Array())]);
}

/** The blocks of a file, and whether a part of it cannot be read. */
export interface Index {
  blocks: readonly Block[];
  isDamaged: boolean;
}

/**
 * Finds the blocks of a file: in its index, or else from the headers of its frames. A file without an index was not
 * closed. Its last frame can be incomplete, which is not damage.
 *
 * @throws RecordingError if it is not a recording of this format
 */
export function indexOf(store: Store): Index {
  const magic = store.read(0, MAGIC.length);
  if (!magic.equals(MAGIC)) {
    const isOther = magic.toString('latin1').startsWith('statstop recording ');
    throw new RecordingError(
      isOther ? 'it was written by a newer version of statstop' : 'it is not a recording of statstop',
    );
  }
  return writtenIndex(store) ?? scanned(store);
}

function writtenIndex(store: Store): Index | null {
  const end = frameAt(store, store.size - HEADER);
  if (end?.kind !== 'end') return null;
  const at = store.size - HEADER - end.server;
  const index = at > 0 ? frameAt(store, at) : null;
  if (index?.kind !== 'index') return null;
  try {
    const blocks = checked(() => BLOCKS.read(jsonIn(contentOf(store, index))));
    return areValid(blocks, at) ? { blocks, isDamaged: false } : null;
  } catch (error) {
    if (error instanceof RecordingError) return null;
    throw error;
  }
}

/** The latest time of `Date`, in Unix seconds. */
const LATEST = 8.64e12;

function areValid(blocks: readonly Block[], size: number): boolean {
  let at = MAGIC.length;
  return blocks.every((block) => {
    const isNext = block.at >= at && block.end > block.at && block.end <= size && block.time <= block.until;
    at = block.end;
    const areTimes = [block.time, block.until].every((time) => Math.abs(time) <= LATEST);
    return isNext && areTimes && [block.at, block.end].every(Number.isSafeInteger);
  });
}

function scanned(store: Store): Index {
  const blocks: Block[] = [];
  let isDamaged = false;
  let at = MAGIC.length;
  for (;;) {
    const next = frameAt(store, at);
    const last = blocks.at(-1);
    if (next === null || next.kind === 'index' || next.kind === 'end' || (!last && next.kind !== 'block')) {
      const mark = markAfter(store, at + 1);
      if (mark === null) return { blocks, isDamaged };
      isDamaged = true;
      at = mark;
      continue;
    }
    const { time, end } = next;
    const isEvent = next.kind === 'document' || next.kind === 'failure';
    if (next.kind === 'block') blocks.push({ at, end, time, until: time, events: 0 });
    else if (last) {
      last.end = end;
      if (isEvent) {
        last.until = Math.max(last.until, time);
        last.events += 1;
      }
    }
    at = end;
  }
}

/** Number of bytes to search at a time. */
const PART = 2 ** 20;

/** The next place at which a block can begin; `null` if there is none. */
function markAfter(store: Store, from: number): number | null {
  for (let at = from; at < store.size; at += PART) {
    const part = store.read(at, PART + BLOCK_MARK.length - 1);
    for (let found = part.indexOf(BLOCK_MARK); found >= 0; found = part.indexOf(BLOCK_MARK, found + 1))
      if (frameAt(store, at + found) !== null) return at + found;
  }
  return null;
}
