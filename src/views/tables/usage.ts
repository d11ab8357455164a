import type { HostReading } from '../../host/reading.ts';
import { sum } from '../../rates/delta.ts';
import type { AppSample } from '../../rates/sample.ts';
import type { Stretch, Usage } from '../../rates/usage.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, words } from '../column.ts';
import { defineView, type Field } from '../view.ts';

const NAMES: Readonly<Record<Stretch, string>> = {
  interval: 'interval',
  minute: 'minute',
  tenMinutes: '10 minutes',
  hour: 'hour',
};

/** Shares of busy cores at which the colour changes. */
const BUSY = { warning: 0.8, critical: 0.95 };

function busyRole(share: number | null) {
  if (share === null || share < BUSY.warning) return null;
  return share < BUSY.critical ? 'warning' : 'critical';
}

export const USAGE_COLUMNS: readonly Column<Usage>[] = [
  words<Usage>({
    name: 'stretch',
    title: 'OVER',
    key: 'V',
    width: 10,
    importance: 1,
    description: 'stretch of time up to now',
    value: ({ stretch }) => NAMES[stretch],
  }),
  numbers<Usage>(format.age, {
    name: 'known',
    title: 'KNOWN',
    key: 'K',
    width: 6,
    importance: 6,
    description: 'how much of it is known',
    value: ({ seconds }) => Math.round(seconds),
  }),
  counts<Usage>({
    name: 'requests',
    title: 'REQ',
    key: 'Q',
    width: 7,
    importance: 5,
    description: 'requests that ended',
    value: ({ requests }) => requests,
  }),
  numbers<Usage>(format.rate, {
    name: 'rps',
    title: 'RPS',
    key: 'R',
    width: 6,
    importance: 2,
    description: 'requests per second',
    value: ({ rps }) => rps,
  }),
  numbers<Usage>(format.responseTime, {
    name: 'responseTime',
    title: 'RESP',
    key: 'E',
    width: 6,
    importance: 3,
    description: 'mean response time of the requests that ended',
    value: ({ responseTime }) => responseTime,
  }),
  numbers<Usage>(format.wholePercent, {
    name: 'busy',
    title: 'BUSY',
    key: 'B',
    width: 5,
    importance: 4,
    description: 'cores in a request when the server was read, of the cores that can take one',
    value: ({ busy }) => busy,
    role: ({ busy }) => busyRole(busy),
  }),
];

function hostFields({ master, processes, resources }: HostReading): Field[] {
  const all = [master, ...processes.values()];
  const cpu = sum(all, (each) => each.cpu);
  const rss = sum(all, (each) => each.rss);
  return [
    { name: 'cpu', value: format.wholePercent(cpu), note: 'of one processor: the master and all workers' },
    { name: 'rss', value: format.size(rss), note: 'of the same; what they share is counted for each' },
    { name: 'processors', value: format.count(resources.processors) },
    { name: 'load', value: resources.load?.toFixed(2) ?? format.UNKNOWN, note: 'of the last minute' },
    { name: 'memory', value: format.size(resources.memory) },
    { name: 'available', value: format.size(resources.available), note: 'to programs, without swapping' },
  ];
}

/** The view of the load of the server in the last interval and in longer periods. */
export const USAGE = defineView<AppSample, Usage>({
  name: 'usage',
  title: 'Usage',
  kind: 'app',
  columns: USAGE_COLUMNS,
  // The order of `usage`: the shortest period first.
  sort: { column: '', descending: false },
  rows: (_, { usage }) => usage,
  id: ({ stretch }) => stretch,
  label: ({ stretch }) => `the last ${NAMES[stretch]}`,
  has: (_, { usage }) => usage.length > 0,
  more: (_, { host }) =>
    host ? [{ title: 'As the kernel of this machine knows it', fields: hostFields(host) }] : [],
  empty: 'nothing is known yet: a second reading tells more',
});
