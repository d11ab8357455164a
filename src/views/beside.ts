import { width } from '../text/clean.ts';
import type { Line, Span } from './frame.ts';

/** Lines to place beside others. Each is at most `columns` cells wide. */
export interface Block {
  lines: readonly Line[];
  columns: number;
}

const BLANK: Span = { text: ' ', role: 'plain' };

/** Places blocks side by side, separated by a blank. Only the first block keeps the emphasis of its lines. */
export function beside(blocks: readonly Block[], rows: number): Line[] {
  const [first] = blocks;
  return Array.from({ length: rows }, (_, row) => ({
    ...first?.lines[row],
    spans: blocks.flatMap(({ lines, columns }, at) => {
      const spans = lines[row]?.spans ?? [];
      if (at === blocks.length - 1) return spans;
      const used = spans.reduce((sum, { text }) => sum + width(text), 0);
      return [...spans, { text: ' '.repeat(Math.max(0, columns - used)), role: 'plain' as const }, BLANK];
    }),
    emphasized: first?.columns ?? 0,
  }));
}
