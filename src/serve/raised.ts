import type { Observation } from '../monitor/observation.ts';
import { CONNECTION, raisedKey } from '../outputs/prometheus/finding-metrics.ts';
import { findingId } from '../rates/about.ts';

/** How often a finding began, by rule and severity (`raisedKey`). */
export type Raised = ReadonlyMap<string, number>;

/**
 * The counts after one more observation of a server. A finding that becomes critical begins again with this severity. A
 * scraper that comes every minute sees from them what began and ended between two scrapes.
 */
export function raisedAfter(counts: Raised, before: Observation, now: Observation): Raised {
  const known = new Set(begun(before).map(([id]) => id));
  const fresh = begun(now).filter(([id]) => !known.has(id));
  if (fresh.length === 0) return counts;
  const after = new Map(counts);
  for (const [, key] of fresh) after.set(key, (after.get(key) ?? 0) + 1);
  return after;
}

/** The identity and the key of each finding. After a failed read, those of the last document are kept. */
function begun({ findings, connection }: Observation): (readonly [id: string, key: string])[] {
  const lost = connection.state === 'lost' ? [[CONNECTION, raisedKey(CONNECTION, 'critical')] as const] : [];
  return [
    ...lost,
    ...findings.map((finding) => {
      const key = raisedKey(finding.rule, finding.severity);
      return [`${findingId(finding)} ${finding.severity}`, key] as const;
    }),
  ];
}
