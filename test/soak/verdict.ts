import type { Measure } from './measure.ts';

/** How much more may be there at the end than in the second quarter, when everything that is bounded is full. */
export interface Limits {
  /** Of the heap, as a part of it. */
  heap: number;
  /** Files and handles. One read has a socket, which is there or not at the moment of a look. */
  open: number;
}

export const LIMITS: Limits = { heap: 0.05, open: 2 };

/** What has grown; empty when nothing has. */
export function verdict(measures: readonly Measure[], limits: Limits = LIMITS): string[] {
  const quarter = Math.floor(measures.length / 4);
  if (quarter === 0) return ['too few looks to tell'];
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

/** A line a look. */
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
