import { aboutWorker, jobId, lockId, nodeId } from '../../rates/about.ts';
import { type Backlog, spoolersByFolder } from '../../rates/backlogs.ts';
import { isTried } from '../../rates/blacklisted.ts';
import { cacheRates } from '../../rates/caches.ts';
import type { About } from '../../rates/finding.ts';
import type { AppSample } from '../../rates/sample.ts';
import { STARTS_SECONDS } from '../../rates/starts.ts';
import type { Cache } from '../../stats/snapshot.ts';
import { MOST_TASKS, type Spooler } from '../../stats/snapshot.ts';
import { duration } from '../../text/format.ts';
import { percent, plural } from '../../text/words.ts';
import { dumpStack, setting } from '../commands.ts';
import type { Occurrence, Rule } from '../rule.ts';

const UNNAMED = '(no name)';

function aboutCache({ name }: Cache): About {
  return { view: 'caches', row: name ?? '' };
}

/** Minimum reads per second for which the hit rate of a cache is significant. */
const ENOUGH_READS = 1;

const cacheMisses: Rule = {
  name: 'cache-misses',
  measures: 'share of the reads in an interval that miss, 0 to 1',
  levels: { warning: 0.5, critical: null },
  holds: 60,
  clears: 30,
  advice: 'Check that the application stores the items that it reads, and that they do not expire too early.',
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    return cacheRates(sample).flatMap(({ cache, readRate, hitRatio }): Occurrence[] => {
      if (hitRatio === null || (readRate ?? 0) < ENOUGH_READS) return [];
      const level = 1 - hitRatio;
      return [
        {
          subject: cache.name ?? '',
          level,
          about: aboutCache(cache),
          text: `${percent(level)} of reads miss in cache ${cache.name ?? UNNAMED}`,
        },
      ];
    });
  },
};

const cacheFull: Rule = {
  name: 'cache-full',
  measures: 'items per second for which a cache had no room',
  levels: { warning: 0.01, critical: null },
  holds: 0,
  clears: 60,
  advice: 'The cache is too small. Set items = NUMBER in its cache2 option, or a shorter time to live.',
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    return cacheRates(sample).flatMap(({ cache, fullDelta }): Occurrence[] => {
      if (fullDelta === null || !sample.interval) return [];
      const fill =
        cache.items === null || cache.maxItems === null ? '' : ` (${cache.items} of ${cache.maxItems})`;
      const text = `cache ${cache.name ?? UNNAMED} full: no room for ${plural(fullDelta, 'item')}${fill}`;
      const advice =
        cache.maxItems === null
          ? cacheFull.advice
          : `The cache is too small. Set items=${2 * cache.maxItems} (now ${cache.maxItems}) in its cache2 option, or a shorter time to live.`;
      const about = aboutCache(cache);
      return [{ subject: cache.name ?? '', level: fullDelta / sample.interval, about, advice, text }];
    });
  },
};

const spooler: Rule = {
  name: 'spooler',
  measures: "tasks in a spooler's directory; known only on the server's machine",
  levels: { warning: 100, critical: 1000 },
  holds: 30,
  clears: 10,
  advice:
    'Tasks arrive faster than they are done, unless they are scheduled for later. spooler-processes = NUMBER runs more at a time. The log names tasks that fail and are retried.',
  observe({ sample, history }) {
    if (sample.kind !== 'app') return [];
    const folders = spoolersByFolder(sample.snapshot.spoolers);
    return [...folders].flatMap(([dir, all]): Occurrence[] => {
      const waiting = all.find((each) => each.waiting !== null)?.waiting ?? null;
      if (waiting === null) return [];
      const count = `${waiting >= MOST_TASKS ? 'at least ' : ''}${plural(waiting, 'task')}`;
      const tries = triesOf(history.backlogs.get(dir), waiting, sample.time);
      const advice = spooler.advice.replace(
        'spooler-processes = NUMBER',
        `spooler-processes = ${all.length + 1} (now ${all.length})`,
      );
      const about = { view: 'jobs', row: jobId('spooler', dir, 0) };
      return [
        {
          subject: dir,
          level: waiting,
          about,
          advice,
          command: setting('spooler-processes', all.length + 1),
          text: `${count} in spooler ${dir}, ${tries || stateOf(all)}`,
        },
      ];
    });
  },
};

/** Tries per waiting task from which a backlog that does not shrink is mentioned. Failed tasks are tried again. */
const MANY_TRIES = 2;

/** The text about a folder whose tasks are tried repeatedly; empty if they are not. */
function triesOf(backlog: Backlog | undefined, waiting: number, time: number): string {
  if (backlog === undefined) return '';
  const tries = backlog.tried - backlog.triedThen;
  if (tries < MANY_TRIES * waiting) return '';
  return `not shrinking: ${plural(tries, 'attempt')} in ${duration(time - backlog.since)}`;
}

