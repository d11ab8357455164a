/** The median of the values; NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? upper)) / 2;
}

/** The median of `part[i] / whole[i]`. Both values of a pair were measured side by side, so noise affects both. */
export function medianRatio(part: readonly number[], whole: readonly number[]): number {
  return median(part.map((value, i) => value / (whole[i] ?? Number.NaN)));
}

/** Formats a ratio, such as `1.42`. */
export function ratio(value: number): string {
  return value.toFixed(2);
}

/**
 * The median in milliseconds with three significant digits. The minimum, in parentheses, is the cost without
 * disturbance.
 */
export function milliseconds(values: readonly number[]): string {
  return `${threeDigits(median(values))} (${threeDigits(Math.min(...values))})`;
}

/** Formats a size such as `1.6 MB`, with decimal units. */
export function bytes(value: number): string {
  if (value < 1000) return `${Math.round(value)} B`;
  return value < 1e6 ? `${threeDigits(value / 1e3)} KB` : `${threeDigits(value / 1e6)} MB`;
}

function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
