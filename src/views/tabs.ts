import { isObserved } from '../monitor/observation.ts';
import { memoizeLast } from '../rates/memoize.ts';
import * as format from '../text/format.ts';
import { blank } from './blank.ts';
import type { Hotspot, Line, Role, Span } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import { viewKey } from './help.ts';
import type { Keymap } from './keymap.ts';
import type { Scene } from './scene.ts';
import type { View } from './view.ts';
import { VIEWS, viewOf } from './views.ts';

interface Tab {
  name: string;
  key: string;
  text: string;
  /** Reserved width in cells, so that the following tabs do not move when the count changes. */
  width: number;
  role: Role;
}

/** Cells of a count. A count of a thousand or more is abbreviated (`12k`). */
const COUNT_DIGITS = 3;
const COUNT_WIDTH = 1 + COUNT_DIGITS;

/** Cells before each tab of a paged line, and for the mark that more tabs precede or follow. */
const GAP = 1;
const MARK_WIDTH = 2;

/** Cells before each tab if all tabs fit with them. */
const WIDE_GAP = 2;

/**
 * The tabs of all views with their keys. The current view is highlighted, and views without content are dimmed.
 *
 * If the line is too narrow, the tabs are divided into fixed pages and the page of the current view is shown. The last
 * tab, Findings, is on every page. The place of a tab depends only on the width of the line.
 */
export function tabLine(scene: Scene, columns: number): TabLine {
  const { keys, glyphs } = scene.view;
  const views = VIEWS[scene.sample?.kind ?? 'app'];
  const counts = views.map((view) => (isObserved(scene) ? (view.count?.(scene) ?? null) : null));
  const empty = views.map((view) => isObserved(scene) && !view.has(scene));
  return drawn(views, viewOf(scene), keys, glyphs, columns, ...counts, ...empty);
}

type Contents = readonly (number | boolean | null)[];

/** @param contents for each view the count, then for each view whether it is empty */
const drawn = memoizeLast(
  (
    views: readonly View[],
    current: View,
    keys: Keymap,
    glyphs: Glyphs,
    columns: number,
    ...contents: Contents
  ): TabLine => lineOf(tabsOf(views, current, keys, contents), current.name, glyphs, columns),
);

function lineOf(tabs: readonly Tab[], current: string, { earlier, later }: Glyphs, columns: number): TabLine {
  const line = new TabLine(columns);
  const gap = widthOf(tabs, WIDE_GAP) <= columns ? WIDE_GAP : GAP;
  if (widthOf(tabs, gap) <= columns) {
    for (const tab of tabs) line.add(tab, gap);
    return line;
  }
  const { pages, last } = pagesOf(tabs, columns);
  const at = Math.max(
    0,
    pages.findIndex((page) => page.some(({ name }) => name === current)),
  );
  line.mark(pages[at - 1], earlier);
  for (const tab of pages[at] ?? []) line.add(tab);
  if (last) line.add(last, columns - MARK_WIDTH - last.width - line.end);
  line.mark(pages[at + 1], later, columns - 1);
  return line;
}

function tabsOf(views: readonly View[], current: View, keys: Keymap, contents: Contents): Tab[] {
  return views.map((view, at) => {
    const count = contents[at];
    const isEmpty = contents[views.length + at];
    const key = viewKey(keys, view.name, at);
    return {
      name: view.name,
      key,
      text:
        typeof count === 'number' && count > 0
          ? `${view.title} ${format.count(count, COUNT_DIGITS)}`
          : view.title,
      width: widthWithKey(key, view.title) + (view.count ? COUNT_WIDTH : 0),
      role: view === current ? 'tab' : isEmpty ? 'dim' : 'plain',
    };
  });
}

function widthWithKey(key: string, text: string): number {
  return key === '' ? text.length : key.length + 1 + text.length;
}

function widthOf(tabs: readonly Tab[], gap = GAP): number {
  return tabs.reduce((sum, { width }) => sum + gap + width, 0);
}

/** Divides the tabs into pages. `last` is the tab that is on every page; `null` if the line is too narrow for it. */
function pagesOf(tabs: readonly Tab[], columns: number): { pages: Tab[][]; last: Tab | null } {
  const room = columns - 2 * MARK_WIDTH;
  const last = tabs.at(-1);
  const others = tabs.slice(0, -1);
  const widest = Math.max(0, ...others.map(({ width }) => width + GAP));
  if (last && last.width + GAP + widest <= room)
    return { pages: pagesWithin(others, room - last.width - GAP), last };
  return { pages: pagesWithin(tabs, room), last: null };
}

function pagesWithin(tabs: readonly Tab[], room: number): Tab[][] {
  const pages: Tab[][] = [];
  for (const tab of tabs) {
    const page = pages.at(-1);
    if (page && widthOf([...page, tab]) <= room) page.push(tab);
    else pages.push([tab]);
  }
  return pages;
}

/** A line of tabs, to which tabs are added from left to right. */
class TabLine {
  readonly spans: Span[] = [];
  readonly hotspots: Omit<Hotspot, 'line'>[] = [];
  readonly #columns: number;
  /** Cells in use. */
  end = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  get line(): Line {
    return { spans: this.spans };
  }

  /** Adds a mark at a column. It leads to the first view of a page. Without a page it is blank. */
  mark(page: readonly Tab[] | undefined, text: string, start = 0): void {
    const name = page?.[0]?.name;
    this.spans.push({ text: ' '.repeat(Math.max(0, start - this.end)) + (name ? text : ' '), role: 'plain' });
    if (name) this.hotspots.push({ start, end: start + 1, action: { kind: 'view', name } });
    this.end = start + 1;
  }

  /** @param gap cells before the tab */
  add({ name, key, text, width, role }: Tab, gap = GAP): void {
    const start = this.end + Math.max(0, gap);
    const shown = key === '' ? text : `${key} ${text}`;
    const room = Math.min(Math.max(width, shown.length), this.#columns - start);
    if (room <= 0) return;
    const visible = shown.slice(0, room);
    this.spans.push(blank(gap));
    // The key of a tab is dim, unless the tab is the current one.
    if (role === 'tab') this.spans.push({ text: visible, role });
    else
      this.spans.push(
        { text: visible.slice(0, shown.length - text.length), role: 'dim' },
        { text: visible.slice(shown.length - text.length), role },
      );
    this.spans.push(blank(room - visible.length));
    this.hotspots.push({ start, end: start + visible.length, action: { kind: 'view', name } });
    this.end = start + room;
  }
}
