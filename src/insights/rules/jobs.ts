import { aboutJob } from '../../rates/about.ts';
import { nextRun } from '../../rates/next-run.ts';
import { RESTART_SECONDS } from '../../rates/restarts.ts';
import { duration } from '../../text/format.ts';
import { plural } from '../../text/words.ts';
import type { Occurrence, Rule } from '../rule.ts';

const restart: Rule = {
  name: 'restart',
  measures: `starts of a daemon, mule or router after another one in ${RESTART_SECONDS / 60} minutes, as far as they were seen`,
  levels: { warning: 3, critical: 10 },
  holds: 0,
  clears: 10,
  advice:
    'The process ends again and again, and uWSGI starts it anew: the log says when, and what the command wrote before it ended.',
  observe({ sample, history }) {
    if (sample.kind !== 'app') return [];
    const { daemons } = sample.snapshot;
    return [...history.restarts].flatMap(([key, alike]) =>
      alike.flatMap(({ kind, name, pid, times }, place): Occurrence[] => {
        const [first] = times;
        if (first === undefined) return [];
        const what =
          kind === 'daemon' ? `daemon ${name}` : name || 'a mule or router (a child of the master)';
        const daemon =
          kind === 'daemon' ? daemons.find((each) => each.command === name && each.pid === pid) : null;
        const often = `${plural(times.length, 'time')} in ${duration(Math.max(1, sample.time - first))}`;
        return [
          {
            subject: `${key} ${place}`,
            since: first,
            level: times.length,
            about: daemon ? aboutJob('daemon', daemons, daemon) : { view: 'jobs', row: null },
            text: `${what} ended and was started again at least ${often} (pid ${pid} now)`,
          },
        ];
      }),
    );
  },
};

const cronLate: Rule = {
  name: 'cron-late',
  measures:
    'how long a unique cron has run, of the time until its next run was due: 1 is when that run was left out',
  levels: { warning: 1, critical: null },
  holds: 0,
  clears: 0,
  advice:
    'uWSGI does not start a unique cron while it runs: check whether the command hangs. cron2 takes harakiri = SECONDS, which ends it.',
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    return sample.snapshot.crons.flatMap((cron, place): Occurrence[] => {
      const { unique, pid, startedAt, command } = cron;
      if (!unique || pid === null || startedAt === null) return [];
      const next = nextRun(cron, startedAt, sample.time);
      if (next === null) return [];
      const [age, period] = [sample.time - startedAt, next - startedAt];
      const text = `cron ${command ?? ''} (pid ${pid}) has run for ${duration(age)}: its next run, due after ${duration(period)}, was left out`;
      const about = aboutJob('cron', sample.snapshot.crons, cron);
      return [{ subject: `${command} ${place}`, since: next, level: age / period, about, text }];
    });
  },
};

/** Rules about daemons, crons, mules and routers. */
export const JOB_RULES: readonly Rule[] = [restart, cronLate];
