import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { NO_PROFILE, profileAfter } from '../../src/insights/paths/profile.ts';
import { pathShares } from '../../src/insights/paths/shares.ts';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { skipWithout } from '../lab/available.ts';
import { startLoad } from '../lab/load.ts';
import { readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';

/** Paths of the application, and how many connections ask for each one. */
const MIX = [
  { path: '/sleep/0.05', connections: 2 },
  { path: '/sleep/0.4', connections: 3 },
  { path: '/sleep/3', connections: 1 },
];

/** Each path is counted apart, although its numbers differ only in a placeholder. */
const PATTERNS = MIX.map(({ path }) => path);

/** Seconds of the observation, and between two readings on average. */
const LOOK = 15;
const STEP = 0.25;

it.skipIf(skipWithout())('the paths of a real server take the time that the clients measure', async () => {
  const server = await serverOf({ processes: 2, threads: 4 });
  const loads = MIX.map((each) => startLoad({ ...each, to: server.http, seconds: LOOK * 2 }));
  await sleep(500);
  const reader = readerOf(server.target);
  const from = SYSTEM_CLOCK.monotonic();
  let profile = NO_PROFILE;
  let at = from;
  for (let nth = 0; at - from < LOOK; nth += 1) {
    const { sample, to } = await reader.app();
    at = to;
    profile = profileAfter(profile, sample, at, PATTERNS);
    // Irregular intervals, so that no rhythm of the requests agrees with them.
    await sleep(STEP * 1000 * (0.6 + 0.8 * ((nth * 0.618) % 1)));
  }
  await Promise.all(loads.map((load) => load.stop()));
  const shares = pathShares(profile, 'all');
  // The part of each request that is within the observation.
  const took = loads.map((load) =>
    load.outcomes.reduce(
      (sum, each) => sum + Math.max(0, Math.min(each.at, at) - Math.max(each.at - each.took, from)),
      0,
    ),
  );
  const all = took.reduce((sum, each) => sum + each, 0);
  for (const [nth, { path, connections }] of MIX.entries()) {
    const found = shares.paths.find((each) => each.path === path);
    const deviation = (found?.error ?? 0) / 1.96;
    const real = (took[nth] ?? 0) / all;
    expect(Math.abs((found?.share ?? Number.NaN) - real), `${path} takes ${real}`).toBeLessThan(
      3 * deviation,
    );
    expect(found?.inFlight).toBeLessThanOrEqual(connections * 1.1);
  }
});
