import { clean, toWidth, width } from '../text/clean.ts';
import { blank } from './blank.ts';
import type { Line, Role, Span } from './frame.ts';

/** One fact in a line of facts, such as `RPS 412.6`. */
export interface Item {
  label?: string;
  /** Can come from a document. `flow` cleans it. */
  text: string;
  role?: Role;
  /** More spans after the text, such as a bar. */
  spans?: readonly Span[];
  /** Rank: items with high numbers are omitted first when the line becomes narrow; 1 is omitted last. */
  importance: number;
  /** Aligns this item and the following items to the right edge. */
  right?: boolean;
}

const GAP = 2;

/** An item with clean text and its widths in cells. */
interface Fact extends Item {
  width: number;
  textWidth: number;
}

/** Arranges facts side by side. Omits the least important facts if the line is too narrow. */
export function flow(items: readonly Item[], columns: number, ellipsis: string): Line {
  const facts = items.map(measured);
  const fitting = new Set<Fact>();
  let used = 0;
  for (const fact of [...facts].sort((a, b) => a.importance - b.importance)) {
    const more = fact.width + (fitting.size > 0 ? GAP : 0);
    if (used + more > columns && fitting.size > 0) break;
    fitting.add(fact);
    used += more;
  }
  const spans: Span[] = [];
  let spare = Math.max(0, columns - used);
  for (const fact of facts) {
    if (!fitting.has(fact)) continue;
    if (spans.length > 0) spans.push(blank(GAP));
    if (fact.right) {
      spans.push(blank(spare));
      spare = 0;
    }
    spans.push(...spansOf(fact, columns, ellipsis));
  }
  return { spans };
}

function measured(item: Item): Fact {
  const text = clean(item.text);
  const textWidth = width(text);
  const labelWidth = item.label === undefined ? 0 : item.label.length + 1;
  const rest = (item.spans ?? []).reduce((sum, span) => sum + width(span.text), 0);
  return { ...item, text, textWidth, width: labelWidth + textWidth + rest };
}

function spansOf(fact: Fact, columns: number, ellipsis: string): Span[] {
  const { label, text, role = 'plain', spans = [] } = fact;
  // The text of a single item that is wider than the line is truncated, down to nothing.
  const room = columns - fact.width + fact.textWidth;
  const shown = fact.width > columns ? toWidth(text, room, 'left', ellipsis) : text;
  const all: Span[] = [{ text: shown, role }, ...spans];
  return label === undefined ? all : [{ text: `${label} `, role: 'label' }, ...all];
}

/** Truncates a line of clean text to the width of the terminal. */
export function crop(line: Line, columns: number, ellipsis: string): Line {
  const spans: Span[] = [];
  let room = columns;
  for (const span of line.spans) {
    const size = width(span.text);
    spans.push(size > room ? { ...span, text: toWidth(span.text, room, 'left', ellipsis) } : span);
    room -= size;
    if (room <= 0) break;
  }
  return { ...line, spans };
}
