import type { Changes } from '../rates/changes.ts';
import type { Finding } from '../rates/finding.ts';
import { duration } from '../text/format.ts';
import { plural } from '../text/words.ts';
import type { Levels } from './rule.ts';

/** A rule about what happened since an earlier run of `check --state`. */
export interface ChangeRule {
  name: string;
  /** What the levels measure, for the documentation. */
  measures: string;
  levels: Levels;
  advice: string;
  /** `null` if it is unknown. */
  level(changes: Changes): number | null;
  /** What happened, without the time. */
  text(changes: Changes): string;
}

/** Levels of `new-restart`. */
const RELOAD = 1;
const RESTART = 2;

export const CHANGE_RULES: readonly ChangeRule[] = [
  {
    name: 'new-restart',
    measures: `${RESTART} for a restart of the server, ${RELOAD} for a full reload, since the last run`,
    levels: { warning: RESTART, critical: null },
    advice: 'If it was not planned, see the log of the server and of the machine (systemd, out of memory).',
    level: ({ restarted }) => (restarted === null ? 0 : restarted === 'restart' ? RESTART : RELOAD),
    text: ({ restarted }) => (restarted === 'restart' ? 'server restarted' : 'server reloaded'),
  },
  {
    name: 'new-harakiri',
    measures: 'harakiris since the last run',
    levels: { warning: 1, critical: null },
    advice:
      'Requests exceeded the harakiri timeout, and uWSGI killed their workers. The log names the requests.',
    level: ({ harakiris }) => harakiris,
    text: ({ harakiris }) => plural(harakiris, 'harakiri'),
  },
  {
    name: 'new-exception',
    measures: 'exceptions since the last run',
    levels: { warning: 1, critical: null },
    advice:
      'The log has their tracebacks. Frameworks turn most exceptions into responses, which do not count.',
    level: ({ exceptions }) => exceptions,
    text: ({ exceptions }) => plural(exceptions, 'exception'),
  },
  {
    name: 'new-respawn',
    measures: 'starts of workers after their first one, since the last run',
    levels: { warning: 10, critical: null },
    advice: 'See the log for the reason: a crash, max-requests, reload-on-rss, cheaper or a chain reload.',
    level: ({ respawns }) => respawns,
    text: ({ respawns }) => plural(respawns, 'respawn'),
  },
  {
    name: 'new-queue-error',
    measures: 'full listen queues that uWSGI counted since the last run (`listen_queue_errors`)',
    levels: { warning: 1, critical: null },
    advice: 'Clients were refused or had to retry. listen = NUMBER allows a longer queue.',
    level: ({ queueErrors }) => queueErrors,
    text: ({ queueErrors }) => plural(queueErrors, 'listen queue error'),
  },
];

/**
 * The findings about what happened since an earlier run.
 *
 * @param now Unix seconds
 * @param levels that the user has set, by the name of the rule
 */
export function changeFindings(
  changes: Changes,
  now: number,
  levels: Readonly<Record<string, Partial<Levels>>> = {},
): Finding[] {
  const { since, restarted } = changes;
  return CHANGE_RULES.flatMap((rule) => {
    const { warning, critical } = { ...rule.levels, ...levels[rule.name] };
    const level = rule.level(changes);
    if (level === null || level === 0 || level < warning) return [];
    const isLeast = restarted !== null && rule.name !== 'new-restart';
    return {
      rule: rule.name,
      subject: '',
      severity: critical !== null && level >= critical ? 'critical' : 'warning',
      since,
      text: `${isLeast ? 'at least ' : ''}${rule.text(changes)} since the last check, ${duration(Math.max(0, now - since))} ago`,
      advice: rule.advice,
      about: rule.name === 'new-restart' ? null : { view: 'workers', row: null },
    };
  });
}
