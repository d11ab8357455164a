import type { Sample } from '../rates/sample.ts';
import { BINDINGS } from './actions.ts';
import { charts } from './charts.ts';
import { COLUMNS } from './columns.ts';
import { crop } from './flow.ts';
import type { Chart, Frame, Hotspot, Line, Size, Span } from './frame.ts';
import { header } from './header.ts';
import { helpLines, keyName } from './help.ts';
import type { Live } from './live.ts';
import { tableView } from './table.ts';
import { mainTable, sortOf } from './tables.ts';
import { clean, toWidth, wrap } from './text.ts';
import { blacklistTable } from './vassals.ts';

/** Below this, nothing useful can be shown. */
const SMALLEST: Size = { columns: 20, rows: 5 };

/** How the lines of a screen are divided. */
export interface Layout {
  header: number;
  /** Heading and rows of the main table. */
  table: number;
  /** Heading and rows of the blacklist, under it. */
  footnote: number;
}

export function layout({ sample }: Live, { rows }: Size): Layout {
  const head = rows >= 16 ? 5 : rows >= 12 ? 4 : 3;
  const body = rows - head - 1;
  const listed = sample?.kind === 'emperor' ? sample.snapshot.blacklist.length : 0;
  const footnote = listed === 0 ? 0 : Math.min(listed + 1, Math.floor(body / 2));
  return { header: head, table: body - footnote, footnote };
}

/** The whole screen. */
export function screen(live: Live, size: Size): Frame {
  if (size.columns < SMALLEST.columns || size.rows < SMALLEST.rows) return tooSmall(size);
  const parts = layout(live, size);
  const head = header(live, size.columns, parts.header);
  const body = bodyOf(live, size, parts);
  const keys = keyLine(live.sample?.kind ?? 'app', size.columns);
  const lines = [...head, ...body.lines];
  while (lines.length < size.rows - 1) lines.push({ spans: [] });
  return {
    lines: [...lines.slice(0, size.rows - 1), keys.line],
    hotspots: [
      ...body.hotspots.map((spot) => ({ ...spot, line: spot.line + parts.header })),
      ...keys.hotspots.map((spot) => ({ ...spot, line: size.rows - 1 })),
    ],
    charts: body.charts ?? [],
  };
}

interface Body {
  lines: Line[];
  hotspots: Hotspot[];
  charts?: Chart[];
}

function bodyOf(live: Live, size: Size, parts: Layout): Body {
  if (live.view.help !== null) return help(live, size, parts);
  if (live.view.body === 'table' || live.sample?.kind !== 'app') return table(live, size, parts);
  return { ...charts(live, parts.header, size.columns, parts.table), hotspots: [] };
}

function table(live: Live, { columns }: Size, parts: Layout): Body {
  const { sample, view, connection } = live;
  if (!sample)
    return { lines: connection.state === 'lost' ? advice(connection.advice, columns) : [], hotspots: [] };
  const options = {
    state: { sort: sortOf(sample.kind, view), selected: view.selected, top: view.top },
    at: { time: sample.time, mask: view.mask },
    glyphs: view.glyphs,
  };
  const main = tableView(mainTable(sample, view), { ...options, size: { columns, rows: parts.table } });
  const lines = [...main.lines];
  if (sample.kind === 'emperor' && parts.footnote > 0) {
    const state = { sort: { column: '', descending: false }, selected: null, top: 0 };
    const size = { columns, rows: parts.footnote };
    lines.push(...tableView(blacklistTable(sample), { ...options, state, size }).lines);
  }
  if (lines.length === 1)
    lines.push(nothing(view.filter === null ? EMPTY[sample.kind] : FILTERED, columns, view.glyphs.ellipsis));
  const stale = connection.state === 'lost';
  return { lines: stale ? lines.map((line) => ({ ...line, stale })) : lines, hotspots: main.hotspots };
}

/** What to do when there is nothing to show, under a blank line. */
function advice(text: string, columns: number): Line[] {
  return ['', ...wrap(clean(text), columns)].map((text) => ({ spans: [{ text, role: 'plain' }] }));
}

const FILTERED = 'no row shows the text of the filter';

const EMPTY = {
  app: 'no workers: the server runs without a master or is starting',
  emperor: 'no vassals: nothing is in what the emperor watches',
  router: 'no nodes: none has subscribed yet',
} as const;

const MORE = ' more below: PgDn';

function nothing(text: string, columns: number, ellipsis: string): Line {
  return crop({ spans: [{ text, role: 'dim' }] }, columns, ellipsis);
}

function help({ sample, view }: Live, { columns }: Size, parts: Layout): Body {
  const lines = helpLines(COLUMNS[sample?.kind ?? 'app'].columns);
  const height = parts.table + parts.footnote;
  const top = Math.max(0, Math.min(view.help ?? 0, lines.length - height));
  const shown = lines.slice(top, top + height);
  if (top + height < lines.length) shown[height - 1] = { spans: [{ text: MORE, role: 'dim' }] };
  return { lines: shown.map((line) => crop(line, columns, view.glyphs.ellipsis)), hotspots: [] };
}

/** The keys that a newcomer needs, as many as fit; they can be clicked. */
function keyLine(kind: Sample['kind'], columns: number): { line: Line; hotspots: Omit<Hotspot, 'line'>[] } {
  const spans: Span[] = [];
  const hotspots: Omit<Hotspot, 'line'>[] = [];
  let end = 0;
  for (const { keys, label, action, only = kind } of BINDINGS) {
    if (label === undefined || only !== kind) continue;
    const key = ` ${keyName(keys[0] ?? '')}`;
    const text = ` ${label} `;
    if (end + key.length + text.length > columns) break;
    spans.push({ text: key, role: 'key' }, { text, role: 'plain' });
    hotspots.push({ start: end, end: end + key.length + text.length, action });
    end += key.length + text.length;
  }
  return { line: { spans, emphasis: 'bar' }, hotspots };
}

function tooSmall({ columns, rows }: Size): Frame {
  const text = `too small: ${SMALLEST.columns}x${SMALLEST.rows} is the least`;
  return {
    lines: rows > 0 ? [{ spans: [{ text: toWidth(text, columns, 'left', '.'), role: 'warning' }] }] : [],
    hotspots: [],
    charts: [],
  };
}
