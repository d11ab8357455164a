import type { Cache } from '../stats/snapshot.ts';
import { delta, rate, ratio } from './delta.ts';
import { firstBy } from './first-by.ts';
import { memoize } from './memoize.ts';
import type { AppSample } from './sample.ts';

/** A cache and its rates; `null` is unknown. */
export interface CacheRates {
  cache: Cache;
  /** Reads per second: hits and misses. */
  readRate: number | null;
  /** Share of hits in the reads of this interval, 0 to 1. */
  hitRatio: number | null;
  /** Share of hits in all reads, 0 to 1. */
  hitRatioEver: number | null;
  /** Share of the item limit that is in use, 0 to 1. */
  fill: number | null;
  /** Number of items in this interval that the cache had no room for. */
  fullDelta: number | null;
}

/** Computes the rates of the caches of a sample. */
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
