import { type AppRates, appRates } from '../../rates/apps.ts';
import type { AppSample } from '../../rates/sample.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, words } from '../column.ts';
import { sorted, type Table } from '../table.ts';
import { type Choice, columnsOf, defineView, sortOf } from '../view.ts';

export const APP_COLUMNS: readonly Column<AppRates>[] = [
  words<AppRates>({
    name: 'app',
    title: 'APP',
    key: 'P',
    width: 16,
    importance: 1,
    description: 'its mount point; (default) when it has none',
    value: ({ worker, mountpoint }) => (worker === null ? mountpoint || '(default)' : `  worker ${worker}`),
  }),
  counts({
    name: 'workers',
    title: 'WORKERS',
    key: 'W',
    width: 8,
    importance: 6,
    description: 'workers that have loaded it',
    value: ({ worker, workers }) => (worker === null ? workers : null),
  }),
  counts({
    name: 'requests',
    title: 'REQ',
    key: 'R',
    width: 9,
    importance: 3,
    description: 'requests since it was loaded',
    value: ({ requests }) => requests,
  }),
  numbers<AppRates>(format.rate, {
    name: 'rps',
    title: 'RPS',
    key: 'S',
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
      'exceptions since it was loaded that reached uWSGI: Django and Flask turn theirs into 500 responses',
    value: ({ exceptions }) => exceptions,
    role: ({ exceptionsDelta }) => (exceptionsDelta ? 'warning' : null),
  }),
  numbers<AppRates>(format.workTime, {
    name: 'startup',
    title: 'LOAD',
    key: 'L',
    width: 6,
    importance: 5,
    description: 'how long it took to load, in the slowest worker',
    value: ({ startupTime }) => startupTime,
  }),
  words<AppRates>({
    name: 'chdir',
    title: 'CHDIR',
    key: 'D',
    width: 12,
    grows: true,
    importance: 7,
    description: 'its directory',
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
  sort: { column: 'rps', descending: true },
  rows: (sample) => appRates(sample).map(({ all }) => all),
  id: appId,
  table: ({ sample }, choice) => (choice.cores === 'off' ? null : tableByWorker(sample, choice)),
  has: ({ snapshot }) => snapshot.workers.some(({ apps }) => apps.length > 0),
  empty:
    'uWSGI lists no application. PHP, CGI and static files need none. A Python application that is missing is still loading or has failed to load: see the log of the server',
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
