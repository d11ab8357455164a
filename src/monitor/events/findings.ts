import type { Assessment } from '../../insights/assess.ts';
import type { Finding } from '../../rates/finding.ts';
import { duration } from '../../text/format.ts';
import { closed, isOpen, type Limit, type Log, recorded } from './log.ts';

type Watches = Assessment['watches'];

/** Findings of one condition, and of one rule, that are listed as events (see `Limit`). */
const MOST_OF_CONDITION = 3;
const MOST_OF_RULE = 20;

/**
 * The log after findings have begun or ended. Hints are left out. A condition that the first reading already showed did
 * not begin while it was watched, so only its end is recorded.
 *
 * @param first Unix seconds of the first reading
 */
export function withFindings(log: Log, before: Watches, after: Watches, first: number, now: number): Log {
  let next = log;
  for (const [key, { finding, since }] of after) {
    if (!finding || finding.severity === 'hint' || before.get(key)?.finding || since <= first) continue;
    const { severity, text, about } = finding;
    const fact = {
      kind: 'began',
      severity,
      text,
      about,
      open: openKey(key),
      limits: limitsOf(key, finding),
    } as const;
    next = recorded(next, fact, now);
  }
  for (const [key, { finding, since, worst }] of before) {
    if (!finding || finding.severity === 'hint' || after.get(key)?.finding) continue;
    const isListed = since <= first || isOpen(next, openKey(key));
    // While a condition begins and ends repeatedly, one event stands for all of them.
    if (!isListed) continue;
    const { severity, text } = worst ?? finding;
    next = closed(next, openKey(key), now);
    next = recorded(
      next,
      {
        kind: 'ended',
        severity,
        text: `after ${duration(Math.max(0, now - finding.since))}; at worst: ${text}`,
        about: finding.about,
        limits: [],
      },
      now,
    );
  }
  return next;
}

function openKey(key: string): string {
  return `finding ${key}`;
}

function limitsOf(key: string, { rule }: Finding): Limit[] {
  return [
    { group: openKey(key), most: MOST_OF_CONDITION, more: `${rule}: begins and ends repeatedly` },
    { group: `rule ${rule}`, most: MOST_OF_RULE, more: `${rule}: many findings` },
  ];
}
