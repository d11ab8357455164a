import { PERIODS } from '../insights/paths/period.ts';
import type { Profile } from '../insights/paths/profile.ts';
import { type PathShares, pathShares } from '../insights/paths/shares.ts';

/** A period is listed if it covers at least this many times the seconds of the one before it. */
const LONGER = 1.5;

/** Returns the paths of each period, shortest first, as far as the longer ones cover more time. */
export function pathParts(profile: Profile) {
  const found: PathShares[] = [];
  for (const period of PERIODS) {
    const shares = pathShares(profile, period);
    if (shares.readings > 0 && shares.seconds > (found.at(-1)?.seconds ?? 0) * LONGER) found.push(shares);
  }
  return found.map(({ paths, ...measured }) => ({
    ...measured,
    paths: paths.map(({ servers: _, ...path }) => path),
  }));
}
