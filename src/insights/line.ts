/** Running sums of readings: element `n` is the sum of the first `n`, so that the mean of any window costs two look-ups. */
export interface Sums {
  times: Float64Array;
  values: Float64Array;
}

/** A window of readings, described by a straight line and by how far the readings bend away from it. */
export interface Line {
  /** Slope of the straight line, per second. */
  slope: number;
  /** The point of the line in the middle of the window: seconds and value. */
  middle: { time: number; value: number };
  /** How much the slope at either end of the window differs from `slope`: from the parabola through the readings. */
  bend: number;
  /** The standard error of `bend`: how much of it can be chance. */
  doubt: number;
}

/**
 * A window is divided into so many parts, and a part counts as its mean: changes that are shorter than a part do not
 * matter, and readings that depend on each other are not taken for independent ones.
 */
export const PARTS = 10;

/** The means of the parts; each call overwrites all of them. */
const X = new Float64Array(PARTS);
const Y = new Float64Array(PARTS);

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

/** The line through the readings from `begin` up to `end`, by least squares. All NaN for fewer readings than parts. */
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

/** Writes the mean of each part, less the mean of all parts, which it returns. */
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
