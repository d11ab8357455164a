import type { ServerState } from './state.ts';
import { escaped, type StatsWriter } from './writer.ts';

/** The sections of a document that are optional in uWSGI. Their numbers derive from the requests and the time. */

export function writeDaemons(writer: StatsWriter, { pid }: ServerState): void {
  writer.list('daemons', () =>
    writer.object(() => {
      writer.string('cmd', escaped('celery -A shop worker --hostname "shop@web1"'));
      writer.number('pid', pid + 1);
      // Always 0: uWSGI writes `respawns ? 0 : respawns`.
      writer.number('respawns', 0);
    }),
  );
}

interface CacheSpec {
  name: string;
  maxItems: number;
  blockSize: number;
  /** Lookups per request. */
  lookups: number;
  /** Share of the lookups that find an item. */
  found: number;
}

const CACHES: readonly CacheSpec[] = [
  { name: 'sessions', maxItems: 20_000, blockSize: 65_536, lookups: 1, found: 0.94 },
  { name: 'pages', maxItems: 500, blockSize: 4096, lookups: 0.6, found: 0.71 },
];

export function writeCaches(writer: StatsWriter, state: ServerState, epoch: number): void {
  let requests = 0;
  for (const worker of state.workers) requests += worker.requests;
  writer.list('caches', () => {
    for (const cache of CACHES) writeCache(writer, cache, requests, Math.floor(epoch + state.time));
  });
}

function writeCache(writer: StatsWriter, cache: CacheSpec, requests: number, now: number): void {
  const lookups = Math.floor(requests * cache.lookups);
  const hits = Math.floor(lookups * cache.found);
  const stored = lookups - hits;
  writer.object(() => {
    writer.string('name', cache.name);
    writer.string('hash', 'djb33x');
    writer.number('hashsize', 65_536);
    writer.number('keysize', 2048);
    writer.number('max_items', cache.maxItems);
    writer.number('blocks', cache.maxItems);
    writer.number('blocksize', cache.blockSize);
    writer.number('items', Math.min(cache.maxItems, stored));
    writer.number('hits', hits);
    writer.number('miss', stored);
    writer.number('full', Math.max(0, stored - cache.maxItems));
    writer.number('last_modified_at', stored > 0 ? now : 0);
  });
}

export function writeSpoolers(writer: StatsWriter, { pid, time }: ServerState, cwd: string): void {
  // One mail every 5 seconds. Each takes one second.
  const tasks = Math.floor(time / 5);
  writer.list('spoolers', () =>
    writer.object(() => {
      writer.string('dir', `${cwd}/spool`);
      writer.number('pid', pid + 2);
      writer.number('tasks', tasks);
      writer.number('respawns', 0);
      writer.flag('running', time % 5 < 1);
    }),
  );
}

export function writeCrons(writer: StatsWriter): void {
  writer.list('crons', () =>
    writer.object(() => {
      writer.number('minute', 0);
      writer.number('hour', 3);
      writer.number('day', -1);
      writer.number('month', -1);
      writer.number('week', -1);
      writer.string('command', escaped('/srv/shop/bin/clean-carts --older-than "7 days"'));
      writer.number('unique', 1);
      writer.string('legion', '');
      writer.number('pid', -1);
      writer.number('started_at', 0);
    }),
  );
}
