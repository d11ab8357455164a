import { width } from '../text/clean.ts';
import { blank } from './blank.ts';
import type { Line, Span } from './frame.ts';

/** Lines to place beside others. Each is at most `columns` cells wide. */
export interface Block {
  lines: readonly Line[];
  columns: number;
}

/** Places blocks side by side, separated by a blank. Only the first block keeps the emphasis of its lines. */
export function beside(blocks: readonly Block[], rows: number): Line[] {
  const [first] = blocks;
  return Array.from({ length: rows }, (_, row) => ({
    ...first?.lines[row],
    spans: spansOf(blocks, row),
    emphasized: first?.columns ?? 0,
  }));
}

function spansOf(blocks: readonly Block[], row: number): readonly Span[] {
  const last = blocks.at(-1)?.lines[row]?.spans ?? [];
  if (blocks.length === 1) return last;
  const spans: Span[] = [];
  for (const { lines, columns } of blocks.slice(0, -1)) {
    let used = 0;
    for (const span of lines[row]?.spans ?? []) {
      spans.push(span);
      used += width(span.text);
    }
    spans.push(blank(columns - used), blank(1));
  }
  return spans.concat(last);
}
