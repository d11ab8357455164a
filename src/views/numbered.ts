/** A row with its index, from 0, among the rows with the same key. */
export type Numbered<Row> = Row & { nth: number };

/** Numbers the rows of each key in their order. */
export function numbered<Row extends object>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): Numbered<Row>[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const key = keyOf(row);
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return { ...row, nth };
  });
}
