/** What one counter gained; `null` when either side is unknown or it went back. */
export function delta(before: number | null | undefined, after: number | null): number | null {
  return before === null || before === undefined || after === null || after < before ? null : after - before;
}

/** `amount` per second; `null` when there is none, or no time has passed. */
export function rate(amount: number | null, seconds: number | null): number | null {
  return amount === null || seconds === null || seconds <= 0 ? null : amount / seconds;
}

/** `part` of `whole`; `null` when either is unknown or the whole is nothing. */
export function ratio(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}

/**
 * The sum of one number over all rows; `null` when a row does not know it: a part is not the whole, and when it is
 * beyond what JavaScript can add up.
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
