import type { WritingTime } from '../rates/written.ts';
import { type Align, clean, toWidth, width } from '../text/clean.ts';
import * as format from '../text/format.ts';
import type { Mask } from '../text/secrets.ts';
import type { Role } from './frame.ts';
import type { Thresholds } from './thresholds.ts';

/** One column of a table. The screen, `--once`, `--sort`, `--columns` and the help all come from these. */
export interface Column<Row> {
  /** As `--sort` and `--columns` spell it. */
  name: string;
  title: string;
  /** Letter of the title that sorts by it. */
  key: string;
  /** Cells, without the gap after it. Room for the title and the sign of the sort order. */
  width: number;
  align: Align;
  /** Takes what is left of the line. At most one column of a table. */
  grows?: boolean;
  /** Cells that it should have before a less important column is shown. */
  preferredWidth?: number;
  /** Cells that it takes where there is room to spare. */
  roomyWidth?: number;
  /** Its texts have blanks in them: plain text has it only when it was asked for, so that lines have the same fields. */
  phrase?: true;
  /** 1 stays to the last when the terminal gets narrow. */
  importance: number;
  descending: boolean;
  description: string;
  /** What its values are. */
  unit: Unit;
  /** The quantity in its unit, an instant in Unix seconds, or a word: what filters compare. `null` is unknown. */
  value(row: Row): number | string | null;
  /** What it sorts by, where that is not the value; `null` is last in either order. */
  sortKey?(row: Row): number | string | null;
  /** What it shows in `width` cells. A number is never cut: it is written shorter. */
  text(row: Row, at: CellContext): string;
  /**
   * Cuts a text that is longer than its cells so that rows can still be told apart. Without it the end is cut off.
   *
   * @param text of the row, masked and clean
   */
  cut?(text: string, row: Row, columns: number, ellipsis: string): string;
  role?(row: Row, at: CellContext): Role | null;
}

/** What a value of a column is. A share is from 0 to 1; an instant is in Unix seconds. */
export type Unit = 'count' | 'bytes' | 'seconds' | 'share' | 'instant' | 'word';

/** What texts may depend on besides their row. */
export interface CellContext extends WritingTime {
  mask: Mask;
  thresholds: Thresholds;
}

type Common<Row> = Pick<
  Column<Row>,
  'name' | 'title' | 'key' | 'width' | 'importance' | 'description' | 'role'
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

/** A column of numbers: right-aligned, largest first. */
export function numbers<Row>(write: Formatter, column: NumberColumn<Row>): Column<Row> {
  return {
    align: 'right',
    descending: true,
    unit: UNITS.get(write) ?? 'count',
    text: (row) => write(column.value(row), column.width),
    ...column,
  };
}

/** A column of counts, which are shortened (`12.3k`) where their digits do not fit. */
export function counts<Row>(column: NumberColumn<Row>): Column<Row> {
  return numbers(format.count, column);
}

/** A column of instants. */
export function moments<Row>(column: NumberColumn<Row>): Column<Row> {
  return {
    ...numbers(format.count, column),
    unit: 'instant',
    text: (row, at) => format.moment(column.value(row), at.time),
  };
}

/** The text of a row in the cells that its column has. */
export function fitted<Row>(
  column: Column<Row>,
  row: Row,
  text: string,
  columns: number,
  ellipsis: string,
): string {
  // Texts that can be cut so are short enough to be measured whole.
  const isTooLong = column.cut !== undefined && width(clean(text)) > columns;
  const shown = isTooLong ? (column.cut?.(clean(text), row, columns, ellipsis) ?? text) : text;
  return toWidth(shown, columns, column.align, ellipsis);
}

/** A column of words, which can come from a document: left-aligned, from A to Z. */
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
