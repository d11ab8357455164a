/** A row and its place, from 0, among those that cannot be told apart by what they are about. */
export type Numbered<Row> = Row & { nth: number };

/** Numbers the rows of one key, in their order. */
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
