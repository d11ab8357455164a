/**
 * Milliseconds of processor time of this process. Unlike the time that passes, it does not depend on the load of the
 * machine. It includes garbage collection and compilation, which happen at random.
 */
export async function costOf(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Measurements of a ratio before it counts as too large. */
const MOST_TURNS = 10;

/** A shorter time consists of the measurement itself, garbage collection and compilation. */
const LEAST_MS = 5;

/**
 * The smallest ratio of two costs in up to ten measurements. It stops at the first ratio below the limit, because a
 * garbage collection or compilation can only happen to make a single measurement too large.
 *
 * @param limit the ratio that the test accepts
 * @param least milliseconds that the small cost counts as, at least
 */
export async function leastRatio(
  small: () => unknown,
  large: () => unknown,
  limit: number,
  least = LEAST_MS,
): Promise<number> {
  let ratio = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < MOST_TURNS && ratio >= limit; turn += 1) {
    const base = Math.max(await costOf(small), least);
    ratio = Math.min(ratio, (await costOf(large)) / base);
  }
  return ratio;
}
