import type { Sample } from '../rates/sample.ts';
import type { Column } from './column.ts';
import { NODE_COLUMNS } from './node-columns.ts';
import type { Sort } from './table.ts';
import { VASSAL_COLUMNS } from './vassal-columns.ts';
import { WORKER_COLUMNS } from './worker-columns.ts';

/** By kind of document: the columns of its main table and the order to begin with. */
export const COLUMNS: Readonly<Record<Sample['kind'], { columns: readonly Column<unknown>[]; sort: Sort }>> =
  {
    app: { columns: WORKER_COLUMNS, sort: { column: 'share', descending: true } },
    emperor: { columns: VASSAL_COLUMNS, sort: { column: 'vassal', descending: false } },
    router: { columns: NODE_COLUMNS, sort: { column: 'rps', descending: true } },
  };
