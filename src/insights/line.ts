/**
 * Running sums of readings. Element `n` is the sum of the first `n` readings, so the mean of any window takes two
 * look-ups.
 */
export interface Sums {
  times: Float64Array;
  values: Float64Array;
}

/** A straight line through a window of readings, and how far the readings deviate from it. */
export interface Line {
  /** Slope of the straight line, per second. */
  slope: number;
  /** The point of the line in the middle of the window: time in seconds, and value. */
  middle: { time: number; value: number };
  /** Difference between the slope at either end of the window and `slope`, from the parabola through the readings. */
  bend: number;
  /** Standard error of `bend`: the part that can be chance. */
  doubt: number;
}

/**
 * Number of parts of a window. Each part counts as its mean, so changes shorter than a part do not matter. Readings
 * that depend on each other do not count as independent.
 */
export const PARTS = 10;

/** The means of the parts. Each call of `lineThrough` overwrites them. */
const X = new Float64Array(PARTS);
const Y = new Float64Array(PARTS);

/** Computes the running sums of readings. */
export function sumsOf(times: readonly number[], values: readonly number[]): Sums {
  return { times: runningSums(times), values: runningSums(values) };
}

function runningSums(numbers: readonly number[]): Float64Array {
  const sums = new Float64Array(numbers.length + 1);
  numbers.forEach((number, at) => {
    sums[at + 1] = (sums[at] ?? 0) + number;
  });
  return sums;
}

/**
 * The line through the readings from `begin` up to `end` (exclusive), by least squares. All values are NaN if there are
 * fewer readings than parts.
 */
export function lineThrough({ times, values }: Sums, begin: number, end: number): Line {
  const time = centredMeans(X, times, begin, end);
  const value = centredMeans(Y, values, begin, end);
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
  // The quadratic term of the parabola, orthogonal to the line.
  let qq = 0;
  let qy = 0;
  for (let part = 0; part < PARTS; part += 1) {
    const x = X[part] ?? 0;
    const q = x * x - (x * xxx) / xx - xx / PARTS;
    qq += q * q;
    qy += q * (Y[part] ?? 0);
  }
  const slope = xy / xx;
  const residual = Math.max(0, yy - slope * xy - (qy * qy) / qq);
  const length = (X[PARTS - 1] ?? 0) - (X[0] ?? 0);
  return {
    slope,
    middle: { time, value },
    bend: (length * qy) / qq,
    doubt: length * Math.sqrt(residual / (PARTS - 3) / qq),
  };
}

/**
 * Writes the mean of each part minus the mean of all parts.
 *
 * @returns the mean of all parts
 */
function centredMeans(parts: Float64Array, sums: Float64Array, begin: number, end: number): number {
  let all = 0;
  let from = begin;
  for (let part = 0; part < PARTS; part += 1) {
    const to = begin + Math.floor(((part + 1) * (end - begin)) / PARTS);
    const mean = ((sums[to] ?? Number.NaN) - (sums[from] ?? Number.NaN)) / (to - from);
    parts[part] = mean;
    all += mean;
    from = to;
  }
  const centre = all / PARTS;
  for (let part = 0; part < PARTS; part += 1) parts[part] = (parts[part] ?? 0) - centre;
  return centre;
}
