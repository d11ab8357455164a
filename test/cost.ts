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

/** Least and most measurements of each cost. The first one can contain a compilation of either cost. */
const LEAST_TURNS = 2;
const MOST_TURNS = 10;

/** A shorter time consists of the measurement itself, garbage collection and compilation. */
const LEAST_MS = 5;

/**
 * The ratio of the smallest measurements of two costs. Garbage collection and compilation can make any measurement too
 * large, so a ratio that is not below the limit is measured again, up to ten times.
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
  const [smalls, larges]: [number[], number[]] = [[], []];
  const ratio = () => Math.min(...larges) / Math.max(Math.min(...smalls), least);
  while (smalls.length < LEAST_TURNS || (smalls.length < MOST_TURNS && ratio() >= limit)) {
    smalls.push(await costOf(small));
    larges.push(await costOf(large));
  }
  return ratio();
}
