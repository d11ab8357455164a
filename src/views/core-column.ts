import type { Column } from './column.ts';
import type { Place } from './view.ts';

/** More than the cores of a worker. */
const CORES = 1e6;

/** A number that sorts cores by their worker, then by their own number. A worker comes before its cores. */
export function coreOrder({ worker, core }: Place): number {
  return worker + (core ?? -1) / CORES;
}

/** The column that names a core as `worker:core`. */
export function coreColumn<Row>(
  given: Pick<Column<Row>, 'width' | 'importance' | 'description'>,
  place: (row: Row) => Place,
): Column<Row> {
  const name = (row: Row) => `${place(row).worker}:${place(row).core}`;
  return {
    name: 'core',
    title: 'W:C',
    key: 'W',
    align: 'right',
    unit: 'word',
    descending: false,
    value: name,
    sortKey: (row) => coreOrder(place(row)),
    text: name,
    ...given,
  };
}
