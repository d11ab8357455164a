import type { Role, Span } from './frame.ts';

const BLANKS = new Map<Role, Span[]>();

/**
 * A span of blanks; empty for a negative number of cells. Equal arguments return the same object, because each line has
 * several of them: it is made once, and the painter recognizes it faster.
 */
export function blank(cells: number, role: Role = 'plain'): Span {
  let spans = BLANKS.get(role);
  if (spans === undefined) {
    spans = [];
    BLANKS.set(role, spans);
  }
  const length = Math.max(0, cells);
  spans[length] ??= { text: ' '.repeat(length), role };
  return spans[length];
}
