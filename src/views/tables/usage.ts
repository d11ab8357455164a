import type { HostReading } from '../../host/reading.ts';
import { sum } from '../../rates/delta.ts';
import type { AppSample } from '../../rates/sample.ts';
import { type Stretch, type Usage, usageOf } from '../../rates/usage.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, words } from '../column.ts';
import { levelRole } from '../thresholds.ts';
import { defineView, type Field } from '../view.ts';
import { serverSection } from './server-section.ts';

const NAMES: Readonly<Record<Stretch, string>> = {
  interval: 'interval',
  minute: 'minute',
  tenMinutes: '10 minutes',
  hour: 'hour',
};

const USAGE_COLUMNS: readonly Column<Usage>[] = [
  words<Usage>({
    name: 'stretch',
    title: 'OVER',
    key: 'V',
    width: 10,
    importance: 1,
    description: 'period up to now',
    value: ({ stretch }) => NAMES[stretch],
  }),
  numbers<Usage>(format.age, {
    name: 'known',
    title: 'KNOWN',
    width: 6,
    importance: 6,
    description: 'how much of the period has been observed',
    value: ({ seconds }) => (seconds > 0 ? Math.round(seconds) : null),
  }),
  counts<Usage>({
    name: 'requests',
    title: 'REQ',
    key: 'R',
    width: 7,
    importance: 5,
    description: 'finished requests',
    value: ({ requests, seconds }) => (seconds > 0 ? requests : null),
  }),
  numbers<Usage>(format.rate, {
    name: 'rps',
    title: 'RPS',
    key: 'P',
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
    description: 'mean response time of the finished requests',
    value: ({ responseTime }) => responseTime,
  }),
  numbers<Usage>(format.wholePercent, {
    name: 'busy',
    title: 'BUSY',
    key: 'B',
    width: 5,
    importance: 4,
    description:
      'share of the cores that ran a request at each reading, of the cores that can accept requests',
    value: ({ busy }) => busy,
    role: ({ busy }) => levelRole('usage', busy),
  }),
];

function hostFields({ master, processes, resources }: HostReading): Field[] {
  const all = [master, ...processes.values()];
  const cpu = sum(all, (each) => each.cpu);
  const rss = sum(all, (each) => each.rss);
  return [
    { name: 'cpu', value: format.wholePercent(cpu), note: 'of one processor: the master and all workers' },
    { name: 'rss', value: format.size(rss), note: 'of the same processes; shared pages count for each one' },
    { name: 'processors', value: format.count(resources.processors) },
    { name: 'load', value: resources.load?.toFixed(2) ?? format.UNKNOWN, note: 'average of the last minute' },
    { name: 'memory', value: format.size(resources.memory) },
    { name: 'available', value: format.size(resources.available), note: 'for programs, without swapping' },
  ];
}

/** A first reading covers no time. Its row leads to the facts about the server. */
const FIRST_READING: Usage = {
  stretch: 'interval',
  seconds: 0,
  requests: 0,
  rps: null,
  responseTime: null,
  busy: null,
};

/** The view of the load of the server in the last interval and in longer periods. */
export const USAGE = defineView<AppSample, Usage>({
  name: 'usage',
  title: 'Usage',
  kind: 'app',
  columns: USAGE_COLUMNS,
  // The order of `usage`: the shortest period first.
  sort: { column: '', descending: false },
  order: 'the shortest period first',
  rows: (_, { history }) => {
    const usage = usageOf(history);
    return usage.length > 0 ? usage : [FIRST_READING];
  },
  id: ({ stretch }) => stretch,
  label: ({ stretch }) => `the last ${NAMES[stretch]}`,
  has: () => true,
  more: (_, sample, { mask }) => [
    serverSection(sample, mask),
    ...(sample.host ? [{ title: 'This machine', fields: hostFields(sample.host) }] : []),
  ],
  empty: 'no document yet',
});
