import type { PathShares } from '../../insights/paths/shares.ts';
import type { Numbers } from '../../monitor/digest/tally.ts';
import type { Summary } from '../../summaries/summary.ts';
import { maskedJson } from '../json.ts';
import type { SummaryOptions } from './parts.ts';

/** Returns a summary as one JSON document, `statstop.report/1`. Its schema is in `schema/`. */
export function summaryJson(summary: Summary, { mask }: SummaryOptions): string {
  const { recording, since, until, length, periods, totals, total, servers } = summary;
  const withTimes = (numbers: readonly Numbers[]) =>
    periods.map((period, place) => ({ ...period, ...numbers[place] }));
  const document = {
    schema: 'statstop.report/1',
    recording,
    since,
    until,
    periodSeconds: length,
    total,
    periods: withTimes(totals),
    paths: pathsOf(summary.paths),
    servers: servers.map(({ periods: of, paths, events, ...server }) => ({
      ...server,
      // Each run of the recorder numbers its events from 1.
      events: events.map(({ id: _, ...event }) => event),
      periods: withTimes(of),
      paths: pathsOf(paths),
    })),
  };
  return `${maskedJson(document, mask)}\n`;
}

function pathsOf({ period: _, ...paths }: PathShares): Omit<PathShares, 'period'> {
  return paths;
}
