import type { Event } from '../monitor/event.ts';
import type { Observed, Subject } from '../monitor/observation.ts';
import type { Finding } from '../rates/finding.ts';
import type { CellContext, Column } from './column.ts';
import type { Role } from './frame.ts';
import { type Sort, sorted } from './order.ts';
import type { ViewState } from './scene.ts';
import type { Table } from './table.ts';

/** The choices of the user that a table depends on. */
export type Choice = Pick<ViewState, 'cores' | 'sort' | 'columns' | 'filter' | 'mask' | 'thresholds'> &
  Partial<Pick<ViewState, 'hidesIdle' | 'period' | 'keys'>>;

/** One fact about a row. */
export interface Field {
  name: string;
  value: string;
  /** Explanation of the value. */
  note?: string;
  /** Limits the value to one line. */
  short?: boolean;
}

/** A titled group of facts about a row. */
export interface Section {
  title: string;
  /** Shown below the title. */
  hint?: string;
  /** Values are already masked. They are cleaned when they are shown. */
  fields: readonly Field[];
}

/** The first values of a detail, in order. A text is the name of a column; the view may lack it. */
export type Summary = readonly (string | Field)[];

/** A worker, or one of its cores if `core` is not `null`. */
export interface Place {
  worker: number;
  core: number | null;
}

/** A server of a fleet, and a row of one of its views; without a row, the server with its current view. */
export interface Opening {
  target: string;
  row?: { view: string; id: string };
}

/** How the rows of a view were measured. */
export interface Measured {
  /** The period that the user chose: `last minute`. */
  period: string;
  text: string;
}

/** Rows of another view of the same server or fleet: those that pass a filter. */
export interface Lead {
  view: string;
  filter: string;
}

/** A table with a tab of its own. Only the view knows the type of its rows. */
export type View = Typed<unknown>;

interface Typed<Row> {
  /** Name in the setting file. */
  name: string;
  /** Title of the tab. */
  title: string;
  /** Kind of sample that the view shows. */
  kind: Subject['kind'];
  columns: readonly Column<Row>[];
  /** Default order. */
  sort: Sort;
  /** Description of the default order, for the sort menu and the documentation. */
  order: string;
  /** All rows, in the chosen order. */
  table(observed: Observed<Subject>, choice: Choice): Table<Row>;
  /** Whether there are rows. Does not create them. */
  has(observed: Observed<Subject>): boolean;
  /** Number of rows, if the tab shows it. */
  count?(observed: Observed<Subject>): number | null;
  /**
   * The values with which the detail begins: names of columns, and other fields. The other columns come last. Without a
   * summary, the detail begins with all columns.
   */
  summary?(row: Row, observed: Observed<Subject>, at: CellContext): Summary;
  /** Sections of the detail that follow the summary. */
  more?(row: Row, observed: Observed<Subject>, at: CellContext): Section[];
  /** The worker or core that runs the Python code of a row. Absent if the rows run no Python code. */
  runs?(row: Row): Place | null;
  /** Id of the worker whose process the detail of a row shows. */
  process?(row: Row): number;
  /** The word for a row that does no work, such as `idle` or `cheap`. `null`: the row works. */
  idle?(row: Row): string | null;
  /** Name of the view whose first rows fill the free lines below the table. */
  below?: string;
  /** Title of the table where it is below another one. */
  caption?(observed: Observed<Subject>): string;
  /** The view shows charts instead of a table. */
  isCharts?: true;
  /** Title of a row; the text of its first column by default. Neither masked nor clean. */
  label?(row: Row): string;
  /** The finding that a row represents, in the view of findings. */
  finding?(row: Row): Finding;
  /** The event that a row represents, in the view of events. */
  event?(row: Row): Event;
  /** The server that a row opens, instead of its detail; `null` for the detail. */
  opens?(row: Row): Opening | null;
  /** The rows of another view that a row opens, instead of its detail; `null` for the detail. */
  leads?(row: Row, at: CellContext): Lead | null;
  /** How the rows were measured, for the line below them. The user chooses the period of such a view. */
  measured?(observed: Observed<Subject>, choice: Choice): Measured | null;
  /** What the user must know to interpret the rows, in full sentences. */
  remarks?: string;
  /** The reason why there are no rows, and the option of uWSGI that provides them. */
  empty: string;
  /** The same in a recording, if it differs. */
  emptyInRecording?: string;
}

