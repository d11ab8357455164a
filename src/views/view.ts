import type { Observed } from '../monitor/observation.ts';
import type { Finding } from '../rates/finding.ts';
import type { Sample } from '../rates/sample.ts';
import type { CellContext, Column } from './column.ts';
import type { Role } from './frame.ts';
import type { ViewState } from './scene.ts';
import { type Sort, sorted, type Table } from './table.ts';

/** What the user chose for a table. */
export type Choice = Pick<ViewState, 'cores' | 'sort' | 'columns' | 'filter' | 'mask' | 'thresholds'>;

/** A name and a value. */
export interface Field {
  name: string;
  value: string;
  /** What it means. */
  note?: string;
  /** It takes one line, whatever its length. */
  short?: boolean;
}

/** Part of what is known of a row. */
export interface Section {
  title: string;
  /** Under the title. */
  hint?: string;
  /** Values are masked, and cleaned where they are shown. */
  fields: readonly Field[];
}

/** A worker and, of one that has several, a core of it. */
export interface Place {
  worker: number;
  core: number | null;
}

/** A table with a tab of its own. What its rows are is known to itself only. */
export type View = Typed<unknown>;

interface Typed<Row> {
  /** As the setting file spells it. */
  name: string;
  /** On its tab. */
  title: string;
  /** Of what kind of sample it is made. */
  kind: Sample['kind'];
  columns: readonly Column<Row>[];
  /** The order to begin with. */
  sort: Sort;
  /** All rows, in the order chosen. */
  table(observed: Observed, choice: Choice): Table<Row>;
  /** Whether there are rows, without making them. */
  has(observed: Observed): boolean;
  /** How many there are, where the tab is to say so. */
  count?(observed: Observed): number | null;
  /** What is known of a row besides its columns. */
  more?(row: Row, observed: Observed, at: CellContext): Section[];
  /** Where a row's Python code runs; without it there is none. */
  runs?(row: Row): Place | null;
  /** The worker whose process the detail of a row shows. */
  process?(row: Row): number;
  /** Curves take the place of the table. */
  isCharts?: true;
  /** What a row is called; without it, what its first column shows. Not masked, not clean. */
  label?(row: Row): string;
  /** The finding that a row is; of the view of findings. */
  finding?(row: Row): Finding;
  /** Why there are no rows, and which option of uWSGI would give some. */
  empty: string;
}

interface Definition<Of extends Sample, Row> {
  name: string;
  title: string;
  kind: Of['kind'];
  columns: readonly Column<Row>[];
  sort: Sort;
  /** In the order of the document; absent where `table` has them. */
  rows?(sample: Of, observed: Observed<Of>): readonly Row[];
  /** The same from sample to sample, as long as the row is about the same thing. */
  id(row: Row): string;
  /** Instead of a table with all rows alike, in one order. `null`: that table. */
  table?(observed: Observed<Of>, choice: Choice): Table<Row> | null;
  role?(row: Row): Role;
  /** Rows that come after all others in each order. */
  isLast?(row: Row): boolean;
  has(sample: Of, observed: Observed<Of>): boolean;
  count?(sample: Of, observed: Observed<Of>): number | null;
  more?(row: Row, sample: Of, at: CellContext): Section[];
  runs?(row: Row): Place | null;
  process?(row: Row): number;
  finding?(row: Row): Finding;
  label?(row: Row): string;
  isCharts?: true;
  empty: string;
}

/**
 * A view of one kind of sample. Its functions are asked for that kind only, and take rows of their own type: both are
 * checked here.
 */
export function defineView<Of extends Sample, Row>(definition: Definition<Of, Row>): View {
  const { kind, columns, id, role, isLast, rows, table, has, count, more, ...given } = definition;
  const isOurs = (observed: Observed): observed is Observed<Of> => observed.sample.kind === kind;
  const sortedTable = (observed: Observed<Of>, choice: Choice): Table<Row> => ({
    columns: columnsOf(columns, choice.columns),
    rows: sorted(rows?.(observed.sample, observed) ?? [], columns, sortOf(definition, choice), isLast),
    id,
    ...(role ? { role } : {}),
  });
  const view: Typed<Row> = {
    ...given,
    kind,
    columns,
    table: (observed, choice) => {
      if (!isOurs(observed)) return { columns, rows: [], id };
      return table?.(observed, choice) ?? sortedTable(observed, choice);
    },
    has: (observed) => isOurs(observed) && has(observed.sample, observed),
    ...(count ? { count: (observed) => (isOurs(observed) ? count(observed.sample, observed) : null) } : {}),
    ...(more
      ? { more: (row, observed, at) => (isOurs(observed) ? more(row, observed.sample, at) : []) }
      : {}),
  };
  // The view gives the rows of its own table to its own functions.
  return view as unknown as View;
}

/** The order in which a view is shown: the chosen one, where it has that column. */
export function sortOf(
  { columns, sort }: Pick<View, 'columns' | 'sort'>,
  choice: Pick<Choice, 'sort'>,
): Sort {
  return choice.sort && columns.some(({ name }) => name === choice.sort?.column) ? choice.sort : sort;
}

/** The columns of a table: the chosen ones, where it has any of them. */
export function columnsOf<Row>(
  columns: readonly Column<Row>[],
  chosen: readonly string[] | null,
): readonly Column<Row>[] {
  const found = (chosen ?? []).flatMap((name) => columns.find((column) => column.name === name) ?? []);
  return found.length > 0 ? found : columns;
}
