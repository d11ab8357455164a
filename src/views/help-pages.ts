import { toWidth, width, wrap } from '../text/clean.ts';
import { GROUPS } from './bindings.ts';
import { blank } from './blank.ts';
import type { Column } from './column.ts';
import type { Line, Size, Span } from './frame.ts';
import { keyNames } from './help.ts';
import { type Keymap, sortKey } from './keymap.ts';
import type { HelpState } from './scene.ts';
import { marked, patternOf } from './search.ts';

/** Least width of a column of the help in cells, so that 80 cells have two columns and 120 have three. */
const LEAST_WIDTH = 39;
const GAP = 1;
const KEY_WIDTH = 11;
const LEAST_TEXT_WIDTH = 8;

/** Syntax of the filter, for the help and for docs/views.md. */
export const FILTER_SYNTAX: readonly (readonly [example: string, meaning: string])[] = [
  ['error', 'rows with this text'],
  ['rps>10', 'a value: = != < <= > >='],
  ['uri~^/api', 'a pattern (RE2 syntax)'],
  ['rps>1 /api', 'all words must match'],
];

/** The keys of all commands and columns, divided into pages. Each page is a list of columns of cells. */
export interface Help {
  pages: readonly (readonly (readonly Cell[])[])[];
  entries: readonly { text: string; page: number }[];
}

/** One line of a column of the help. */
interface Cell {
  spans: readonly Span[];
  /** Index of its entry; `null` for titles and blanks. */
  entry: number | null;
}

interface Entry {
  keys: string;
  /** Width of `keys` in cells. */
  keyWidth: number;
  text: string;
  /** Whether a long text may end with an ellipsis: another place of the screen has the whole text. */
  isShortened: boolean;
}

interface Group {
  title: string;
  entries: readonly Entry[];
}

/** How much room the help takes: lines for a description of a column, and blank lines between groups. */
interface Density {
  lines: number;
  isSpaced: boolean;
}

/** The most readable first. */
const DENSITIES: readonly Density[] = [
  { lines: Number.POSITIVE_INFINITY, isSpaced: true },
  { lines: 2, isSpaced: true },
  { lines: 1, isSpaced: true },
];
const TIGHTEST: Density = { lines: 1, isSpaced: false };

/** Size of the area of the help: the whole screen below the first line and above the key line. */
export function helpSize({ columns, rows }: Size): Size {
  return { columns, rows: Math.max(1, rows - 2) };
}

/**
 * Divides the help into as few pages as possible. It shortens descriptions of columns only if that saves a page.
 *
 * @param size of the screen
 */
export function helpOf(
  columns: readonly Pick<Column<unknown>, 'key' | 'title' | 'description'>[],
  keymap: Keymap,
  size: Size,
  ellipsis: string,
): Help {
  const of = [columns, size.columns, size.rows, ellipsis];
  const last = LAST_HELP.get(keymap);
  if (last?.of.every((each, place) => each === of[place])) return last.help;
  const help = dividedInto(groupsOf(columns, keymap), helpSize(size), ellipsis);
  LAST_HELP.set(keymap, { of, help });
  return help;
}

/** The last result by keymap: several parts of one frame use it. */
const LAST_HELP = new WeakMap<Keymap, { of: readonly unknown[]; help: Help }>();

function dividedInto(groups: readonly Group[], area: Size, ellipsis: string): Help {
  const pagesAt = (density: Density) => pagesOf(groups, area, density, ellipsis);
  const tightest = pagesAt(TIGHTEST);
  const roomier = DENSITIES.find((density) => pagesAt(density).length <= tightest.length);
  const pages = roomier ? pagesAt(roomier) : tightest;
  const firstPage = new Map<number, number>();
  for (const [page, cells] of pages.entries())
    for (const { entry } of cells.flat())
      if (entry !== null && !firstPage.has(entry)) firstPage.set(entry, page);
  const entries = groups
    .flatMap((group) => group.entries)
    .map(({ keys, text }, place) => ({ text: `${keys} ${text}`, page: firstPage.get(place) ?? 0 }));
  return { pages, entries };
}

/** Indexes of the entries whose keys or text contain the search text, ignoring case. */
export function helpMatches({ entries }: Help, search: string | null): number[] {
  if (!search) return [];
  const wanted = patternOf(search);
  return entries.flatMap(({ text }, place) => (wanted.test(text) ? [place] : []));
}

