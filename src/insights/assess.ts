import { type Finding, SEVERITIES, type Severity } from '../rates/finding.ts';
import type { Evidence, Levels, Occurrence, Rule } from './rule.ts';
import { RULES } from './rules.ts';

/** Levels that somebody has set, by name of the rule. */
export type LevelChanges = Readonly<Record<string, Partial<Levels>>>;

export interface Assessment {
  /** The worst ones first, hints last; of one severity by the rank of their rule, then the newest first. */
  findings: readonly Finding[];
  /** What is kept to tell how long something is so. */
  watches: ReadonlyMap<string, Watch>;
}

/** One thing that a rule watches because it is, or was a moment ago, too high. */
interface Watch {
  /** Unix seconds since when the level is too high, and until when it was. */
  since: number;
  until: number;
  /** Readings in which it was. */
  readings: number;
  /** Since it was too high for long enough; `null` before. */
  finding: Finding | null;
}

export const NOTHING_FOUND: Assessment = { findings: [], watches: new Map() };

const RANKS: ReadonlyMap<string, number> = new Map(
  RULES.flatMap(({ name, rank }) => (rank === undefined ? [] : [[name, rank]])),
);

/** A level must fall so far below the one that raised a finding before that is over. */
const HYSTERESIS = 0.8;

/**
 * What is wrong now, given what was watched before. A finding comes when its level was too high for as long as its rule
 * asks, and goes when it was lower, by a margin, for as long as that asks.
 *
 * @param maxWait seconds that are waited at most before something is a finding: for a look that does not last
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
    // Few looks prove nothing, however little patience there is.
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
      // What is no longer told of is over, after a while.
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
  { subject = '', level, text, since: known, advice = rule.advice, about }: Occurrence,
  now: number,
): Watch | null {
  const raised = before?.finding ?? null;
  const least = levels.warning * (raised ? HYSTERESIS : 1);
  if (!(level >= least)) {
    // A moment below does not end a finding, unless it is as low as can be.
    const isOver = !raised || level <= (rule.overAt ?? Number.NEGATIVE_INFINITY);
    return before && isRecent(now - before.until, isOver ? 0 : rule.clears) ? before : null;
  }
  const seen = before?.since ?? now;
  const readings = (before?.readings ?? 0) + 1;
  const severity = rule.hint ? 'hint' : severityOf(level, levels, raised?.severity ?? null);
  const finding =
    raised || (now - seen >= wait.seconds && readings >= wait.readings)
      ? { rule: rule.name, subject, severity, since: known ?? seen, text, advice, about: about ?? null }
      : null;
  return { since: seen, until: now, readings, finding };
}

/** Not when the clock was set back. */
function isRecent(age: number, seconds: number): boolean {
  return age >= 0 && age < seconds;
}

function severityOf(level: number, { critical }: Levels, before: Severity | null): Severity {
  if (critical === null) return 'warning';
  return level >= critical * (before === 'critical' ? HYSTERESIS : 1) ? 'critical' : 'warning';
}

function sorted(watches: ReadonlyMap<string, Watch>): Finding[] {
  const severity = (finding: Finding) => -SEVERITIES.indexOf(finding.severity);
  const rank = ({ rule }: Finding) => RANKS.get(rule) ?? Number.MAX_VALUE;
  return [...watches.values()]
    .flatMap(({ finding }) => finding ?? [])
    .sort((a, b) => severity(a) - severity(b) || rank(a) - rank(b) || b.since - a.since);
}
