import type { FleetSample } from '../../monitor/observation.ts';
import { requestId } from '../../rates/about.ts';
import { plural } from '../../text/words.ts';
import type { Column } from '../column.ts';
import { defineView } from '../view.ts';
import { REQUEST_COLUMNS, type RequestRow, requestRows, withoutPath } from './requests.ts';
import { serverColumn } from './server-columns.ts';

interface FleetRequestRow extends RequestRow {
  target: string;
  server: string;
}

const [AGE, ...OTHERS] = REQUEST_COLUMNS as readonly Column<FleetRequestRow>[];

const COLUMNS = [
  ...(AGE ? [AGE] : []),
  serverColumn<FleetRequestRow>(1.5, ({ server }) => server),
  ...OTHERS,
];
const SHOWN_COLUMNS = withoutPath(COLUMNS);

/** The requests in flight of all servers, the oldest first. */
export const FLEET_REQUESTS = defineView<FleetSample, FleetRequestRow>({
  name: 'requests',
  title: 'Requests',
  kind: 'fleet',
  columns: COLUMNS,
  shownColumns: () => SHOWN_COLUMNS,
  sort: { column: 'age', descending: true },
  order: 'the oldest request first; intentionally long requests last',
  rows: fleetRequests,
  id: ({ target, request }) => `${target} ${requestId(request)}`,
  opens: ({ target, request }) => ({ target, row: { view: 'requests', id: requestId(request) } }),
  has: ({ totals }) => Boolean(totals.busy),
  count: ({ totals }) => totals.busy,
  caption: (sample) => {
    const { busy } = sample.totals;
    return busy ? `${plural(busy, 'request')} in flight, oldest first` : 'no request in flight';
  },
  empty: 'no requests in flight; a server with stats-no-cores does not report any',
});

/** Those of a lost server are out of date. */
function fleetRequests({ members }: FleetSample): FleetRequestRow[] {
  return members.flatMap(({ name, observation: { target, sample, connection, paths } }) =>
    sample?.kind === 'app' && connection.state !== 'lost'
      ? requestRows(sample, paths).map((row) => ({ ...row, target, server: name }))
      : [],
  );
}
