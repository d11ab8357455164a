import { RULES } from '../../insights/rules.ts';
import { findingsOf } from '../../monitor/fleet.ts';
import type { Member } from '../../monitor/observation.ts';
import type { Severity } from '../../rates/finding.ts';
import { type AnyGroup, type Exposed, group, isCurrent } from './metric.ts';

/** The name of the finding of a server that cannot be read. It belongs to no rule (`monitor/fleet`). */
export const CONNECTION = 'connection';

interface Count {
  rule: string;
  severity: Severity;
  count: number;
}

type Possible = readonly [rule: string, severity: Severity];

/** The severities that a rule can have. A level that the user sets can make any rule but a hint critical. */
const POSSIBLE: readonly Possible[] = [
  [CONNECTION, 'critical'],
  ...RULES.flatMap(({ name, hint }): Possible[] =>
    hint
      ? [[name, 'hint']]
      : [
          [name, 'warning'],
          [name, 'critical'],
        ],
  ),
];

/** The findings of a server by rule and severity. Of a lost server, only the lost connection is known. */
function counts(member: Member): Count[] {
  const { observation } = member;
  const { state } = observation.connection;
  if (state === 'connecting' || state === 'closed') return [];
  const found = findingsOf(member);
  return POSSIBLE.flatMap(([rule, severity]) => {
    if (!isCurrent(observation) && rule !== CONNECTION) return [];
    return {
      rule,
      severity,
      count: found.filter((each) => each.rule === rule && each.severity === severity).length,
    };
  });
}

const findings = group<Member, Count>({
  prefix: 'uwsgi_',
  labels: ['rule', 'severity'],
  rows: counts,
  labelsOf: ({ rule, severity }) => [rule, severity],
  metrics: [
    {
      name: 'finding',
      type: 'gauge',
      help: 'Findings of a rule: 0 without one, more than 1 if it concerns several objects such as caches.',
      value: ({ count }) => count,
    },
  ],
});

/** The key of a rule and a severity in `Exposed.raised`. */
export function raisedKey(rule: string, severity: Severity): string {
  return `${rule} ${severity}`;
}

const raised = group<Exposed, Count>({
  prefix: 'uwsgi_',
  labels: ['rule', 'severity'],
  rows: ({ raised: counts }) =>
    counts === undefined
      ? []
      : POSSIBLE.map(([rule, severity]) => ({
          rule,
          severity,
          count: counts.get(raisedKey(rule, severity)) ?? 0,
        })),
  labelsOf: ({ rule, severity }) => [rule, severity],
  metrics: [
    {
      name: 'findings_total',
      type: 'counter',
      help: 'Findings of a rule that have begun while the exporter has observed the server.',
      value: ({ count }) => count,
    },
  ],
});

/** The metrics of findings. */
export const FINDING_METRICS: readonly AnyGroup<Exposed>[] = [findings, raised];
