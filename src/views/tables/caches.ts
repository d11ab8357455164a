import { type CacheRates, cacheRates } from '../../rates/caches.ts';
import type { AppSample } from '../../rates/sample.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, timestamps, words } from '../column.ts';
import { defineView } from '../view.ts';

/** Share of the maximum number of items from which a cache is shown as nearly full. */
const NEARLY_FULL = 0.9;

const CACHE_COLUMNS: readonly Column<CacheRates>[] = [
  words<CacheRates>({
    name: 'cache',
    title: 'CACHE',
    width: 14,
    grows: true,
    importance: 1,
    description: 'name of the cache',
    value: ({ cache }) => cache.name,
  }),
  numbers<CacheRates>(format.percent, {
    name: 'hitRatio',
    title: 'HIT%',
    key: '%',
    width: 6,
    importance: 2,
    description: 'share of reads in this interval that found the item',
    value: ({ hitRatio }) => hitRatio,
  }),
  numbers<CacheRates>(format.percent, {
    name: 'hitRatioEver',
    title: 'EVER%',
    key: 'V',
    width: 6,
    importance: 5,
    description: 'share of all reads since the start that found the item',
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
    width: 6,
    importance: 3,
    description: 'items in percent of the limit',
    value: ({ fill }) => fill,
    role: ({ fill }) => (fill !== null && fill >= NEARLY_FULL ? 'warning' : null),
  }),
  counts({
    name: 'items',
    title: 'ITEMS',
    key: 'E',
    width: 8,
    importance: 6,
    description: 'items in the cache',
    value: ({ cache }) => cache.items,
  }),
  counts({
    name: 'limit',
    title: 'LIMIT',
    key: 'M',
    width: 8,
    importance: 8,
    description: 'maximum number of items (items of cache2)',
    value: ({ cache }) => cache.maxItems,
  }),
  counts<CacheRates>({
    name: 'full',
    title: 'FULL',
    key: 'L',
    width: 6,
    importance: 7,
    description: 'items that did not fit since the start',
    value: ({ cache }) => cache.full,
    role: ({ fullDelta }) => (fullDelta ? 'critical' : null),
  }),
  counts({
    name: 'hits',
    title: 'HITS',
    width: 9,
    importance: 9,
    description: 'hits since the start',
    value: ({ cache }) => cache.hits,
  }),
  counts({
    name: 'misses',
    title: 'MISSES',
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
    description: 'size of a block, which is the maximum size of a value unless it is a bitmap cache',
    value: ({ cache }) => cache.blockSize,
  }),
  counts({
    name: 'blocks',
    title: 'BLOCKS',
    width: 8,
    importance: 13,
    description: 'number of blocks',
    value: ({ cache }) => cache.blocks,
  }),
  timestamps({
    name: 'lastModified',
    title: 'MODIFIED',
    key: 'D',
    width: 10,
    importance: 11,
    description: 'time of the last write',
    value: ({ cache }) => cache.lastModified,
  }),
];

/** The view of the caches of the server (option `cache2`). */
export const CACHES = defineView<AppSample, CacheRates>({
  name: 'caches',
  title: 'Caches',
  kind: 'app',
  columns: CACHE_COLUMNS,
  sort: { column: 'readRate', descending: true, ties: [{ column: 'hitRatio', descending: false }] },
  order: 'most reads per second first, then the lowest hit rate',
  rows: cacheRates,
  id: ({ cache }) => cache.name ?? '',
  has: ({ snapshot }) => snapshot.caches.length > 0,
  empty: 'no caches. cache2 = name=NAME,items=NUMBER in the configuration creates one',
});
