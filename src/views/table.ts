import { memoize, memoizeLast } from '../rates/memoize.ts';
import { clean, toWidth } from '../text/clean.ts';
import { blank } from './blank.ts';
import { type CellContext, type Column, fitted } from './column.ts';
import type { Hotspot, Line, Role, Span } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import { type Keymap, sortKey } from './keymap.ts';
import type { Sort } from './order.ts';

/** Rows of one kind with their columns. */
export interface Table<Row> {
  columns: readonly Column<Row>[];
  /** In display order. */
  rows: readonly Row[];
  id(row: Row): string;
  /** Id of the row above it in a tree, which is shown whenever this row is shown; `null` for none. */
  parent?(row: Row): string | null;
  role?(row: Row): Role;
  /** A row of totals below all rows. It cannot be selected. */
  footer?: Row;
  /** Text that replaces the columns after the named one; `null` for none. */
  note?: { after: string; text(row: Row): string | null };
}

export interface TableState {
  sort: Sort;
  /** Id of the selected row. */
  selected: string | null;
  /** Index of the first row shown. */
  top: number;
}

/** A column with its position and width on the line, in cells. */
export interface Placed<Row> {
  column: Column<Row>;
  start: number;
  width: number;
}

const MAX_GAP = 2;

/** Maximum width of a growing column, so that its texts are not too far from the numbers after it. */
const WIDEST = 60;

/**
 * Distributes the remaining cells of a line among its columns.
 *
 * @param least widths of the columns without these cells
 * @returns the widths, and the number of cells that remain
 */
function widened<Row>(
  shown: readonly Column<Row>[],
  least: readonly number[],
  remaining: number,
): { widths: readonly number[]; spare: number } {
  const widths = [...least];
  let spare = remaining;
  const widen = (at: number, to: number) => {
    const more = Math.max(0, Math.min(spare, to - (widths[at] ?? 0)));
    widths[at] = (widths[at] ?? 0) + more;
    spare -= more;
  };
  const growing = shown.findIndex(({ grows }) => grows);
  widen(growing, shown[growing]?.preferredWidth ?? 0);
  for (const [at, { roomyWidth = 0 }] of shown.entries()) widen(at, roomyWidth);
  if (growing >= 0) widen(growing, growing === shown.length - 1 ? Number.POSITIVE_INFINITY : WIDEST);
  return { widths, spare };
}

/** Minimum width of the most important column in a line that is too narrow for it and the sort column. */
const NARROWEST = 4;

/**
 * The columns that fit into a line, in their own order. The least important columns are omitted first. The sort column is
 * never omitted, and the most important one is cut before it is omitted: it says what the row is. A number is not cut.
 *
 * @param columnsOfLine width of the line in cells
 * @param sort name of the sort column
 */
export function place<Row>(
  columns: readonly Column<Row>[],
  columnsOfLine: number,
  sort: string,
): Placed<Row>[] {
  const rank = ({ name, importance }: Column<Row>) => (name === sort ? 0 : importance);
  const most = Math.min(...columns.map(({ importance }) => importance));
  const widthsOf = new Map<Column<Row>, number>();
  let used = 0;
  let wanted = 0;
  for (const column of [...columns].sort((a, b) => rank(a) - rank(b))) {
    const gap = widthsOf.size > 0 ? 1 : 0;
    const isMost = column.importance === most;
    const room = columnsOfLine - used - gap - (isMost ? 0 : wanted);
    const least = isMost && column.unit === 'word' ? Math.min(column.width, NARROWEST) : column.width;
    if (least > room && widthsOf.size > 0) break;
    const width = widthsOf.size > 0 ? Math.min(column.width, room) : column.width;
    widthsOf.set(column, width);
    used += gap + width;
    wanted += Math.max(0, (column.preferredWidth ?? 0) - column.width);
  }
  const shown = columns.filter((column) => widthsOf.has(column));
  const least = shown.map((column) => widthsOf.get(column) ?? column.width);
  const { widths, spare } = widened(shown, least, Math.max(0, columnsOfLine - used));
  const gap = 1 + Math.min(MAX_GAP - 1, Math.floor(spare / Math.max(1, shown.length - 1)));
  let start = 0;
  return shown.map((column, at) => {
    const width = widths[at] ?? column.width;
    const placed = { column, start, width };
    start += width + gap;
    return placed;
  });
}

export interface TableView {
  lines: Line[];
  /** Areas of the heading on line 0, and of the rows below it. */
  hotspots: Hotspot[];
  /** Index of the first row in view, and of the row after the last one in view. */
  top: number;
  end: number;
}

export interface TableOptions {
  /** Size of the table with its heading and its totals. */
  size: { columns: number; rows: number };
  state: TableState;
  at: CellContext;
  glyphs: Glyphs;
  /** Decides which letters of the headings sort; `null` if none does. */
  keys: Keymap | null;
}

