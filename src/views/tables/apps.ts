import { type AppRates, appRates } from '../../rates/apps.ts';
import type { AppSample } from '../../rates/sample.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, words } from '../column.ts';
import { sorted } from '../order.ts';
import type { Table } from '../table.ts';
import { type Choice, columnsOf, defineView, sortOf } from '../view.ts';

const APP_COLUMNS: readonly Column<AppRates>[] = [
  words<AppRates>({
    name: 'app',
    title: 'APP',
    key: 'P',
    width: 16,
    importance: 1,
    description: 'mount point; (default) without a mount point',
    value: ({ worker, mountpoint }) => (worker === null ? mountpoint || '(default)' : `  worker ${worker}`),
  }),
  counts({
    name: 'workers',
    title: 'WORKERS',
    width: 8,
    importance: 6,
    description: 'workers that have loaded the application',
    value: ({ worker, workers }) => (worker === null ? workers : null),
  }),
  counts({
    name: 'requests',
    title: 'REQ',
    key: 'E',
    width: 9,
    importance: 3,
    description: 'requests since the application was loaded',
    value: ({ requests }) => requests,
  }),
  numbers<AppRates>(format.rate, {
    name: 'rps',
    title: 'RPS',
    key: 'R',
    width: 6,
    importance: 2,
    description: 'requests per second in this interval',
    value: ({ rps }) => rps,
  }),
  counts<AppRates>({
    name: 'exceptions',
    title: 'EXC',
    key: 'X',
    width: 5,
    importance: 4,
    description:
      'exceptions since loading that reached uWSGI; Django and Flask turn most exceptions into 500 responses',
    value: ({ exceptions }) => exceptions,
    role: ({ exceptionsDelta }) => (exceptionsDelta ? 'warning' : null),
  }),
  numbers<AppRates>(format.workTime, {
    name: 'startup',
    title: 'LOAD',
    key: 'L',
    width: 6,
    importance: 5,
    description: 'time to load the application, in the slowest worker',
    value: ({ startupTime }) => startupTime,
  }),
  words<AppRates>({
    name: 'chdir',
    title: 'CHDIR',
    key: 'D',
    width: 12,
    grows: true,
    importance: 7,
    description: 'directory of the application',
    value: ({ chdir }) => chdir,
  }),
];

/**
 * The view of the applications: one row per application, summed over the workers. With cores shown, also a row per
 * worker.
 */
export const APPS = defineView<AppSample, AppRates>({
  name: 'apps',
  title: 'Apps',
  kind: 'app',
  columns: APP_COLUMNS,
  sort: {
    column: 'rps',
    descending: true,
    ties: [
      { column: 'exceptions', descending: true },
      { column: 'requests', descending: true },
    ],
  },
  order: 'highest RPS first, then exceptions, then requests',
  rows: (sample) => appRates(sample).map(({ all }) => all),
  id: appId,
  table: ({ sample }, choice) => (choice.cores === 'off' ? null : tableByWorker(sample, choice)),
  has: ({ snapshot }) => snapshot.workers.some(({ apps }) => apps.length > 0),
  empty:
    'uWSGI lists no application. PHP, CGI and static files need none. A missing Python application is still loading or has failed to load: see the log of the server',
});

function appId({ mountpoint, worker }: Pick<AppRates, 'mountpoint' | 'worker'>): string {
  return `${worker} ${mountpoint}`;
}

function tableByWorker(sample: AppSample, choice: Choice): Table<AppRates> {
  const order = (rows: readonly AppRates[]) => sorted(rows, APP_COLUMNS, sortOf(APPS, choice));
  const found = appRates(sample);
  const workers = new Map(found.map(({ all, each }) => [all, each]));
  return {
    columns: columnsOf(APP_COLUMNS, choice.columns),
    rows: order(found.map(({ all }) => all)).flatMap((all) => [all, ...order(workers.get(all) ?? [])]),
    id: appId,
    parent: ({ mountpoint, worker }) => (worker === null ? null : appId({ mountpoint, worker: null })),
  };
}
