import type { Measure } from './measure.ts';

/**
 * Limits for the growth from the second quarter to the end. In the second quarter everything with a bound has reached
 * it.
 */
export interface Limits {
  /** Growth of the heap, as a fraction. */
  heap: number;
  /** Growth in the number of files and handles. The socket of a read may or may not exist at a measurement. */
  open: number;
}

export const LIMITS: Limits = { heap: 0.05, open: 2 };

/** Returns what has grown; empty if nothing has. */
export function verdict(measures: readonly Measure[], limits: Limits = LIMITS): string[] {
  const quarter = Math.floor(measures.length / 4);
  if (quarter === 0) return ['too few measurements'];
  const second = measures.slice(quarter, 2 * quarter);
  const last = measures.slice(-quarter);
  const heap = (part: readonly Measure[]) => part.reduce((sum, each) => sum + each.heap, 0) / part.length;
  const most = (part: readonly Measure[], what: (measure: Measure) => number) => Math.max(...part.map(what));
  const grown: string[] = [];
  const more = heap(last) / heap(second) - 1;
  if (more > limits.heap) grown.push(`the heap has grown by ${(more * 100).toFixed(1)} %`);
  const counts = { files: ({ files }: Measure) => files, handles: ({ handles }: Measure) => handles.length };
  for (const [name, count] of Object.entries(counts)) {
    const [before, after] = [most(second, count), most(last, count)];
    if (after > before + limits.open) grown.push(`there were ${before} ${name}, there are ${after}`);
  }
  return grown;
}

/** One line per measurement. */
export function table(measures: readonly Measure[]): string {
  const row = (cells: readonly string[]) => cells.map((cell) => cell.padStart(10)).join('');
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(2);
  return [
    `${row(['polls', 'heap MiB', 'rss MiB', 'files', 'handles'])}  of which`,
    ...measures.map(({ polls, heap, rss, files, handles }) => {
      const kinds = [...new Set(handles)].map((kind) => {
        const count = handles.filter((each) => each === kind).length;
        return count > 1 ? `${count} ${kind}` : kind;
      });
      const cells = [String(polls), megabytes(heap), megabytes(rss), String(files), String(handles.length)];
      return `${row(cells)}  ${kinds.join(', ')}`;
    }),
  ].join('\n');
}