/** The heading and the rows in view. Other rows are not formatted. */
export function tableView<Row>(
  table: Table<Row>,
  { size, state, at, glyphs, keys }: TableOptions,
): TableView {
  const { placed, heading } = placedIn(table.columns as readonly Column<unknown>[])(
    size.columns,
    state.sort,
    glyphs,
    keys,
  );
  const { footer } = table;
  const height = Math.max(0, size.rows - 1 - footerHeight(table));
  const { top, selected } = window(table, state, height);
  const shown = table.rows.slice(top, top + height);
  const lines = shown.map((row, place): Line => {
    const spans = rowSpans(table, { row, above: shown[place - 1] ?? null }, placed, size.columns, at, glyphs);
    return { spans, emphasis: top + place === selected ? 'selected' : undefined };
  });
  const rowSpots = shown.map(
    (row, at): Hotspot => ({
      line: at + 1,
      start: 0,
      end: size.columns,
      action: { kind: 'select', id: table.id(row) },
    }),
  );
  if (footer !== undefined)
    lines.push({ spans: rowSpans(table, { row: footer, above: null }, placed, size.columns, at, glyphs) });
  return {
    lines: [heading, ...lines],
    hotspots: [...placed.map(hotspot), ...rowSpots],
    top,
    end: top + shown.length,
  };
}

/** Number of lines for the totals. */
export function footerHeight({ footer }: Pick<Table<unknown>, 'footer'>): 0 | 1 {
  return footer === undefined ? 0 : 1;
}

/** The columns of a line and its heading. Memoized, because they change only with the width and the order. */
const placedIn = memoize((columns: readonly Column<unknown>[]) =>
  memoizeLast((width: number, sort: Sort, glyphs: Glyphs, keys: Keymap | null) => {
    const placed = place(columns, width, sort.column);
    return { placed, heading: headingLine(placed, sort, glyphs, keys) };
  }),
);

/** Indexes of the rows by id. Memoized, so that a key press does not search thousands of rows. */
export const placesOf = memoize(
  ({ rows, id }: Pick<Table<unknown>, 'rows' | 'id'>): ReadonlyMap<string, number> => {
    const places = new Map<string, number>();
    // A document can contain two rows with the same id. The first one takes precedence.
    for (let place = rows.length - 1; place >= 0; place -= 1) places.set(id(rows[place]), place);
    return places;
  },
);

/** Index of the first row in view, and of the selected row (-1: none). The selected row is always in view. */
export function window(
  table: Pick<Table<unknown>, 'rows' | 'id'>,
  state: Pick<TableState, 'selected' | 'top'>,
  height: number,
) {
  const selected = state.selected === null ? -1 : (placesOf(table).get(state.selected) ?? -1);
  let top = Math.min(state.top, Math.max(0, table.rows.length - height));
  if (selected >= 0) top = Math.min(Math.max(top, selected - height + 1), selected);
  return { top: Math.max(0, top), selected };
}

/** @param above the row on the line above; `null` for the first line */
function rowSpans<Row>(
  table: Table<Row>,
  { row, above }: { row: Row; above: Row | null },
  placed: readonly Placed<Row>[],
  columnsOfLine: number,
  at: CellContext,
  glyphs: Glyphs,
): Span[] {
  const role = table.role?.(row) ?? 'plain';
  const note = table.note?.text(row) ?? null;
  const spans: Span[] = [];
  let end = 0;
  for (const { column, start, width } of placed) {
    if (start > end) spans.push(blank(start - end, role));
    const text = repeats(column, row, above) ? '' : column.text(row, at);
    const unknown = text === '-' ? 'dim' : null;
    spans.push({
      text: fitted(column, row, text, width, glyphs.ellipsis),
      role: column.role?.(row, at) ?? unknown ?? role,
    });
    end = start + width;
    if (note !== null && column.name === table.note?.after) {
      const room = columnsOfLine - end - 1;
      if (room > 0)
        spans.push(
          { text: ' ', role },
          { text: toWidth(note, room, 'left', glyphs.ellipsis), role: 'plain' },
        );
      break;
    }
  }
  return spans;
}

/** Whether the line above has shown this value, because it belongs to more than one row. */
function repeats<Row>({ belongsTo }: Column<Row>, row: Row, above: Row | null): boolean {
  return belongsTo !== undefined && above !== null && belongsTo(row) === belongsTo(above);
}

function headingLine<Row>(
  placed: readonly Placed<Row>[],
  sort: Sort,
  glyphs: Glyphs,
  keys: Keymap | null,
): Line {
  const spans: Span[] = [];
  let end = 0;
  for (const { column, start, width } of placed) {
    if (start > end) spans.push(blank(start - end));
    const sign = column.name === sort.column ? arrow(sort, glyphs) : null;
    spans.push(...headingSpans(column, width, sign, keys));
    end = start + width;
  }
  return { spans, emphasis: 'heading' };
}

/** The sign of an order in the heading of its column. */
export function arrow({ descending }: Sort, glyphs: Glyphs): string {
  return descending ? glyphs.descending : glyphs.ascending;
}

/**
 * A title with its sort letter highlighted, if it has one, and with the arrow of the order.
 *
 * @param sign the arrow; `null` for columns that do not sort
 */
function headingSpans<Row>(
  { title, key, align }: Column<Row>,
  width: number,
  sign: string | null,
  keys: Keymap | null,
): Span[] {
  const text = toWidth(clean(title) + (sign ?? ''), width, align, '');
  const at = keys === null || sortKey(keys, key) === '' ? -1 : text.indexOf(key ?? '');
  const role = sign === null ? 'plain' : 'headingSort';
  if (at < 0) return [{ text, role }];
  return [
    { text: text.slice(0, at), role },
    { text: text.charAt(at), role: sign === null ? 'headingKey' : 'headingSortKey' },
    { text: text.slice(at + 1), role },
  ];
}

function hotspot<Row>({ column, start, width }: Placed<Row>): Hotspot {
  return { line: 0, start, end: start + width, action: { kind: 'sort', column: column.name } };
}
