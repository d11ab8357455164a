import { type Finding, SEVERITIES, type Severity } from '../rates/finding.ts';
import type { Evidence, Levels, Occurrence, Rule } from './rule.ts';
import { RULES } from './rules.ts';

/** Levels that the user has set, by the name of the rule. */
export type LevelChanges = Readonly<Record<string, Partial<Levels>>>;

/** The findings after a sample, and the state that the next assessment needs. */
export interface Assessment {
  /** Sorted by severity (critical first, hints last), then by the rank of the rule, then by age (newest first). */
  findings: readonly Finding[];
  /** State that is kept between samples, to measure how long a condition lasts. */
  watches: ReadonlyMap<string, Watch>;
}

/** A condition that a rule watches because its level is too high, or was a short time ago. */
interface Watch {
  /** Unix seconds at which the level was first (`since`) and last (`until`) seen too high. */
  since: number;
  until: number;
  /** Number of readings in which the level was too high. */
  readings: number;
  /** Set once the condition has lasted long enough; `null` before. */
  finding: Finding | null;
  /** The finding when the level was highest, and that level; `null` without a finding. */
  worst: Worst | null;
}

interface Worst extends Pick<Finding, 'severity' | 'text'> {
  level: number;
}

/** The assessment before the first sample. */
export const NOTHING_FOUND: Assessment = { findings: [], watches: new Map() };

const RANKS: ReadonlyMap<string, number> = new Map(
  RULES.flatMap(({ name, rank }) => (rank === undefined ? [] : [[name, rank]])),
);

/**
 * A finding stays raised down to this share of its warning level, and critical down to this share of its critical one.
 */
const HYSTERESIS = 0.8;

/**
 * The current findings, given the state after the previous sample. A finding is raised after its level has been too
 * high for the time of its rule (`holds`). It ends after the level has been lower, with a margin (`HYSTERESIS`), for
 * the time `clears`.
 *
 * @param maxWait longest time in seconds before a condition becomes a finding; used for one-shot checks
 */
export function assess(
  before: Assessment,
  evidence: Evidence,
  changes: LevelChanges = {},
  maxWait = Number.POSITIVE_INFINITY,
): Assessment {
  const now = evidence.sample.time;
  const watches = new Map<string, Watch>();
  for (const rule of RULES) {
    // `maxWait` does not reduce the number of readings, because too few readings prove nothing.
    const wait = { seconds: Math.min(rule.holds, maxWait), readings: rule.readings ?? 1 };
    const told = new Set<string>();
    for (const observation of rule.observe(evidence)) {
      const { subject, critical = rule.levels.critical } = observation;
      const levels = { ...rule.levels, critical, ...changes[rule.name] };
      const key = keyOf(rule, subject);
      told.add(key);
      const watch = watched(before.watches.get(key), rule, levels, wait, observation, now);
      if (watch) watches.set(key, watch);
    }
    for (const [key, watch] of before.watches) {
      // Keep a finding that the rule no longer observes until `clears` seconds have passed.
      if (watch.finding?.rule === rule.name && !told.has(key) && isRecent(now - watch.until, rule.clears))
        watches.set(key, watch);
    }
  }
  return { findings: sorted(watches), watches };
}

function keyOf({ name }: Rule, subject = ''): string {
  return `${name} ${subject}`;
}

function watched(
  before: Watch | undefined,
  rule: Rule,
  levels: Levels,
  wait: { seconds: number; readings: number },
  { subject = '', level, text, since: known, advice = rule.advice, command, about }: Occurrence,
  now: number,
): Watch | null {
  const raised = before?.finding ?? null;
  const least = levels.warning * (raised ? HYSTERESIS : 1);
  if (!(level >= least)) {
    // A lower level ends a finding only after `clears` seconds, or at once if it is at or below `overAt`.
    const isOver = !raised || level <= (rule.overAt ?? Number.NEGATIVE_INFINITY);
    return before && isRecent(now - before.until, isOver ? 0 : rule.clears) ? before : null;
  }
  const seen = before?.since ?? now;
  const readings = (before?.readings ?? 0) + 1;
  const severity = rule.hint ? 'hint' : severityOf(level, levels, raised?.severity ?? null);
  const finding =
    raised || (now - seen >= wait.seconds && readings >= wait.readings)
      ? {
          rule: rule.name,
          subject,
          severity,
          since: known ?? seen,
          text,
          advice,
          ...(command ? { command } : {}),
          about: about ?? null,
        }
      : null;
  return {
    since: seen,
    until: now,
    readings,
    finding,
    worst: finding && worse(before?.worst, { severity, text, level }),
  };
}

function worse(before: Worst | null | undefined, now: Worst): Worst {
  return before && before.level >= now.level ? before : now;
}

/** False for a negative age: the clock was set back. */
function isRecent(age: number, seconds: number): boolean {
  return age >= 0 && age < seconds;
}

function severityOf(level: number, { critical }: Levels, before: Severity | null): Severity {
  if (critical === null) return 'warning';
  return level >= critical * (before === 'critical' ? HYSTERESIS : 1) ? 'critical' : 'warning';
}

function sorted(watches: ReadonlyMap<string, Watch>): Finding[] {
  return byUrgency([...watches.values()].flatMap(({ finding }) => finding ?? []));
}

/** Findings by severity (critical first, hints last), then by the rank of the rule, then by age (newest first). */
export function byUrgency(findings: readonly Finding[]): Finding[] {
  const severity = (finding: Finding) => -SEVERITIES.indexOf(finding.severity);
  const rank = ({ rule }: Finding) => RANKS.get(rule) ?? Number.MAX_VALUE;
  return findings.toSorted((a, b) => severity(a) - severity(b) || rank(a) - rank(b) || b.since - a.since);
}
