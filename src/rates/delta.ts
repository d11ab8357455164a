/** The increase of a counter; `null` if either value is unknown or the counter went back. */
export function delta(before: number | null | undefined, after: number | null): number | null {
  return before === null || before === undefined || after === null || after < before ? null : after - before;
}

/** `amount` per second; `null` if the amount or the time is unknown, or no time has passed. */
export function rate(amount: number | null, seconds: number | null): number | null {
  return amount === null || seconds === null || seconds <= 0 ? null : amount / seconds;
}

/** `part` divided by `whole`; `null` if either is unknown or the whole is 0. */
export function ratio(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}

/**
 * The sum of one number over all rows. `null` if it is unknown for any row, or if the sum exceeds
 * `Number.MAX_SAFE_INTEGER`.
 */
export function sum<Row>(rows: readonly Row[], number: (row: Row) => number | null): number | null {
  let total = 0;
  for (const row of rows) {
    const value = number(row);
    if (value === null) return null;
    total += value;
  }
  return total > Number.MAX_SAFE_INTEGER ? null : total;
}
