import { setting } from '../commands.ts';
import type { Rule } from '../rule.ts';

const memoryReport: Rule = {
  name: 'memory-report',
  hint: true,
  measures: '1 if no worker reports its memory and the server is not known to run on this machine',
  levels: { warning: 1, critical: null },
  holds: 60,
  clears: 0,
  advice:
    'memory-report = true adds RSS and VSZ of the workers to the stats. Without them, statstop cannot detect a memory leak.',
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    const running = sample.workers.filter(({ worker }) => worker.alive);
    const known = sample.host !== null || running.some(({ worker }) => worker.rss !== null);
    if (known || running.length === 0) return [];
    return [
      {
        level: 1,
        command: setting('memory-report', true),
        text: 'worker memory unknown: memory-report is off',
      },
    ];
  },
};

/**
 * Rules that suggest a setting, if the stats show a reason for it.
 *
 * There is no hint about `master`: `stats` sets it (`UWSGI_OPT_MASTER` in core/uwsgi.c), so every server with stats has
 * a master. There is no hint about `thunder-lock`: the rule `lopsided` detects the need for it. A worker's share of the
 * requests is no reason alone, because the kernel wakes the same worker each time in a server with little load.
 */
export const HINT_RULES: readonly Rule[] = [memoryReport];
