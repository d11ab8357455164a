import type { HostReading } from '../../host/reading.ts';
import { sum } from '../../rates/delta.ts';
import type { AppSample } from '../../rates/sample.ts';
import type { Stretch, Usage } from '../../rates/usage.ts';
import { type Column, counts, numbers, words } from '../column.ts';
import * as format from '../format.ts';
import { defineView, type Field } from '../view.ts';

const NAMES: Readonly<Record<Stretch, string>> = {
  interval: 'interval',
  minute: 'minute',
  tenMinutes: '10 minutes',
  hour: 'hour',
};

/** So much slower is worth a look. */
const SLOWER = 0.5;

/** Shares of time from which there is little room left, and none. */
const BUSY = { warning: 0.8, critical: 0.95 };

function busyRole(share: number | null) {
  // More than all of it is the past of a request that ended.
  if (share === null || share < BUSY.warning || share > 1) return null;
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
    importance: 10,
    description: 'how much of it is known',
    value: ({ seconds }) => Math.round(seconds),
  }),
  counts<Usage>({
    name: 'requests',
    title: 'REQ',
    key: 'Q',
    width: 7,
    importance: 9,
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
  numbers<Usage>(format.signedPercent, {
    name: 'trend',
    title: 'TREND',
    key: 'D',
    width: 6,
    importance: 6,
    description: 'the response time against that of the line below: +50% is half as long again',
    value: ({ trend }) => trend,
    role: ({ trend }) => (trend !== null && trend >= SLOWER ? 'warning' : null),
  }),
  numbers<Usage>(format.wholePercent, {
    name: 'busyByTime',
    title: 'RUN%',
    key: 'U',
    width: 5,
    importance: 7,
    description: 'of the time of all cores, in requests that ended: one that hangs is missing',
    value: ({ busyByTime }) => busyByTime,
    role: ({ busyByTime }) => busyRole(busyByTime),
  }),
  numbers<Usage>(format.wholePercent, {
    name: 'busyBySample',
    title: 'BUSY%',
    key: 'B',
    width: 6,
    importance: 4,
    description: 'of all cores, in a request when they were looked at: short ones only by chance',
    value: ({ busyBySample }) => busyBySample,
    role: ({ busyBySample }) => busyRole(busyBySample),
  }),
  numbers<Usage>(format.rate, {
    name: 'spare',
    title: 'SPARE',
    key: 'P',
    width: 6,
    importance: 5,
    description: 'requests per second that the cores could do besides, were they as these',
    value: ({ spare }) => spare,
  }),
  numbers<Usage>(format.rate, {
    name: 'capacity',
    title: 'MAX',
    key: 'M',
    width: 7,
    importance: 8,
    description: 'requests per second that keep every core, or all processors, busy',
    value: ({ capacity }) => capacity,
  }),
];

const MEANING: readonly Field[] = [
  {
    name: 'RUN%',
    value:
      'Running time of the requests that ended, of the time of all cores. A long request counts only when it ends, and then with its whole length: one that hangs is not in it.',
  },
  {
    name: 'BUSY%',
    value:
      'Cores in a request when the server was looked at, of all cores. Short requests are seen by chance: of a few looks it says little.',
  },
  {
    name: 'MAX',
    value:
      'RPS divided by the higher of the two, or by BUSY% where a request has ended that ran for longer than the stretch; no more than the processors can do, where the kernel of this machine tells what a request takes of them. Where requests wait for Python (threads) or for a database, less is possible.',
  },
];

function machineFields({ master, processes, machine }: HostReading): Field[] {
  const all = [master, ...processes.values()];
  const cpu = sum(all, (each) => each.cpu);
  const rss = sum(all, (each) => each.rss);
  return [
    { name: 'cpu', value: format.wholePercent(cpu), note: 'of one processor: the master and all workers' },
    { name: 'rss', value: format.size(rss), note: 'of the same; what they share is counted for each' },
    { name: 'processors', value: format.count(machine.processors) },
    { name: 'load', value: machine.load?.toFixed(2) ?? format.UNKNOWN, note: 'of the last minute' },
    { name: 'memory', value: format.size(machine.memory) },
    { name: 'available', value: format.size(machine.available), note: 'to programs, without swapping' },
  ];
}

/** How busy the server is, and since when: the last interval beside longer stretches. */
export const USAGE = defineView<AppSample, Usage>({
  name: 'usage',
  title: 'Usage',
  kind: 'app',
  columns: USAGE_COLUMNS,
  // As they come: the shortest first.
  sort: { column: '', descending: false },
  rows: ({ usage }) => usage,
  id: ({ stretch }) => stretch,
  label: ({ stretch }) => `the last ${NAMES[stretch]}`,
  has: ({ usage }) => usage.length > 0,
  more: (_, { host }) => [
    { title: 'What they mean', fields: MEANING },
    ...(host ? [{ title: 'As the kernel of this machine knows it', fields: machineFields(host) }] : []),
  ],
  empty: 'nothing is known yet: a second reading tells more',
});
