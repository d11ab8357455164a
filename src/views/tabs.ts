import { isObserved } from '../monitor/observation.ts';
import type { Hotspot, Line, Role, Span } from './frame.ts';
import type { Scene } from './scene.ts';
import { VIEWS, viewOf } from './views.ts';

interface Tab {
  name: string;
  text: string;
  /** Reserved width in cells, so that the following tabs do not move when the count changes. */
  width: number;
  role: Role;
}

/** A blank and three digits. */
const COUNT_WIDTH = 4;

/** The tabs of all views. The current view is highlighted, and views without content are dimmed. */
export function tabLine(scene: Scene, columns: number): { line: Line; hotspots: Omit<Hotspot, 'line'>[] } {
  const { sample } = scene;
  const current = viewOf(scene);
  const all = VIEWS[sample?.kind ?? 'app'].map((view): Tab => {
    const count = isObserved(scene) ? view.count?.(scene) : null;
    const has = !isObserved(scene) || view.has(scene);
    return {
      name: view.name,
      text: count ? `${view.title} ${count}` : view.title,
      width: view.title.length + (view.count ? COUNT_WIDTH : 0),
      role: view === current ? 'tab' : has ? 'plain' : 'dim',
    };
  });
  const gap = widthOf(all, WIDE_GAP) <= columns ? WIDE_GAP : NARROW_GAP;
  // If the line is too narrow, views without content are omitted first.
  const tabs = widthOf(all, gap) <= columns ? all : all.filter(({ role }) => role !== 'dim');
  const spans: Span[] = [];
  const hotspots: Omit<Hotspot, 'line'>[] = [];
  let end = 0;
  for (const { name, text, width, role } of tabs.slice(firstOf(tabs, current.name, columns, gap))) {
    const start = end + gap;
    if (start + text.length > columns) break;
    spans.push({ text: ' '.repeat(gap), role: 'plain' }, { text, role });
    hotspots.push({ start, end: start + text.length, action: { kind: 'view', name } });
    const room = Math.min(Math.max(width, text.length), columns - start);
    spans.push({ text: ' '.repeat(room - text.length), role: 'plain' });
    end = start + room;
  }
  return { line: { spans }, hotspots };
}

/** Cells before each tab. */
const WIDE_GAP = 2;
const NARROW_GAP = 1;

function widthOf(tabs: readonly Tab[], gap: number): number {
  return tabs.reduce((sum, { width }) => sum + gap + width, 0);
}

/** Index of the first tab to show, so that the current one fits on the line. */
function firstOf(tabs: readonly Tab[], current: string, columns: number, gap: number): number {
  const at = tabs.findIndex(({ name }) => name === current);
  let first = 0;
  while (first < at && widthOf(tabs.slice(first, at + 1), gap) > columns) first += 1;
  return first;
}
