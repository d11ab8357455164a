import { aboutWorker } from '../../rates/about.ts';
import type { History } from '../../rates/history.ts';
import type { AppSample } from '../../rates/sample.ts';
import { startedPlaces } from '../../rates/started.ts';
import { duration } from '../../text/format.ts';
import { bytes, plural } from '../../text/words.ts';
import { endWorker } from '../advice.ts';
import { growths, LONG_SECONDS, type WorkerGrowth } from '../growth.ts';
import { LEAST_BYTES, LEAST_SECONDS } from '../rapid-growth.ts';
import { covered, type Rule, recent, span, total } from '../rule.ts';

const HARAKIRI_SECONDS = 300;

const harakiri: Rule = {
  name: 'harakiri',
  measures: `harakiris in the last ${HARAKIRI_SECONDS / 60} minutes`,
  levels: { warning: 1, critical: 3 },
  holds: 0,
  clears: 0,
  advice:
    'Requests exceeded the harakiri timeout, and uWSGI killed their workers. The log names the requests.',
  observe({ sample, history }) {
    const points = recent(history, HARAKIRI_SECONDS);
    const earlier = sample.kind === 'app' ? harakirisBefore(sample, sample.time - covered(points)) : [];
    const count = total(points, ({ harakiris }) => harakiris) + earlier.length;
    const time = earlier.length > 0 ? duration(sample.time - Math.min(...earlier)) : span(points);
    return [
      {
        level: count,
        about: { view: 'workers', row: null },
        text: `${plural(count, 'harakiri')} in ${time}`,
      },
    ];
  },
};

/** uWSGI reports the start of a worker in whole seconds. */
const START_ERROR = 1;

/**
 * Unix seconds of harakiris before a time, as the document proves them. If all starts of a worker after its first one
 * followed a harakiri, its last one did.
 */
function harakirisBefore({ snapshot, time }: AppSample, before: number): number[] {
  return snapshot.workers.flatMap(({ alive, harakiris, spawns, lastSpawn }) => {
    const isProven = alive && harakiris !== null && harakiris > 0 && harakiris + 1 === spawns;
    if (!isProven || lastSpawn === null) return [];
    return lastSpawn + START_ERROR <= before && time - lastSpawn < HARAKIRI_SECONDS ? [lastSpawn] : [];
  });
}

const RESPAWN_SECONDS = 60;
/** Fewer respawns are not reported, even with few workers. */
const FEW_RESPAWNS = 3;

const respawn: Rule = {
  name: 'respawn',
  measures: `starts per worker in ${RESPAWN_SECONDS} seconds: the mean over the workers that ran in that time`,
  levels: { warning: 2, critical: 6 },
  holds: 0,
  clears: 10,
  advice:
    'Workers die or are replaced repeatedly. See the log for the reason (a crash, max-requests, reload-on-rss, evil-reload-on-rss).',
  observe({ sample, history }) {
    if (sample.kind !== 'app') return [];
    const points = recent(history, RESPAWN_SECONDS);
    const count = total(points, ({ respawns }) => respawns);
    const seconds = covered(points);
    if (count < FEW_RESPAWNS) return [];
    const minutes = Math.max(1, seconds / RESPAWN_SECONDS);
    const workers = Math.max(1, workersThatRan(sample, history, seconds));
    const level = count / workers / minutes;
    return [
      {
        level,
        about: { view: 'workers', row: null },
        text: `${plural(count, 'respawn')} of ${plural(workers, 'worker')} in ${span(points)}`,
      },
    ];
  },
};

/**
 * Number of workers that run, or were started in the last seconds. Workers that stayed cheap (uWSGI's `cheaper`) do not
 * count, because they cannot die. There can be many more cheap workers than running ones.
 */
function workersThatRan({ workers, time }: AppSample, { hour }: History, seconds: number): number {
  const ran = new Set(workers.flatMap(({ worker: { alive } }, place) => (alive ? [place] : [])));
  for (const place of startedPlaces(hour, time - seconds)) ran.add(place);
  return ran.size;
}

/** Growth is critical if it uses up the memory of the machine within this time. */
const CRITICAL_MINUTES = 30;
/** The text mentions the time until the memory is used up only if it is at most this long. */
const MENTIONED_MINUTES = 24 * 60;

const memory: Rule = {
  name: 'memory',
  measures: `bytes per minute by which a worker grows steadily, over ${LONG_SECONDS / 60} minutes, or over ${LEAST_SECONDS} seconds if it grows by ${bytes(LEAST_BYTES)} or more. If the kernel of this machine reports the available memory, the critical level is what uses it up in ${CRITICAL_MINUTES} minutes, unless you set a level`,
  levels: { warning: 2 ** 20, critical: 20 * 2 ** 20 },
  holds: 0,
  clears: 60,
  advice:
    'The worker leaks memory or fills a cache. reload-on-rss = MEGABYTES or max-requests = NUMBER replaces it before memory runs out.',
  observe({ sample, history }) {
    if (sample.kind !== 'app') return [];
    const growing = [...growths(history.hour, sample.workers)].sort((a, b) => b.perMinute - a.perMinute);
    const [worst, ...others] = growing;
    if (!worst) return [];
    const { pid } = sample.workers[worst.place]?.worker ?? { pid: null };
    const who = `worker ${worst.place + 1}${pid === null ? '' : ` (pid ${pid})`}`;
    const more = others.length > 0 ? `, ${plural(others.length, 'other')} too` : '';
    const grown = `${bytes(worst.from)} to ${bytes(worst.to)} in ${duration(worst.seconds)}`;
    const remaining = minutesLeft(sample, growing);
    const end =
      remaining === null || remaining > MENTIONED_MINUTES
        ? ''
        : `; machine memory used up in ${duration(remaining * 60)}`;
    return [
      {
        level: worst.perMinute,
        ...(remaining === null ? {} : { critical: (worst.perMinute * remaining) / CRITICAL_MINUTES }),
        since: sample.time - worst.seconds,
        about: aboutWorker(worst.place + 1),
        advice: `${memory.advice}${endWorker(sample, worst.place + 1)}`,
        text: `${who} grows ${bytes(worst.perMinute)}/min (${grown})${more}${end}`,
      },
    ];
  },
};

/** Minutes until the growing workers have taken all available memory; `null` if the kernel's value is unknown. */
function minutesLeft({ host }: AppSample, growing: readonly WorkerGrowth[]): number | null {
  const available = host?.resources.available ?? null;
  return available === null ? null : available / growing.reduce((sum, { perMinute }) => sum + perMinute, 0);
}

/** Rules about the processes of an app server. */
export const PROCESS_RULES: readonly Rule[] = [harakiri, respawn, memory];
