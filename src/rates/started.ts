import type { CoarsePoint } from './point.ts';

/**
 * Positions of the workers, from 0, whose pid changed after `begin`. The history contains the pids at the end of each
 * of its points only.
 *
 * @param begin Unix seconds
 */
export function startedPlaces(hour: readonly CoarsePoint[], begin: number): ReadonlySet<number> {
  const places = new Set<number>();
  const first = hour.findIndex(({ time }) => time > begin);
  if (first < 0) return places;
  for (let at = Math.max(1, first); at < hour.length; at += 1) {
    const before = hour[at - 1]?.workers.pid;
    for (const [place, pid] of hour[at]?.workers.pid.entries() ?? [])
      if (pid !== 0 && pid !== before?.[place]) places.add(place);
  }
  return places;
}
