import type { Cache } from '../stats/snapshot.ts';
import { delta, rate, ratio } from './delta.ts';
import { firstBy } from './first-by.ts';
import { memoize } from './memoize.ts';
import type { AppSample } from './sample.ts';

export interface CacheRates {
  cache: Cache;
  /** Reads per second, hits and misses. */
  readRate: number | null;
  /** Hits of the reads of this interval, 0 to 1. */
  hitRatio: number | null;
  /** Hits of all reads, 0 to 1. */
  hitRatioEver: number | null;
  /** Items of the most that it can have, 0 to 1. */
  fill: number | null;
  /** Items that found no room, in this interval. */
  fullDelta: number | null;
}

/** The caches of a sample. */
export const cacheRates = memoize(({ snapshot, before, interval }: AppSample): readonly CacheRates[] => {
  const olds = firstBy(before?.caches ?? [], ({ name }) => name);
  return snapshot.caches.map((cache) => {
    const old = olds.get(cache.name);
    const hits = delta(old?.hits, cache.hits);
    const reads = plus(hits, delta(old?.misses, cache.misses));
    return {
      cache,
      readRate: rate(reads, interval),
      hitRatio: ratio(hits, reads),
      hitRatioEver: ratio(cache.hits, plus(cache.hits, cache.misses)),
      fill: ratio(cache.items, cache.maxItems),
      fullDelta: delta(old?.full, cache.full),
    };
  });
});

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