/** The lines of a page. Matches of the search are highlighted, and `>` marks the current one. */
export function helpPage({ pages }: Help, { page, search, at }: HelpState, { columns }: Size): Line[] {
  const shown = pages[Math.min(page, pages.length - 1)] ?? [];
  const room = columnWidth(columns);
  const height = Math.max(0, ...shown.map(({ length }) => length));
  return Array.from({ length: height }, (_, row): Line => {
    const spans: Span[] = [];
    for (const [place, cells] of shown.entries()) {
      const cell = cells[row];
      if (!cell) continue;
      const missing = place * (room + GAP) - spans.reduce((sum, { text }) => sum + width(text), 0);
      if (missing > 0) spans.push(blank(missing));
      spans.push(isFirst(cells, row) && cell.entry === at && at !== null ? CURRENT : blank(1));
      spans.push(
        ...(search && cell.entry !== null ? cell.spans.flatMap((span) => marked(span, search)) : cell.spans),
      );
    }
    return { spans };
  });
}

const CURRENT: Span = { text: '>', role: 'match' };

function isFirst(cells: readonly Cell[], row: number): boolean {
  return cells[row - 1]?.entry !== cells[row]?.entry;
}

function groupsOf(
  columns: readonly Pick<Column<unknown>, 'key' | 'title' | 'description'>[],
  keymap: Keymap,
): Group[] {
  const keyWidth = KEY_WIDTH;
  const groups = GROUPS.map((title) => ({
    title,
    entries: keymap.bindings
      .filter(({ group }) => group === title)
      .map((each) => ({ keys: keyNames(each), keyWidth, text: each.help, isShortened: false })),
  }));
  const syntax = FILTER_SYNTAX.map(([keys, text]) => ({ keys, keyWidth, text, isShortened: false }));
  return [
    ...groups,
    { title: 'Filter syntax', entries: syntax },
    { title: 'Columns: press the letter to sort', entries: columnEntries(columns, keymap) },
  ].filter(({ entries }) => entries.length > 0);
}

function columnEntries(
  columns: readonly Pick<Column<unknown>, 'key' | 'title' | 'description'>[],
  keymap: Keymap,
): Entry[] {
  if (columns.length === 0) return [];
  const keyWidth = 2 + Math.max(...columns.map(({ title }) => title.length));
  const entries = columns.map(({ key, title, description }) => ({
    keys: `${sortKey(keymap, key).padEnd(1)} ${title}`,
    keyWidth,
    text: description,
    isShortened: true,
  }));
  return [...entries, { keys: '  -', keyWidth, text: 'not known; 0 is zero', isShortened: false }];
}

function columnsAcross(columns: number): number {
  return Math.max(1, Math.floor((columns + GAP) / (LEAST_WIDTH + GAP)));
}

function columnWidth(columns: number): number {
  const across = columnsAcross(columns);
  return Math.floor((columns - GAP * (across - 1)) / across);
}

/** Fills the columns of the pages one after the other. */
function pagesOf(
  groups: readonly Group[],
  { columns, rows }: Size,
  { lines, isSpaced }: Density,
  ellipsis: string,
): Cell[][][] {
  const room = columnWidth(columns) - 1;
  const filled: Cell[][] = [[]];
  const last = () => filled.at(-1) ?? [];
  const begin = () => filled.push([]);
  let index = 0;
  for (const { title, entries } of groups) {
    for (const [place, entry] of entries.entries()) {
      const cells = entryCells(entry, index, room, lines, ellipsis);
      // A title stays with its first entry.
      if (place === 0) cells.unshift({ spans: [{ text: title, role: 'title' }], entry: null });
      const blank = place === 0 && isSpaced && last().length > 0 ? 1 : 0;
      if (last().length > 0 && last().length + blank + cells.length > rows) begin();
      else if (blank > 0) last().push({ spans: [], entry: null });
      for (const cell of cells) {
        if (last().length === rows) begin();
        last().push(cell);
      }
      index += 1;
    }
  }
  const across = columnsAcross(columns);
  return Array.from({ length: Math.ceil(filled.length / across) }, (_, page) =>
    filled.slice(page * across, (page + 1) * across),
  );
}

/** The lines of an entry. Long texts are wrapped within their own column. */
function entryCells(
  { keys, keyWidth, text, isShortened }: Entry,
  entry: number,
  room: number,
  lines: number,
  ellipsis: string,
): Cell[] {
  const textWidth = Math.max(LEAST_TEXT_WIDTH, room - keyWidth - 1);
  const all = wrap(text, textWidth);
  const shown = isShortened && all.length > lines ? all.slice(0, lines) : all;
  if (shown.length < all.length)
    shown[lines - 1] = toWidth(all.slice(lines - 1).join(' '), textWidth, 'left', ellipsis);
  return shown.map((line, at) => ({
    spans: [
      { text: (at === 0 ? keys : '').padEnd(keyWidth + 1), role: 'key' },
      { text: line, role: 'plain' },
    ],
    entry,
  }));
}
