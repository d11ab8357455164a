import type { CoarsePoint } from './point.ts';

/**
 * Places of the workers, from 0, that got another process after `begin`, as far as the history tells: it has the pids
 * at the end of each of its points.
 *
 * @param begin unix seconds
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
