/** Sums of the values before each place, so that the mean of any stretch is two look-ups. */
export interface Sums {
  times: Float64Array;
  values: Float64Array;
}

/** What a stretch of readings looks like from afar. */
export interface Line {
  /** Of the straight line through it: by second. */
  slope: number;
  /** Where that is in the middle of the readings: seconds and value. */
  middle: { time: number; value: number };
  /** How much the slope at either end differs from that of the whole: of the parabola through it. */
  bend: number;
  /** What of the bend can be chance (its standard error), as the readings are rough. */
  doubt: number;
}

/**
 * A stretch is looked at in so many parts, each as its mean: what is shorter than a part is no matter, and whether the
 * rest is chance is judged by what goes on for longer.
 */
export const PARTS = 10;

/** What the parts are put in; each line writes all of it. */
const X = new Float64Array(PARTS);
const Y = new Float64Array(PARTS);

/** The line through the readings from one place up to another: least squares. NaN of fewer than there are parts. */
export function lineThrough({ times, values }: Sums, begin: number, end: number): Line {
  const time = fill(X, times, begin, end);
  const value = fill(Y, values, begin, end);
  let xx = 0;
  let xxx = 0;
  let xy = 0;
  let yy = 0;
  for (let part = 0; part < PARTS; part += 1) {
    const x = X[part] ?? 0;
    const y = Y[part] ?? 0;
    xx += x * x;
    xxx += x * x * x;
    xy += x * y;
    yy += y * y;
  }
  // What is left for the parabola is at right angles to the line.
  let qq = 0;
  let qy = 0;
  for (let part = 0; part < PARTS; part += 1) {
    const x = X[part] ?? 0;
    const q = x * x - (x * xxx) / xx - xx / PARTS;
    qq += q * q;
    qy += q * (Y[part] ?? 0);
  }
  const slope = xy / xx;
  const rest = Math.max(0, yy - slope * xy - (qy * qy) / qq);
  const length = (X[PARTS - 1] ?? 0) - (X[0] ?? 0);
  return {
    slope,
    middle: { time, value },
    bend: (length * qy) / qq,
    doubt: length * Math.sqrt(rest / (PARTS - 3) / qq),
  };
}

/** The means of the parts, less their own mean, which it returns. */
function fill(parts: Float64Array, sums: Float64Array, begin: number, end: number): number {
  let all = 0;
  let from = begin;
  for (let part = 0; part < PARTS; part += 1) {
    const to = begin + Math.floor(((part + 1) * (end - begin)) / PARTS);
    const mean = ((sums[to] ?? Number.NaN) - (sums[from] ?? Number.NaN)) / (to - from);
    parts[part] = mean;
    all += mean;
    from = to;
  }
  for (let part = 0; part < PARTS; part += 1) parts[part] = (parts[part] ?? 0) - all / PARTS;
  return all / PARTS;
}
