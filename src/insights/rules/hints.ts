import type { Rule } from '../rule.ts';

const memoryReport: Rule = {
  name: 'memory-report',
  hint: true,
  measures: '1 where no worker tells its memory, and the server is not known to be on this machine',
  levels: { warning: 1, critical: null },
  holds: 60,
  clears: 0,
  advice:
    'memory-report = true lets the server tell RSS and VSZ of its workers: without them no leak can be seen from here.',
  observe({ sample }) {
    if (sample.kind !== 'app') return [];
    const running = sample.workers.filter(({ worker }) => worker.alive);
    const known = sample.host !== null || running.some(({ worker }) => worker.rss !== null);
    if (known || running.length === 0) return [];
    return [{ level: 1, text: 'the server does not tell the memory of its workers' }];
  },
};

/**
 * What could be set, where the stats show what for.
 *
 * None is about `master`: `stats` sets it (`UWSGI_OPT_MASTER` in core/uwsgi.c), so no server that answers is without
 * one. None is about `thunder-lock`: the rule `lopsided` finds what it is for, and a share of the requests alone is no
 * reason, as the kernel wakes the same worker each time in a server that has little to do.
 */
export const HINT_RULES: readonly Rule[] = [memoryReport];
