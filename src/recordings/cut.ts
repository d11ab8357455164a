import { closeSync, fsyncSync, unlinkSync } from 'node:fs';
import { RecordingError } from './error.ts';
import { frameAt, MAGIC } from './frames.ts';
import { type Block, indexFrames } from './index.ts';
import { newFile, writeAll } from './new-file.ts';
import type { RecordedBlock, Recording } from './open.ts';

/** What was cut out. */
export interface Cut {
  bytes: number;
  /** Unix seconds of the first and the last event. */
  start: number;
  end: number;
}

/**
 * Writes the blocks of a period to a new file. The first block can begin before the period, because a block cannot be
 * read from its middle. The last one ends with the period.
 *
 * @param from and `until` in Unix seconds
 * @throws RecordingError if nothing was recorded in that period, or the error of the operating system
 */
export function cutOut(recording: Recording, from: number, until: number, path: string): Cut {
  const chosen = recording.blocks.filter((block) => block.until >= from && block.time <= until);
  if (chosen.length === 0) throw new RecordingError('nothing was recorded in that period');
  const file = newFile(path);
  try {
    const blocks: Block[] = [];
    let size = write(file, MAGIC);
    for (const block of chosen) {
      const { end, events, last } = endOf(recording, block, until);
      const at = size;
      for (let from = block.at; from < end; from += PART)
        size += write(file, recording.storeOf(block).read(from, Math.min(PART, end - from)));
      blocks.push({ at, end: size, time: block.time, until: last, events });
    }
    size += write(file, indexFrames(blocks, blocks.at(-1)?.until ?? until));
    fsyncSync(file);
    const end = blocks.reduce((latest, block) => Math.max(latest, block.until), from);
    return { bytes: size, start: blocks[0]?.time ?? from, end };
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Number of bytes to copy at a time. */
const PART = 2 ** 20;

/** The place in a block after the last frame of the period. */
function endOf(
  recording: Recording,
  block: RecordedBlock,
  until: number,
): { end: number; events: number; last: number } {
  const store = recording.storeOf(block);
  let end = block.at;
  let events = 0;
  let last = block.time;
  while (end < block.end) {
    const frame = frameAt(store, end);
    if (frame === null) break;
    const isEvent = frame.kind === 'document' || frame.kind === 'failure';
    if (isEvent && frame.time > until) break;
    if (isEvent) {
      events += 1;
      last = Math.max(last, frame.time);
    }
    end = frame.end;
  }
  return { end, events, last };
}

function write(file: number, bytes: Uint8Array): number {
  writeAll(file, bytes);
  return bytes.length;
}
