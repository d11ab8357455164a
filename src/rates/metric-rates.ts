import type { Metric } from '../stats/snapshot.ts';
import { delta, rate } from './delta.ts';
import type { AppSample } from './sample.ts';

/** A metric and its rate. */
export interface MetricRate {
  metric: Metric;
  /** Increase per second of a counter; `null` for other metrics. */
  rate: number | null;
}

/**
 * Computes the rates of the metrics of a sample. Only counters have a rate, because only counters measure completed
 * work.
 */
export function metricRates({ snapshot, before, interval }: AppSample): MetricRate[] {
  const old = new Map(before?.metrics.map(({ name, value }) => [name, value]));
  return snapshot.metrics.map((metric) => ({
    metric,
    rate: metric.type === 'counter' ? rate(delta(old.get(metric.name), metric.value), interval) : null,
  }));
}
