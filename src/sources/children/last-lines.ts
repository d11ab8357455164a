import { decodeBytes } from '../../stats/bytes.ts';

/** Maximum number of characters of a message that an error repeats. */
const MOST = 200;

/** Bytes at the end of an output that are searched for a message. */
const SEARCHED = 16 * 1024;

/** The lines of the end of an output of a program, without blank lines. Neither clean nor masked. */
export function lastLines(bytes: Uint8Array): string[] {
  return decodeBytes(bytes.subarray(-SEARCHED))
    .split(/[\r\n]+/)
    .map((line) => line.trim().slice(0, MOST))
    .filter((line) => line !== '');
}
