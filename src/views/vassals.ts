import type { EmperorSample } from '../rates/sample.ts';
import type { Column } from './column.ts';
import { type Sort, sorted, type Table } from './table.ts';
import { BLACKLIST_COLUMNS, type BlacklistRow, VASSAL_COLUMNS, type VassalRow } from './vassal-columns.ts';

/** The vassals of an emperor in the order of `sort`. */
export function vassalTable(
  sample: EmperorSample,
  sort: Sort,
  columns: readonly Column<VassalRow>[],
): Table<VassalRow> {
  const rows = sample.snapshot.vassals.map((vassal) => ({ vassal, time: sample.time }));
  return {
    columns,
    rows: sorted(rows, VASSAL_COLUMNS, sort),
    id: ({ vassal }) => vassal.id,
  };
}

/** The vassals that failed, in the emperor's order. */
export function blacklistTable(sample: EmperorSample): Table<BlacklistRow> {
  return {
    columns: BLACKLIST_COLUMNS,
    rows: sample.snapshot.blacklist.map((entry) => ({ entry })),
    id: ({ entry }) => entry.id,
  };
}
