import { readFileSync } from 'node:fs';
import type { Reading } from '../../src/rates/sample.ts';
import { decode } from '../../src/stats/decode.ts';
import type { Capture } from './captures.ts';

export const FOLDER = new URL('../../fixtures/findings/', import.meta.url);

/** The file of a read of a capture, from 0. */
export const fileOf = ({ name, side }: Capture, read: number) => `${name}.${side}.${read + 1}.stats`;

/** The readings of a capture, in order. */
export function readingsOf(capture: Capture): Reading[] {
  const [first = 0] = capture.after;
  const reads = capture.after.map((after, read) => ({
    snapshot: decode(readFileSync(new URL(fileOf(capture, read), FOLDER))),
    time: capture.time - (capture.after.at(-1) ?? 0) + after,
    clock: after - first,
  }));
  const last = reads.at(-1);
  const again = Array.from({ length: capture.again ?? 0 }, (_, at) => at + 1).flatMap((seconds) =>
    last ? { ...last, time: last.time + seconds, clock: last.clock + seconds } : [],
  );
  return [...reads, ...again];
}
