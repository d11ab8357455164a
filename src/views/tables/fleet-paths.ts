import type { PeriodName } from '../../insights/paths/period.ts';
import { mergedShares, type PathShare, type PathShares } from '../../insights/paths/shares.ts';
import type { FleetSample } from '../../monitor/observation.ts';
import { memoize } from '../../rates/memoize.ts';
import { plural } from '../../text/words.ts';
import { defineView } from '../view.ts';
import { measuredText, PATH_COLUMNS, PATHS_VIEW, PERIOD_NAMES, periodOf } from './paths.ts';
import { serverColumn } from './server-columns.ts';

/** The name of the only server of a path, or the number of its servers. */
function serversOf({ servers: [only = '', ...others] }: PathShare): string {
  return others.length === 0 ? only : plural(1 + others.length, 'server');
}

/** The app servers with their profiles. Those of lost servers are out of date. */
const profiled = memoize(({ members }: FleetSample) =>
  members.flatMap(({ name, observation: { connection, sample, paths } }) =>
    connection.state === 'lost' || sample?.kind !== 'app' ? [] : [{ name, profile: paths }],
  ),
);

/** The paths of each period, merged when they are first asked for. */
const merged = memoize((_: FleetSample) => new Map<PeriodName, PathShares>());

function sharesOf(sample: FleetSample, period: PeriodName): PathShares {
  const found = merged(sample).get(period) ?? mergedShares(profiled(sample), period);
  merged(sample).set(period, found);
  return found;
}

/** The view of the paths of all servers. A path of several servers has one row. */
export const FLEET_PATHS = defineView<FleetSample, PathShare>({
  ...PATHS_VIEW,
  kind: 'fleet',
  columns: [...PATH_COLUMNS, serverColumn(5.5, serversOf)],
  rows: (sample, _, choice) => sharesOf(sample, periodOf(choice)).paths,
  has: (sample) => profiled(sample).some(({ profile }) => profile.paths.length > 1),
  measured: ({ sample }, choice) => {
    const period = periodOf(choice);
    const of = ` of ${plural(profiled(sample).length, 'server')}`;
    return { period: PERIOD_NAMES[period], text: measuredText(sharesOf(sample, period), of) };
  },
});
