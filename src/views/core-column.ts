import type { Column } from './column.ts';
import type { Place } from './view.ts';

/** Greater than the number of cores of any worker. */
const CORES = 1e6;

/** Sort key of a core: by worker, then by core number. A worker sorts before its cores. */
export function coreOrder({ worker, core }: Place): number {
  return worker + (core ?? -1) / CORES;
}

/** Defines the column that identifies a core as `worker:core`. */
export function coreColumn<Row>(
  given: Pick<Column<Row>, 'width' | 'importance' | 'description'>,
  place: (row: Row) => Place,
): Column<Row> {
  const name = (row: Row) => `${place(row).worker}:${place(row).core}`;
  return {
    name: 'core',
    title: 'W:C',
    align: 'right',
    unit: 'word',
    descending: false,
    value: name,
    sortKey: (row) => coreOrder(place(row)),
    text: name,
    ...given,
  };
}
