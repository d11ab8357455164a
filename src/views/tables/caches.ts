import { type CacheRates, cacheRates } from '../../rates/caches.ts';
import type { AppSample } from '../../rates/sample.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, timestamps, words } from '../column.ts';
import { defineView } from '../view.ts';

/** Share of the maximum number of items from which a cache is shown as nearly full. */
const NEARLY_FULL = 0.9;

export const CACHE_COLUMNS: readonly Column<CacheRates>[] = [
  words<CacheRates>({
    name: 'cache',
    title: 'CACHE',
    key: 'C',
    width: 14,
    grows: true,
    importance: 1,
    description: 'its name',
    value: ({ cache }) => cache.name,
  }),
  numbers<CacheRates>(format.percent, {
    name: 'hitRatio',
    title: 'HIT%',
    key: 'I',
    width: 6,
    importance: 2,
    description: 'hits of the reads of this interval',
    value: ({ hitRatio }) => hitRatio,
  }),
  numbers<CacheRates>(format.percent, {
    name: 'hitRatioEver',
    title: 'EVER%',
    key: 'V',
    width: 6,
    importance: 5,
    description: 'hits of all reads since the start',
    value: ({ hitRatioEver }) => hitRatioEver,
  }),
  numbers<CacheRates>(format.rate, {
    name: 'readRate',
    title: 'READS/s',
    key: 'R',
    width: 8,
    importance: 4,
    description: 'reads per second in this interval',
    value: ({ readRate }) => readRate,
  }),
  numbers<CacheRates>(format.percent, {
    name: 'fill',
    title: 'FILL%',
    key: 'L',
    width: 6,
    importance: 3,
    description: 'items, of the most that it can have',
    value: ({ fill }) => fill,
    role: ({ fill }) => (fill !== null && fill >= NEARLY_FULL ? 'warning' : null),
  }),
  counts({
    name: 'items',
    title: 'ITEMS',
    key: 'T',
    width: 8,
    importance: 6,
    description: 'items in it',
    value: ({ cache }) => cache.items,
  }),
  counts({
    name: 'limit',
    title: 'LIMIT',
    key: 'M',
    width: 8,
    importance: 8,
    description: 'the most items that it can have (items of cache2)',
    value: ({ cache }) => cache.maxItems,
  }),
  counts<CacheRates>({
    name: 'full',
    title: 'FULL',
    key: 'U',
    width: 6,
    importance: 7,
    description: 'items that found no room since the start',
    value: ({ cache }) => cache.full,
    role: ({ fullDelta }) => (fullDelta ? 'critical' : null),
  }),
  counts({
    name: 'hits',
    title: 'HITS',
    key: 'S',
    width: 9,
    importance: 9,
    description: 'hits since the start',
    value: ({ cache }) => cache.hits,
  }),
  counts({
    name: 'misses',
    title: 'MISSES',
    key: 'E',
    width: 9,
    importance: 10,
    description: 'misses since the start',
    value: ({ cache }) => cache.misses,
  }),
  numbers<CacheRates>(format.size, {
    name: 'blockSize',
    title: 'BLOCK',
    key: 'B',
    width: 6,
    importance: 12,
    description: 'size of a block: the longest value, unless it is a bitmap cache',
    value: ({ cache }) => cache.blockSize,
  }),
  counts({
    name: 'blocks',
    title: 'BLOCKS',
    key: 'O',
    width: 8,
    importance: 13,
    description: 'blocks that it has',
    value: ({ cache }) => cache.blocks,
  }),
  timestamps({
    name: 'lastModified',
    title: 'MODIFIED',
    key: 'D',
    width: 10,
    importance: 11,
    description: 'when it was last written to',
    value: ({ cache }) => cache.lastModified,
  }),
];

/** The view of the caches of the server (option `cache2`). */
export const CACHES = defineView<AppSample, CacheRates>({
  name: 'caches',
  title: 'Caches',
  kind: 'app',
  columns: CACHE_COLUMNS,
  sort: { column: 'readRate', descending: true },
  rows: cacheRates,
  id: ({ cache }) => cache.name ?? '',
  has: ({ snapshot }) => snapshot.caches.length > 0,
  empty: 'no caches: cache2 = name=NAME,items=NUMBER in the configuration makes one',
});
