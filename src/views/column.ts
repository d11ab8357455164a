import type { WritingTime } from '../rates/written.ts';
import { type Align, clean, toWidth, width } from '../text/clean.ts';
import * as format from '../text/format.ts';
import type { Mask } from '../text/secrets.ts';
import type { Role } from './frame.ts';
import type { Thresholds } from './thresholds.ts';

/**
 * One column of a table. The screen, `--once`, `--sort`, `--columns` and the help are generated from these definitions.
 */
export interface Column<Row> {
  /** Name in `--sort` and `--columns`. */
  name: string;
  title: string;
  /**
   * Letter of the title that sorts by this column. Absent if each letter is the key of a command, in lower case or in
   * upper case, or belongs to a more useful column of the view.
   */
  key?: string;
  /** Minimum width in cells, without the gap after the column. Includes room for the title and the sort arrow. */
  width: number;
  align: Align;
  /** Takes the remaining width of the line. At most one column per table. */
  grows?: boolean;
  /** Cells to reserve for this column before a less important column is shown. */
  preferredWidth?: number;
  /** Width in cells if the line has spare room. */
  roomyWidth?: number;
  /**
   * The values contain blanks. Plain-text output omits the column unless the user requests it or it is the content of the
   * table, so that every line has the same number of fields.
   */
  phrase?: true;
  /** Rank: columns with high numbers are hidden first when the terminal becomes narrow; 1 is hidden last. */
  importance: number;
  descending: boolean;
  description: string;
  /** Unit of the values. */
  unit: Unit;
  /** Value for filters: a quantity in `unit`, Unix seconds for an instant, or a word. `null` means unknown. */
  value(row: Row): number | string | null;
  /** Sort key, if it differs from the value. `null` sorts last in both orders. */
  sortKey?(row: Row): number | string | null;
  /**
   * Identifies the thing that the value describes, if several rows can show the same thing, such as the worker of a
   * core. The screen leaves the cell blank if the row above shows the same thing. Other outputs repeat the value.
   */
  belongsTo?(row: Row): number | string;
  /**
   * Sort key for default orders, if the value changes at random between refreshes. It ignores short requests, or is a
   * mean over some seconds.
   */
  steady?(row: Row): number | null;
  /** Text of the cell, for `width` cells. Numbers are abbreviated, never truncated. */
  text(row: Row, at: CellContext): string;
  /**
   * Shortens a text that is wider than its cells so that the rows remain distinguishable. Without this function, the
   * end is cut off.
   *
   * @param text of the row, masked and clean
   */
  cut?(text: string, row: Row, columns: number, ellipsis: string): string;
  role?(row: Row, at: CellContext): Role | null;
}

/** Unit of the values of a column. A share ranges from 0 to 1; an instant is in Unix seconds. */
export type Unit = 'count' | 'bytes' | 'seconds' | 'share' | 'instant' | 'word';

/** Context that cell texts depend on in addition to their row. */
export interface CellContext extends WritingTime {
  mask: Mask;
  thresholds: Thresholds;
}

type Common<Row> = Pick<
  Column<Row>,
  | 'name'
  | 'title'
  | 'key'
  | 'width'
  | 'importance'
  | 'description'
  | 'role'
  | 'sortKey'
  | 'steady'
  | 'belongsTo'
>;
type NumberColumn<Row> = Common<Row> & { value(row: Row): number | null };
type Formatter = (value: number | null, columns?: number) => string;

const UNITS: ReadonlyMap<Formatter, Unit> = new Map([
  [format.size, 'bytes'],
  [format.signedSize, 'bytes'],
  [format.age, 'seconds'],
  [format.responseTime, 'seconds'],
  [format.workTime, 'seconds'],
  [format.percent, 'share'],
  [format.wholePercent, 'share'],
]);

/** Defines a column of numbers: right-aligned, largest first. */
export function numbers<Row>(write: Formatter, column: NumberColumn<Row>): Column<Row> {
  return {
    align: 'right',
    descending: true,
    unit: UNITS.get(write) ?? 'count',
    text: (row) => write(column.value(row), column.width),
    ...column,
  };
}

/** Defines a column of counts. A count whose digits do not fit is abbreviated (`12.3k`). */
export function counts<Row>(column: NumberColumn<Row>): Column<Row> {
  return numbers(format.count, column);
}

/** Defines a column of instants. */
export function timestamps<Row>(column: NumberColumn<Row>): Column<Row> {
  return {
    ...numbers(format.count, column),
    unit: 'instant',
    text: (row, at) => format.timestamp(column.value(row), at.time),
  };
}

/** Fits the text of a row into the cells of its column. */
export function fitted<Row>(
  column: Column<Row>,
  row: Row,
  text: string,
  columns: number,
  ellipsis: string,
): string {
  // The texts of columns with `cut` are short enough to measure them completely.
  const isTooLong = column.cut !== undefined && width(clean(text)) > columns;
  const shown = isTooLong ? (column.cut?.(clean(text), row, columns, ellipsis) ?? text) : text;
  return toWidth(shown, columns, column.align, ellipsis);
}

/** Defines a column of words, which can come from a document: left-aligned, sorted from A to Z. */
export function words<Row>(
  column: Common<Row> &
    Partial<Pick<Column<Row>, 'grows' | 'preferredWidth' | 'roomyWidth' | 'phrase' | 'text' | 'cut'>> & {
      value(row: Row): string | null;
    },
): Column<Row> {
  const text = (row: Row, { mask }: CellContext) => {
    const value = column.value(row);
    return value === null ? format.UNKNOWN : mask.text(value);
  };
  return { align: 'left', descending: false, unit: 'word', text, ...column };
}
