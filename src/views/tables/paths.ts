import type { PeriodName } from '../../insights/paths/period.ts';
import { type PathShare, type PathShares, pathShares } from '../../insights/paths/shares.ts';
import type { Observed } from '../../monitor/observation.ts';
import type { AppSample } from '../../rates/sample.ts';
import * as format from '../../text/format.ts';
import { plural } from '../../text/words.ts';
import { type CellContext, type Column, counts, numbers, words } from '../column.ts';
import { maskedVariable } from '../request-line.ts';
import { type Choice, defineView, type Lead } from '../view.ts';

/** Title of the row with all other paths. */
const OTHERS = '(other paths)';

/** Shown instead of the host of requests with several hosts. */
const SEVERAL = 'several';

export const PATH_COLUMNS: readonly Column<PathShare>[] = [
  numbers<PathShare>(format.percent, {
    name: 'share',
    title: 'TIME%',
    key: 'E',
    width: 6,
    importance: 1,
    description: 'share of the time of all requests in flight, in the chosen period',
    value: ({ share }) => share,
  }),
  numbers<PathShare>(format.percent, {
    name: 'error',
    title: 'ERROR',
    key: 'R',
    width: 6,
    importance: 4,
    description: 'statistical error of TIME% in points, for 95 % of all cases',
    value: ({ error }) => error,
  }),
  numbers<PathShare>(format.rate, {
    name: 'inFlight',
    title: 'IN FLIGHT',
    key: 'L',
    width: 10,
    importance: 5,
    description: 'mean number of requests in flight',
    value: ({ inFlight }) => inFlight,
  }),
  counts<PathShare>({
    name: 'sampled',
    title: 'SAMPLED',
    width: 8,
    importance: 6,
    description: 'number of requests that the readings saw; each counts once',
    value: ({ seen }) => seen,
  }),
  numbers<PathShare>(format.age, {
    name: 'oldest',
    title: 'OLDEST',
    key: 'D',
    width: 7,
    importance: 3.5,
    description: 'greatest age of a request at a reading',
    value: ({ oldest }) => oldest,
  }),
  words<PathShare>({
    name: 'method',
    title: 'METHOD',
    key: 'M',
    width: 7,
    importance: 3,
    description: 'method; other for one that is not a word in upper case',
    value: ({ method }) => method,
    text: ({ method }, { mask }) => maskedVariable('REQUEST_METHOD', method, mask),
  }),
  words<PathShare>({
    name: 'path',
    title: 'PATH',
    key: 'P',
    width: 18,
    preferredWidth: 30,
    grows: true,
    importance: 2,
    description: 'pattern of the path: numbers, identifiers and secrets are placeholders',
    value: ({ isOther, path }) => (isOther ? OTHERS : path),
    text: ({ isOther, path }, { mask }) => (isOther ? OTHERS : maskedVariable('REQUEST_URI', path, mask)),
  }),
  words<PathShare>({
    name: 'host',
    title: 'HOST',
    width: 10,
    roomyWidth: 26,
    importance: 7,
    description: 'host name in the requests',
    value: ({ host, hasSeveralHosts }) => (hasSeveralHosts ? SEVERAL : host),
    text: ({ host, hasSeveralHosts }, { mask }) =>
      hasSeveralHosts ? SEVERAL : maskedVariable('HTTP_HOST', host, mask),
  }),
];

/** The parts of the view that are the same for one server and for several. */
export const PATHS_VIEW = {
  name: 'paths',
  title: 'Paths',
  sort: { column: 'share', descending: true },
  order: 'most time first; all other paths last',
  id: ({ isOther, method, path }: PathShare) => (isOther ? OTHERS : `${method} ${path}`),
  label: ({ isOther, method, path }: PathShare) => (isOther ? OTHERS : `${method ?? '-'} ${path ?? '-'}`),
  isLast: ({ isOther }: PathShare) => isOther,
  leads: leadOf,
  remarks:
    'Each reading counts the requests in flight. A request that is shorter than an interval is seen only by chance, in proportion to its time. Not counted: waiting in the queue, offloaded static files, and requests that are long on purpose (--long).',
  empty: 'no request was in flight at a reading; a server with stats-no-cores does not report any',
} as const;

/** Requests of this path. `null` for other paths, and for a path that no filter can name. */
function leadOf({ isOther, method, path }: PathShare, { mask }: CellContext): Lead | null {
  const words = [maskedVariable('REQUEST_METHOD', method, mask), maskedVariable('REQUEST_URI', path, mask)];
  if (isOther || words.some((word) => /\s/.test(word))) return null;
  return { view: 'requests', filter: `method=${words[0]} path=${words[1]}` };
}

/** The chosen period, or the whole time. */
export function periodOf({ period = 'all' }: Choice): PeriodName {
  return period;
}

export const PERIOD_NAMES: Readonly<Record<PeriodName, string>> = {
  minute: 'last minute',
  tenMinutes: 'last 10 minutes',
  hour: 'last hour',
  all: 'whole time',
};

/** `58 readings in 57s, error up to 5 points`. */
export function measuredText({ readings, seconds, paths }: PathShares, from = ''): string {
  if (readings === 0) return 'no reading yet';
  const error = Math.max(0, ...paths.map((path) => path.error));
  const most = paths.length === 0 ? '' : `, error up to ${plural(Math.ceil(error * 100), 'point')}`;
  return `${plural(readings, 'reading')}${from} in ${format.duration(Math.round(seconds))}${most}`;
}

const sharesOf = ({ paths }: Observed<AppSample>, choice: Choice) => pathShares(paths, periodOf(choice));

/** The view of the paths of the requests in flight, by the share of their time. */
export const PATHS = defineView<AppSample, PathShare>({
  ...PATHS_VIEW,
  kind: 'app',
  columns: PATH_COLUMNS,
  rows: (_, observed, choice) => sharesOf(observed, choice).paths,
  has: (_, { paths }) => paths.paths.length > 1,
  measured: (observed, choice) => ({
    period: PERIOD_NAMES[periodOf(choice)],
    text: measuredText(sharesOf(observed, choice)),
  }),
});
