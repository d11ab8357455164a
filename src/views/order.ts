import type { Column } from './column.ts';

/** An order of rows. */
export interface Sort {
  column: string;
  descending: boolean;
  /**
   * Orders of the rows that have equal values in `column`. Rows that are equal in all of them keep their order. Only
   * default orders have it.
   */
  ties?: readonly Pick<Sort, 'column' | 'descending'>[];
  /**
   * Compares the steady values of the columns, so that rows do not change places at each refresh. Only default orders
   * have it.
   */
  steady?: true;
}

/**
 * Sorts rows by a column, which need not be shown. Rows with equal keys keep their order. Unknown values come last in
 * both orders.
 *
 * @param isLast rows that come after all others in both orders, such as workers that do not run
 */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort,
  isLast?: (row: Row) => boolean,
): Row[] {
  const steps = [sort, ...(sort.ties ?? [])].flatMap(({ column, descending }) => {
    const found = columns.find(({ name }) => name === column);
    if (!found) return [];
    const keyOf = (sort.steady && found.steady) ?? found.sortKey ?? found.value;
    return [{ keys: rows.map((row) => keyOf(row)), sign: descending ? -1 : 1 }];
  });
  if (steps.length === 0) return [...rows];
  const last = isLast && rows.some(isLast) ? rows.map(isLast) : null;
  const order = rows.map((_, index) => index);
  order.sort((a, b) => {
    if (last && last[a] !== last[b]) return last[a] ? 1 : -1;
    for (const { keys, sign } of steps) {
      const difference = compared(keys[a] ?? null, keys[b] ?? null, sign);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
  return order.map((index) => rows[index] as Row);
}

type Key = number | string | null;

/** @param sign 1: ascending, -1: descending */
function compared(left: Key, right: Key, sign: number): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return left < right ? -sign : sign;
}