/** The text about the state of a folder's spooler processes. */
function stateOf(all: readonly Spooler[]): string {
  const living = all.filter(({ pid }) => pid !== null);
  if (living.length === 0) return 'no process running';
  const running = living.filter(({ running }) => running).length;
  if (living.length > 1) return `${running} of ${living.length} processes busy`;
  return running === 0 ? 'idle' : 'busy';
}

const lock: Rule = {
  name: 'lock',
  measures: '1 for a lock that the same process holds in four or more readings in a row',
  levels: { warning: 1, critical: null },
  holds: 30,
  // A process that takes the lock often may hold it by chance in two readings.
  readings: 4,
  clears: 0,
  advice:
    'Processes that wait for this lock are blocked. Check what the process that holds it does: see the server log or its Python stack.',
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    return sample.snapshot.locks.flatMap(({ name, holder }): Occurrence[] =>
      // With `thunder-lock`, idle workers wait for connections under this lock.
      holder === null || name === 'thunder'
        ? []
        : [
            {
              subject: `${name} ${holder}`,
              level: 1,
              about: aboutHolder(sample, name, holder),
              command: dumpStack(
                sample.snapshot.workers.find(({ pid }) => pid === holder),
                sample,
              ),
              text: `lock ${name} held continuously by process ${holder}`,
            },
          ],
    );
  },
};

/** The worker that holds a lock. If another process holds it, the lock itself. */
function aboutHolder({ snapshot }: AppSample, name: string | null, holder: number): About {
  const worker = snapshot.workers.find(({ pid }) => pid === holder);
  return worker ? aboutWorker(worker.id) : { view: 'locks', row: lockId('lock', name, 0) };
}

/** A file name that a shell does not interpret. */
const CONFIGURATION = /^\w[\w.-]*\.(?:ini|ya?ml|json|xml)$/;

/**
 * How to find out why a vassal does not start.
 *
 * @param id name of its configuration
 */
function startByHand(id: string): string {
  if (!CONFIGURATION.test(id)) return blacklist.advice;
  return `The vassal does not start. See the emperor's log for the reason, or run \`uwsgi ${id}\` in the emperor's directory.`;
}

const blacklist: Rule = {
  name: 'blacklist',
  measures: 'failed starts of a vassal, without the first one',
  levels: { warning: 0, critical: 1 },
  holds: 0,
  clears: 0,
  advice:
    "The vassal does not start. See the emperor's log for the reason, or run uwsgi --ini with its configuration.",
  observe({ sample }) {
    if (sample.kind !== 'emperor') return [];
    return sample.snapshot.blacklist.flatMap((entry) => {
      if (!isTried(entry, sample.time)) return [];
      const { id, attempts, throttle, firstAttempt } = entry;
      const wait = throttle === null ? '' : `, retried every ${duration(throttle)}`;
      const text = `vassal ${id} failed to start ${plural((attempts ?? 0) + 1, 'time')}${wait}`;
      const about = { view: 'blacklist', row: id };
      return [
        { subject: id, since: firstAttempt, level: attempts ?? 0, about, advice: startByHand(id), text },
      ];
    });
  },
};

const flapping: Rule = {
  name: 'flapping',
  measures: `restarts of a vassal in ${STARTS_SECONDS / 60} minutes`,
  levels: { warning: 3, critical: 10 },
  holds: 0,
  clears: 10,
  advice:
    "The vassal ends repeatedly, and the emperor restarts it. See the vassal's log for the reason (a crash, an OOM kill, die-on-idle).",
  observe({ sample, history }) {
    if (sample.kind !== 'emperor') return [];
    const blacklisted = new Set(sample.snapshot.blacklist.map(({ id }) => id));
    return [...history.starts].flatMap(([id, { starts, wasReady }]): Occurrence[] => {
      const [first] = starts;
      // The rule `blacklist` covers vassals that were never ready.
      if (first === undefined || (blacklisted.has(id) && !wasReady)) return [];
      const ready = wasReady ? ' after it was ready' : '';
      return [
        {
          subject: id,
          since: first,
          level: starts.length,
          about: { view: 'vassals', row: id },
          text: `vassal ${id} restarted ${plural(starts.length, 'time')} in ${duration(Math.max(1, sample.time - first))}${ready}`,
        },
      ];
    });
  },
};

const node: Rule = {
  name: 'node',
  measures: '1 for a node that the router has marked dead',
  levels: { warning: 1, critical: null },
  holds: 0,
  clears: 0,
  advice: 'The router no longer sends requests to this node. Check that its server runs and subscribes.',
  observe({ sample }) {
    if (sample.kind !== 'router') return [];
    return sample.nodes.flatMap(({ key, node }): Occurrence[] =>
      node.deathMark
        ? [
            {
              subject: `${key} ${node.name}`,
              level: 1,
              about: { view: 'nodes', row: nodeId(key, node.name) },
              text: `node ${node.name} of ${key} marked dead`,
            },
          ]
        : [],
    );
  },
};

/** Rules about the caches, spoolers and locks of an app server, about emperors and about routers. */
export const OTHER_RULES: readonly Rule[] = [
  cacheMisses,
  cacheFull,
  spooler,
  lock,
  blacklist,
  flapping,
  node,
];
