import { type MetricRate, metricRates } from '../../rates/metric-rates.ts';
import type { AppSample } from '../../rates/sample.ts';
import * as format from '../../text/format.ts';
import { type Column, numbers, words } from '../column.ts';
import { defineView } from '../view.ts';

/** Formats the value of a metric, which can be negative. */
const signed = format.orUnknown((value: number, columns?: number) =>
  value < 0 ? `-${format.whole(-value, columns && columns - 1)}` : format.whole(value, columns),
);

export const METRIC_COLUMNS: readonly Column<MetricRate>[] = [
  words<MetricRate>({
    name: 'metric',
    title: 'METRIC',
    key: 'M',
    width: 14,
    grows: true,
    importance: 1,
    description: 'its name',
    value: ({ metric }) => metric.name,
  }),
  words<MetricRate>({
    name: 'type',
    title: 'TYPE',
    key: 'T',
    width: 9,
    importance: 4,
    description: 'counter, gauge, absolute, or alias of another one',
    value: ({ metric }) => metric.type,
  }),
  numbers<MetricRate>(signed, {
    name: 'value',
    title: 'VALUE',
    key: 'V',
    width: 16,
    importance: 2,
    description: 'its value now',
    value: ({ metric }) => metric.value,
  }),
  numbers<MetricRate>(format.rate, {
    name: 'rate',
    title: 'RATE',
    key: 'R',
    width: 9,
    importance: 3,
    description: 'of a counter: what it gained per second in this interval',
    value: ({ rate }) => rate,
  }),
  words<MetricRate>({
    name: 'oid',
    title: 'OID',
    key: 'O',
    width: 12,
    importance: 5,
    description: 'its number for SNMP, below that of uWSGI',
    value: ({ metric }) => metric.oid,
  }),
];

/** The view of the metrics subsystem. */
export const METRICS = defineView<AppSample, MetricRate>({
  name: 'metrics',
  title: 'Metrics',
  kind: 'app',
  columns: METRIC_COLUMNS,
  sort: { column: 'metric', descending: false },
  rows: metricRates,
  id: ({ metric }) => metric.name,
  has: ({ snapshot }) => snapshot.metrics.length > 0,
  empty: 'no metrics: enable-metrics = true in the configuration (and no stats-no-metrics) gives them',
});
