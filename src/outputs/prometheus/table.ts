import { EXPORTER_METRICS } from './exporter-metrics.ts';
import { FINDING_METRICS } from './finding-metrics.ts';
import type { AnyGroup, Exposed } from './metric.ts';
import { OTHER_METRICS } from './other-metrics.ts';
import { RESOURCE_METRICS } from './resource-metrics.ts';
import { SERVER_METRICS } from './server-metrics.ts';
import { WORKER_METRICS } from './worker-metrics.ts';

/** The label of the server. Its name is that of uwsgi_exporter. */
export const SERVER_LABEL = 'stats_uri';

/** All metrics of servers. The exposition, docs/metrics.md and the dashboard are made from these tables. */
export const SERVER_GROUPS: readonly AnyGroup<Exposed>[] = [
  ...SERVER_METRICS,
  ...FINDING_METRICS,
  ...RESOURCE_METRICS,
  ...WORKER_METRICS,
  ...OTHER_METRICS,
];

/** All metrics without the label of a server. */
export const OWN_GROUPS = EXPORTER_METRICS;

/** A metric, with its whole name and its labels. */
export interface Described {
  name: string;
  type: 'gauge' | 'counter' | 'summary';
  unit: 'seconds' | 'bytes' | null;
  help: string;
  labels: readonly string[];
  /** Whether uwsgi_exporter has the same metric. */
  isShared: boolean;
}

/** Describes the metrics of a group. */
function described(group: AnyGroup<never>, before: readonly string[]): Described[] {
  return group.metrics.map(({ name, type, unit = null, help, isShared = false }) => ({
    name: `${group.prefix}${name}`,
    type,
    unit,
    help,
    labels: [...before, ...group.labels],
    isShared,
  }));
}

/** The rows of a server that the exposition leaves out. It is the only metric without a group. */
export const OMITTED = {
  name: 'uwsgi_exporter_omitted_rows',
  type: 'gauge',
  unit: null,
  help: 'Rows of this server that are left out: above the limit, or with the labels of another row.',
  labels: [SERVER_LABEL],
  isShared: false,
} as const satisfies Described;

/** All metrics. */
export const METRICS: readonly Described[] = [
  OMITTED,
  ...SERVER_GROUPS.flatMap((group) => described(group, [SERVER_LABEL])),
  ...OWN_GROUPS.flatMap((group) => described(group, [])),
];
