import { aboutJob } from '../../rates/about.ts';
import { nextRun } from '../../rates/next-run.ts';
import { RESTART_SECONDS } from '../../rates/restarts.ts';
import { duration } from '../../text/format.ts';
import { plural } from '../../text/words.ts';
import type { Occurrence, Rule } from '../rule.ts';

const restart: Rule = {
  name: 'restart',
  measures: `observed restarts of a daemon, mule or router in ${RESTART_SECONDS / 60} minutes`,
  levels: { warning: 3, critical: 10 },
  holds: 0,
  clears: 10,
  advice:
    'The process ends repeatedly, and uWSGI restarts it. See the log for the times and for the output of the command.',
  observe({ sample, history }) {
    if (sample.kind !== 'app') return [];
    const { daemons } = sample.snapshot;
    return [...history.restarts].flatMap(([key, alike]) =>
      alike.flatMap(({ kind, name, pid, times }, place): Occurrence[] => {
        const [first] = times;
        if (first === undefined) return [];
        const what = kind === 'daemon' ? `daemon ${name}` : name || 'mule or router (child of the master)';
        const daemon =
          kind === 'daemon' ? daemons.find((each) => each.command === name && each.pid === pid) : null;
        const often = `${plural(times.length, 'restart')} in ${duration(Math.max(1, sample.time - first))}`;
        return [
          {
            subject: `${key} ${place}`,
            since: first,
            level: times.length,
            about: daemon ? aboutJob('daemon', daemons, daemon) : { view: 'jobs', row: null },
            text: `at least ${often}: ${what} (now pid ${pid})`,
          },
        ];
      }),
    );
  },
};

const cronLate: Rule = {
  name: 'cron-late',
  measures: 'running time of a unique cron as a share of the time to its next run; at 1 that run is skipped',
  levels: { warning: 1, critical: null },
  holds: 0,
  clears: 0,
  advice:
    'uWSGI skips a run of a unique cron while it still runs. Check whether the command hangs. harakiri = SECONDS of cron2 ends it.',
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    return sample.snapshot.crons.flatMap((cron, place): Occurrence[] => {
      const { unique, pid, startedAt, command } = cron;
      if (!unique || pid === null || startedAt === null) return [];
      const next = nextRun(cron, startedAt, sample.time);
      if (next === null) return [];
      const [age, period] = [sample.time - startedAt, next - startedAt];
      const text = `cron running for ${duration(age)}, next run skipped (due after ${duration(period)}): ${command ?? ''} (pid ${pid})`;
      const about = aboutJob('cron', sample.snapshot.crons, cron);
      return [{ subject: `${command} ${place}`, since: next, level: age / period, about, text }];
    });
  },
};

/** Rules about daemons, crons, mules and routers. */
export const JOB_RULES: readonly Rule[] = [restart, cronLate];
