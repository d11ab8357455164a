import type { Sample } from '../rates/sample.ts';
import type { Column } from './column.ts';
import { COLUMNS } from './columns.ts';
import type { ViewState } from './live.ts';
import { NODE_COLUMNS } from './node-columns.ts';
import { nodeTable } from './nodes.ts';
import type { Sort, Table } from './table.ts';
import { VASSAL_COLUMNS } from './vassal-columns.ts';
import { vassalTable } from './vassals.ts';
import { WORKER_COLUMNS } from './worker-columns.ts';
import { workerTable } from './workers.ts';

type Kind = Sample['kind'];
type TableView = Pick<ViewState, 'cores' | 'sort' | 'columns' | 'filter' | 'mask'>;

/** The order in which a table is shown: the chosen one, where it has that column. */
export function sortOf(kind: Kind, { sort }: TableView): Sort {
  return sort && COLUMNS[kind].columns.some(({ name }) => name === sort.column) ? sort : COLUMNS[kind].sort;
}

/** The columns of a table: the chosen ones, where it has any of them. */
function columnsOf<Row>(
  columns: readonly Column<Row>[],
  chosen: readonly string[] | null,
): readonly Column<Row>[] {
  const found = (chosen ?? []).flatMap((name) => columns.find((column) => column.name === name) ?? []);
  return found.length > 0 ? found : columns;
}

/** The main table of a sample, workers, vassals or nodes, with the rows that the filter leaves. */
export function mainTable(sample: Sample, view: TableView): Table<unknown> {
  const table = wholeTable(sample, view);
  if (view.filter === null) return table;
  const wanted = view.filter.toLowerCase();
  const at = { time: sample.time, mask: view.mask };
  const shows = (row: unknown) => {
    const texts = [...table.columns.map((column) => column.text(row, at)), table.note?.text(row) ?? ''];
    return texts.some((text) => text.toLowerCase().includes(wanted));
  };
  return { ...table, rows: table.rows.filter(shows) };
}

function wholeTable(sample: Sample, view: TableView): Table<unknown> {
  const sort = sortOf(sample.kind, view);
  switch (sample.kind) {
    case 'app':
      return workerTable(sample, view.cores, sort, columnsOf(WORKER_COLUMNS, view.columns), view.mask);
    case 'emperor':
      return vassalTable(sample, sort, columnsOf(VASSAL_COLUMNS, view.columns));
    case 'router':
      return nodeTable(sample, sort, columnsOf(NODE_COLUMNS, view.columns));
  }
}
