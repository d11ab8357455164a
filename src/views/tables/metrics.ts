import { type MetricRate, metricRates } from '../../rates/metric-rates.ts';
import type { AppSample } from '../../rates/sample.ts';
import * as format from '../../text/format.ts';
import { type Column, numbers, words } from '../column.ts';
import { defineView } from '../view.ts';

/** Formats the value of a metric, which can be negative. */
const signed = format.orUnknown((value: number, columns?: number) =>
  value < 0 ? `-${format.whole(-value, columns && columns - 1)}` : format.whole(value, columns),
);

const METRIC_COLUMNS: readonly Column<MetricRate>[] = [
  words<MetricRate>({
    name: 'metric',
    title: 'METRIC',
    key: 'M',
    width: 14,
    grows: true,
    importance: 1,
    description: 'name of the metric',
    value: ({ metric }) => metric.name,
  }),
  words<MetricRate>({
    name: 'type',
    title: 'TYPE',
    key: 'P',
    width: 9,
    importance: 4,
    description: 'counter, gauge, absolute, or alias of another metric',
    value: ({ metric }) => metric.type,
  }),
  numbers<MetricRate>(signed, {
    name: 'value',
    title: 'VALUE',
    key: 'V',
    width: 16,
    importance: 2,
    description: 'current value',
    value: ({ metric }) => metric.value,
  }),
  numbers<MetricRate>(format.rate, {
    name: 'rate',
    title: 'RATE',
    key: 'R',
    width: 9,
    importance: 3,
    description: 'increase of a counter per second in this interval',
    value: ({ rate }) => rate,
  }),
  words<MetricRate>({
    name: 'oid',
    title: 'OID',
    key: 'D',
    width: 12,
    importance: 5,
    description: 'SNMP number, relative to the number of uWSGI',
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
  order: 'by name',
  rows: metricRates,
  id: ({ metric }) => metric.name,
  has: ({ snapshot }) => snapshot.metrics.length > 0,
  empty: 'no metrics. enable-metrics = true in the configuration, without stats-no-metrics, adds them',
});
