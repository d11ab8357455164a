import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** More than any of the files that are read so; where one is not, it is not known. */
const buffer = Buffer.allocUnsafe(64 * 1024);

/**
 * A small file of `/proc` that the kernel writes without waiting for the process: `stat` and `status`, but not `cmdline`
 * or `smaps`. Such a read takes some 15 µs; through `fs.promises` it takes eight times as long.
 *
 * @returns `null` when it cannot be read, or not all of it
 */
export function readNow(path: string): string | null {
  try {
    const file = openSync(path, 'r');
    try {
      const length = readSync(file, buffer, 0, buffer.length, 0);
      return length === 0 || length === buffer.length ? null : buffer.toString('latin1', 0, length);
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

/** Milliseconds after which keys and the screen have their turn. */
const SLICE = 3;

/** Does the work of all items, with a pause after each few ms. */
export async function inSlices<Item>(
  items: readonly Item[],
  work: (item: Item, place: number) => void,
): Promise<void> {
  let began = performance.now();
  for (const [place, item] of items.entries()) {
    work(item, place);
    if (performance.now() - began < SLICE) continue;
    await setImmediate();
    began = performance.now();
  }
}
