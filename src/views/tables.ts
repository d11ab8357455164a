import type { Sample } from '../rates/sample.ts';
import type { Column } from './column.ts';
import type { ViewState } from './live.ts';
import { NODE_COLUMNS, nodeTable } from './nodes.ts';
import type { Sort, Table } from './table.ts';
import { VASSAL_COLUMNS, vassalTable } from './vassals.ts';
import { WORKER_COLUMNS } from './worker-columns.ts';
import { workerTable } from './workers.ts';

type Kind = Sample['kind'];
type TableView = Pick<ViewState, 'cores' | 'sort' | 'columns' | 'showSecrets'>;

/** By kind of document: the columns of its main table and the order to begin with. */
export const TABLES: Readonly<Record<Kind, { columns: readonly Column<unknown>[]; sort: Sort }>> = {
  app: { columns: WORKER_COLUMNS, sort: { column: 'share', descending: true } },
  emperor: { columns: VASSAL_COLUMNS, sort: { column: 'vassal', descending: false } },
  router: { columns: NODE_COLUMNS, sort: { column: 'rps', descending: true } },
};

/** The order in which a table is shown: the chosen one, where it has that column. */
export function sortOf(kind: Kind, { sort }: TableView): Sort {
  return sort && TABLES[kind].columns.some(({ name }) => name === sort.column) ? sort : TABLES[kind].sort;
}

/** The columns of a table: the chosen ones, where it has any of them. */
function columnsOf<Row>(
  columns: readonly Column<Row>[],
  chosen: readonly string[] | null,
): readonly Column<Row>[] {
  const found = (chosen ?? []).flatMap((name) => columns.find((column) => column.name === name) ?? []);
  return found.length > 0 ? found : columns;
}

/** The main table of a sample: workers, vassals or nodes. */
export function mainTable(sample: Sample, view: TableView): Table<unknown> {
  const sort = sortOf(sample.kind, view);
  switch (sample.kind) {
    case 'app':
      return workerTable(sample, view.cores, sort, columnsOf(WORKER_COLUMNS, view.columns), view.showSecrets);
    case 'emperor':
      return vassalTable(sample, sort, columnsOf(VASSAL_COLUMNS, view.columns));
    case 'router':
      return nodeTable(sample, sort, columnsOf(NODE_COLUMNS, view.columns));
  }
}
