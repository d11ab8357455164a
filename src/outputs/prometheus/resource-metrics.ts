import type { Member } from '../../monitor/observation.ts';
import { spoolersByFolder } from '../../rates/backlogs.ts';
import { sum } from '../../rates/delta.ts';
import type { Cache, Metric as OwnMetric, Socket, Spooler } from '../../stats/snapshot.ts';
import { type AnyGroup, group, sampleOf } from './metric.ts';

const sockets = group<Member, Socket>({
  prefix: 'uwsgi_socket_',
  labels: ['name', 'proto'],
  rows: (member) => sampleOf(member, 'app').flatMap(({ snapshot }) => snapshot.sockets),
  labelsOf: ({ name, proto }) => [name, proto],
  metrics: [
    {
      name: 'queue_length',
      type: 'gauge',
      help: 'Connections that wait; of unix sockets from the kernel, if the server runs on this machine.',
      isShared: true,
      value: ({ queue }) => queue,
    },
    {
      name: 'max_queue_length',
      type: 'gauge',
      help: 'Limit of the queue; of unix sockets from the kernel, if the server runs on this machine.',
      isShared: true,
      value: ({ maxQueue }) => maxQueue,
    },
    {
      name: 'shared',
      type: 'gauge',
      help: 'Whether the socket is a shared socket.',
      isShared: true,
      value: ({ shared }) => shared,
    },
    {
      name: 'can_offload',
      type: 'gauge',
      help: 'Whether requests of the socket can be given to an offload thread.',
      isShared: true,
      value: ({ canOffload }) => canOffload,
    },
  ],
});

const caches = group<Member, Cache>({
  prefix: 'uwsgi_cache_',
  labels: ['name'],
  rows: (member) => sampleOf(member, 'app').flatMap(({ snapshot }) => snapshot.caches),
  labelsOf: ({ name }) => [name],
  metrics: [
    {
      name: 'items',
      type: 'gauge',
      help: 'Items in the cache.',
      isShared: true,
      value: ({ items }) => items,
    },
    {
      name: 'max_items',
      type: 'gauge',
      help: 'Limit of the items.',
      isShared: true,
      value: ({ maxItems }) => maxItems,
    },
    {
      name: 'hits',
      type: 'counter',
      help: 'Reads that found an item.',
      isShared: true,
      value: ({ hits }) => hits,
    },
    {
      name: 'misses',
      type: 'counter',
      help: 'Reads that found no item.',
      isShared: true,
      value: ({ misses }) => misses,
    },
    {
      name: 'full',
      type: 'counter',
      help: 'Items for which the cache had no room.',
      isShared: true,
      value: ({ full }) => full,
    },
    {
      name: 'last_modified_timestamp_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Unix time of the last change.',
      value: ({ lastModified }) => lastModified,
    },
  ],
});

/** A folder of tasks, and the spooler processes that share it. */
interface Folder {
  dir: string;
  spoolers: readonly Spooler[];
}

const spoolers = group<Member, Folder>({
  prefix: 'uwsgi_spooler_',
  labels: ['spooler'],
  rows: (member) =>
    sampleOf(member, 'app').flatMap(({ snapshot }) =>
      [...spoolersByFolder(snapshot.spoolers)].map(([dir, all]) => ({ dir, spoolers: all })),
    ),
  labelsOf: ({ dir }) => [dir],
  metrics: [
    {
      name: 'waiting_tasks',
      type: 'gauge',
      help: 'Tasks in the folder, with the running one, if the server runs on this machine; at most 10000.',
      value: ({ spoolers }) => spoolers.find(({ waiting }) => waiting !== null)?.waiting ?? null,
    },
    {
      name: 'tasks_total',
      type: 'counter',
      help: 'Tasks that have ended, with repeated tries of tasks that failed.',
      value: ({ spoolers }) => sum(spoolers, ({ tasks }) => tasks),
    },
    {
      name: 'processes',
      type: 'gauge',
      help: 'Processes of the spooler that run.',
      value: ({ spoolers }) => spoolers.filter(({ pid }) => pid !== null).length,
    },
    {
      name: 'running_tasks',
      type: 'gauge',
      help: 'Processes of the spooler that run a task.',
      value: ({ spoolers }) => sum(spoolers, ({ running }) => (running === null ? null : Number(running))),
    },
  ],
});

/** Metrics that uWSGI makes for each worker, core and socket. The same numbers are in other metrics here. */
const BUILT_IN = /^(?:worker\.\d+|socket\.\d+)\./;

function ownMetrics(member: Member, types: readonly OwnMetric['type'][]): OwnMetric[] {
  return sampleOf(member, 'app').flatMap(({ snapshot }) =>
    snapshot.metrics.filter(({ name, type }) => types.includes(type) && !BUILT_IN.test(name)),
  );
}

const counters = group<Member, OwnMetric>({
  prefix: 'uwsgi_',
  labels: ['metric'],
  rows: (member) => ownMetrics(member, ['counter']),
  labelsOf: ({ name }) => [name],
  metrics: [
    {
      name: 'metric_total',
      type: 'counter',
      help: 'A counter of the metrics subsystem, without those of workers, cores and sockets.',
      value: ({ value }) => value,
    },
  ],
});

const gauges = group<Member, OwnMetric>({
  prefix: 'uwsgi_',
  labels: ['metric'],
  rows: (member) => ownMetrics(member, ['gauge', 'absolute', 'alias']),
  labelsOf: ({ name }) => [name],
  metrics: [
    {
      name: 'metric_value',
      type: 'gauge',
      help: 'A value of the metrics subsystem, without those of workers, cores and sockets.',
      value: ({ value }) => value,
    },
  ],
});

/** The metrics of sockets, caches, spoolers, and those that the server itself defines. */
export const RESOURCE_METRICS: readonly AnyGroup<Member>[] = [sockets, caches, spoolers, counters, gauges];
