import { findingsOf } from '../../monitor/fleet.ts';
import type { FleetSample } from '../../monitor/observation.ts';
import { memoize } from '../../rates/memoize.ts';
import { defineView } from '../view.ts';
import { SERVER_COLUMNS, type ServerRow, serverRow, totalRow } from './server-columns.ts';

const rowsOf = memoize(({ members }: FleetSample): readonly ServerRow[] =>
  members.map((member) => serverRow(member, findingsOf(member))),
);

/** The view of the servers of a fleet. */
export const SERVERS = defineView<FleetSample, ServerRow>({
  name: 'servers',
  title: 'Servers',
  kind: 'fleet',
  columns: SERVER_COLUMNS,
  sort: { column: 'worst', descending: true },
  order: 'what needs attention: lost servers first, then critical findings and warnings',
  rows: rowsOf,
  id: ({ observation }) => observation?.target ?? '',
  isLast: ({ observation }) => observation?.connection.state === 'closed',
  footer: ({ totals }) => totalRow(totals),
  opens: ({ observation }) => ({ target: observation?.target ?? '' }),
  has: () => true,
  count: ({ members }) => members.length,
  below: 'requests',
  empty: 'no servers',
});