interface Definition<Of extends Subject, Row> {
  name: string;
  title: string;
  kind: Of['kind'];
  columns: readonly Column<Row>[];
  sort: Sort;
  order: string;
  /** In the order of the document; absent if `table` provides the rows. */
  rows?(sample: Of, observed: Observed<Of>, choice: Choice): readonly Row[];
  /** Does not change between samples while the row describes the same thing. */
  id(row: Row): string;
  /** A table that replaces the sorted table of all rows. `null`: the sorted table. */
  table?(observed: Observed<Of>, choice: Choice): Table<Row> | null;
  role?(row: Row): Role;
  /** The default columns; all of them by default. */
  shownColumns?(observed: Observed<Of>): readonly Column<Row>[];
  /** The row of totals below the table. */
  footer?(sample: Of): Row;
  /** Rows that come after all others in both orders. */
  isLast?(row: Row): boolean;
  has(sample: Of, observed: Observed<Of>): boolean;
  count?(sample: Of, observed: Observed<Of>): number | null;
  summary?(row: Row, sample: Of, at: CellContext): Summary;
  more?(row: Row, sample: Of, at: CellContext): Section[];
  runs?(row: Row): Place | null;
  process?(row: Row): number;
  opens?(row: Row): Opening | null;
  leads?(row: Row, at: CellContext): Lead | null;
  measured?(observed: Observed<Of>, choice: Choice): Measured;
  remarks?: string;
  finding?(row: Row): Finding;
  event?(row: Row): Event;
  label?(row: Row): string;
  idle?(row: Row): string | null;
  below?: string;
  caption?(sample: Of): string;
  isCharts?: true;
  empty: string;
  emptyInRecording?: string;
}

/**
 * Defines a view of one kind of sample. Its functions receive only samples of that kind and rows of their own type.
 * Both conditions are checked here.
 */
export function defineView<Of extends Subject, Row>(definition: Definition<Of, Row>): View {
  const {
    kind,
    columns,
    id,
    role,
    footer,
    shownColumns,
    isLast,
    rows,
    table,
    has,
    count,
    caption,
    measured,
    summary,
    more,
    ...given
  } = definition;
  const isOurs = (observed: Observed<Subject>): observed is Observed<Of> => observed.sample.kind === kind;
  const sortedTable = (observed: Observed<Of>, choice: Choice): Table<Row> => ({
    columns: columnsOf(
      choice.columns === null ? (shownColumns?.(observed) ?? columns) : columns,
      choice.columns,
    ),
    rows: sorted(
      rows?.(observed.sample, observed, choice) ?? [],
      columns,
      sortOf(definition, choice),
      isLast,
    ),
    id,
    ...(role ? { role } : {}),
    ...(footer ? { footer: footer(observed.sample) } : {}),
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
    ...(caption ? { caption: (observed) => (isOurs(observed) ? caption(observed.sample) : '') } : {}),
    ...(measured
      ? { measured: (observed, choice) => (isOurs(observed) ? measured(observed, choice) : null) }
      : {}),
    ...(summary
      ? { summary: (row, observed, at) => (isOurs(observed) ? summary(row, observed.sample, at) : []) }
      : {}),
    ...(more
      ? { more: (row, observed, at) => (isOurs(observed) ? more(row, observed.sample, at) : []) }
      : {}),
  };
  // The view passes only the rows of its own table to its functions.
  return view as unknown as View;
}

/** The order of a view: the chosen order if the view has its column, otherwise the default order. */
export function sortOf(
  { columns, sort }: Pick<View, 'columns' | 'sort'>,
  choice: Pick<Choice, 'sort'>,
): Sort {
  const chosen = choice.sort;
  if (!chosen || !columns.some(({ name }) => name === chosen.column)) return sort;
  // The same column and direction is the default order, with all its steps.
  return chosen.column === sort.column && chosen.descending === sort.descending ? sort : chosen;
}

/** Whether a view shows its rows in its default order. */
export function isDefaultOrder(view: Pick<View, 'columns' | 'sort'>, choice: Pick<Choice, 'sort'>): boolean {
  return sortOf(view, choice) === view.sort;
}

/** The chosen columns that the table has, or all columns if it has no chosen column. */
export function columnsOf<Row>(
  columns: readonly Column<Row>[],
  chosen: readonly string[] | null,
): readonly Column<Row>[] {
  const found = (chosen ?? []).flatMap((name) => columns.find((column) => column.name === name) ?? []);
  return found.length > 0 ? found : columns;
}
