import { growths } from '../growth.ts';
import { covered, type Rule, recent, total } from '../rule.ts';
import { bytes, duration, plural } from '../words.ts';

const HARAKIRI_SECONDS = 300;
/** Points cover a little more than what they were asked for. */
const SLACK = 1.1;

const harakiri: Rule = {
  name: 'harakiri',
  measures: `harakiris of the last ${HARAKIRI_SECONDS / 60} minutes`,
  levels: { warning: 1, critical: 3 },
  holds: 0,
  clears: 0,
  advice: 'Requests took longer than harakiri allows, and their workers were killed: the log names them.',
  observe({ history }) {
    const points = recent(history, HARAKIRI_SECONDS);
    const count = total(points, ({ harakiris }) => harakiris);
    return [
      {
        level: count,
        text: `${plural(count, 'harakiri')} in ${covered(points) > HARAKIRI_SECONDS * SLACK ? duration(covered(points)) : `the last ${HARAKIRI_SECONDS / 60} minutes`}`,
      },
    ];
  },
};

const RESPAWN_SECONDS = 60;
/** Fewer than these are no storm, however few the workers. */
const FEW_RESPAWNS = 3;

const respawn: Rule = {
  name: 'respawn',
  measures: `starts of a worker in ${RESPAWN_SECONDS} seconds, on average`,
  levels: { warning: 2, critical: 6 },
  holds: 0,
  clears: 10,
  advice:
    'Workers die, or are replaced all the time: the log says why (a crash, max-requests, reload-on-rss, evil-reload-on-rss).',
  observe({ sample, history }) {
    if (sample.kind !== 'app') return [];
    const points = recent(history, RESPAWN_SECONDS);
    const count = total(points, ({ respawns }) => respawns);
    const seconds = covered(points);
    if (count < FEW_RESPAWNS) return [];
    const minutes = Math.max(1, seconds / RESPAWN_SECONDS);
    const level = count / Math.max(1, sample.totals.workers) / minutes;
    return [
      {
        level,
        text: `${plural(count, 'respawn')} of ${plural(sample.totals.workers, 'worker')} in ${duration(Math.max(RESPAWN_SECONDS, seconds))}`,
      },
    ];
  },
};

const memory: Rule = {
  name: 'memory',
  measures: 'bytes a minute by which a worker grows steadily, for five minutes at least',
  levels: { warning: 2 ** 20, critical: 20 * 2 ** 20 },
  holds: 0,
  clears: 60,
  advice:
    'A leak, or a cache that is not full yet? Then it stops. max-requests or reload-on-rss replace workers before it hurts.',
  observe({ sample, history }) {
    if (sample.kind !== 'app') return [];
    const growing = growths(history.hour, sample.workers.length).map((growth) => ({
      id: growth.place + 1,
      ...growth,
    }));
    const [worst, ...others] = growing.sort((a, b) => b.perMinute - a.perMinute);
    if (!worst) return [];
    const more = others.length > 0 ? `, ${plural(others.length, 'other')} too` : '';
    const grown = `${bytes(worst.from)} to ${bytes(worst.to)} in ${duration(worst.seconds)}`;
    return [
      {
        level: worst.perMinute,
        since: sample.time - worst.seconds,
        text: `worker ${worst.id} grows by ${bytes(worst.perMinute)} a minute (${grown})${more}`,
      },
    ];
  },
};

/** Of the processes of an app server. */
export const PROCESS_RULES: readonly Rule[] = [harakiri, respawn, memory];
