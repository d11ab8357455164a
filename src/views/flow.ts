import type { Line, Role, Span } from './frame.ts';
import { clean, toWidth, width } from './text.ts';

/** One fact of a line of facts: `RPS 412.6`. */
export interface Item {
  label?: string;
  /** May come from a document: it is cleaned here. */
  text: string;
  role?: Role;
  /** More spans behind the text, such as a bar. */
  spans?: readonly Span[];
  /** 1 stays to the last when the line gets narrow. */
  importance: number;
  /** Pushes itself and what follows to the right edge. */
  right?: boolean;
}

const GAP = 2;

/** Facts side by side; the least important ones give way when the line is too narrow. */
export function flow(items: readonly Item[], columns: number, ellipsis: string): Line {
  const kept = new Set<Item>();
  let used = 0;
  for (const item of [...items].sort((a, b) => a.importance - b.importance)) {
    const more = itemWidth(item) + (kept.size > 0 ? GAP : 0);
    if (used + more > columns && kept.size > 0) break;
    kept.add(item);
    used += more;
  }
  const spans: Span[] = [];
  let spare = Math.max(0, columns - used);
  for (const item of items) {
    if (!kept.has(item)) continue;
    if (spans.length > 0) spans.push({ text: ' '.repeat(GAP), role: 'plain' });
    if (item.right) {
      spans.push({ text: ' '.repeat(spare), role: 'plain' });
      spare = 0;
    }
    spans.push(...itemSpans(item, columns, ellipsis));
  }
  return { spans };
}

function itemWidth({ label, text, spans = [] }: Item): number {
  const labelled = label === undefined ? 0 : label.length + 1;
  return labelled + width(clean(text)) + spans.reduce((sum, span) => sum + width(span.text), 0);
}

function itemSpans(item: Item, columns: number, ellipsis: string): Span[] {
  const { label, text, role = 'plain', spans = [] } = item;
  const safe = clean(text);
  const around = itemWidth({ ...item, text: '' });
  // Alone on a line that is too narrow for it, the text is cut, then left away.
  const shown = width(safe) + around > columns ? toWidth(safe, columns - around, 'left', ellipsis) : safe;
  const all: Span[] = [{ text: shown, role }, ...spans];
  return label === undefined ? all : [{ text: `${label} `, role: 'label' }, ...all];
}

/** A line of clean text, cut where the terminal ends. */
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
