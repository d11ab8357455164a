/** The middle one of what was measured; not a number when nothing was. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? upper)) / 2;
}

/** The median of `part[i] / whole[i]`: each pair was measured side by side, so that noise hits both. */
export function medianRatio(part: readonly number[], whole: readonly number[]): number {
  return median(part.map((value, i) => value / (whole[i] ?? Number.NaN)));
}

/** `1.42`. */
export function ratio(value: number): string {
  return value.toFixed(2);
}

/** Milliseconds with three digits that count, and in parentheses the least: what it costs when nothing disturbs it. */
export function milliseconds(values: readonly number[]): string {
  return `${threeDigits(median(values))} (${threeDigits(Math.min(...values))})`;
}

/** `1.6 MB`, in steps of 1000. */
export function bytes(value: number): string {
  if (value < 1000) return `${Math.round(value)} B`;
  return value < 1e6 ? `${threeDigits(value / 1e3)} KB` : `${threeDigits(value / 1e6)} MB`;
}

function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
