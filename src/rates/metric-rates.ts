import type { Metric } from '../stats/snapshot.ts';
import { delta, rate } from './delta.ts';
import type { AppSample } from './sample.ts';

export interface MetricRate {
  metric: Metric;
  /** Of a counter: what it gained per second. */
  rate: number | null;
}

/** The metrics of a sample. Only counters have a rate: what another metric lost or gained is no work done. */
export function metricRates({ snapshot, before, interval }: AppSample): MetricRate[] {
  const old = new Map(before?.metrics.map(({ name, value }) => [name, value]));
  return snapshot.metrics.map((metric) => ({
    metric,
    rate: metric.type === 'counter' ? rate(delta(old.get(metric.name), metric.value), interval) : null,
  }));
}
