import type { Member } from '../../monitor/observation.ts';
import { sum } from '../../rates/delta.ts';
import { oldestRequest } from '../../rates/in-flight.ts';
import type { LongKind } from '../../rates/long.ts';
import type { AppSample, Sample } from '../../rates/sample.ts';
import { WORKER_STATES, type WorkerState } from '../../rates/state.ts';
import { timedRequests } from '../../rates/timed.ts';
import { type AnyGroup, group, isCurrent, sampleOf } from './metric.ts';

const LONG_KINDS: readonly LongKind[] = ['websocket', 'events', 'pattern'];

/** A number of each state or kind, whose names are fixed. */
interface Count<Name> {
  name: Name;
  count: number;
}

const server = group<Member, AppSample>({
  prefix: 'uwsgi_',
  labels: [],
  rows: (member) => sampleOf(member, 'app'),
  labelsOf: () => [],
  metrics: [
    {
      name: 'listen_queue_length',
      type: 'gauge',
      help: 'Connections that wait in the longest listen queue; of unix sockets from the kernel.',
      isShared: true,
      value: ({ totals }) => totals.queue,
    },
    {
      name: 'listen_queue_errors',
      type: 'gauge',
      help: 'Polls that found a full listen queue. uWSGI up to 2.1 never counts them, so 0 means nothing.',
      isShared: true,
      value: ({ snapshot }) => snapshot.listenQueueErrors,
    },
    {
      name: 'signal_queue_length',
      type: 'gauge',
      help: 'uWSGI signals that wait for the master.',
      isShared: true,
      value: ({ snapshot }) => snapshot.signalQueue,
    },
    {
      name: 'workers',
      type: 'gauge',
      help: 'Workers that the server lists, with those that have not run yet.',
      isShared: true,
      value: ({ totals }) => totals.workers,
    },
    {
      name: 'requests_total',
      type: 'counter',
      help: 'Requests of all workers, with static files.',
      value: ({ totals }) => totals.requests,
    },
    {
      name: 'timed_requests_total',
      type: 'counter',
      help: 'Requests whose time uwsgi_request_seconds_total has: all but static files.',
      value: ({ snapshot }) => sum(snapshot.workers, timedRequests),
    },
    {
      name: 'request_seconds_total',
      type: 'counter',
      unit: 'seconds',
      help: 'Time spent in requests that have ended, of all cores. Divide by uwsgi_timed_requests_total.',
      value: ({ snapshot }) => sum(snapshot.workers, ({ runningTime }) => runningTime),
    },
    {
      name: 'exceptions_total',
      type: 'counter',
      help: 'Exceptions of all workers that reached uWSGI.',
      value: ({ totals }) => totals.exceptions,
    },
    {
      name: 'harakiris_total',
      type: 'counter',
      help: 'Workers that uWSGI killed because a request took too long.',
      value: ({ totals }) => totals.harakiris,
    },
    {
      name: 'respawns_total',
      type: 'counter',
      help: 'Starts of workers, without the first start of each.',
      value: ({ totals }) => totals.respawns,
    },
    {
      name: 'transmitted_bytes_total',
      type: 'counter',
      unit: 'bytes',
      help: 'Bytes sent by all workers.',
      value: ({ totals }) => totals.tx,
    },
    {
      name: 'cores',
      type: 'gauge',
      help: 'Cores (threads or greenlets) of the workers that serve requests.',
      value: ({ totals }) => totals.cores,
    },
    {
      name: 'requests_in_flight',
      type: 'gauge',
      help: 'Requests that run now.',
      value: ({ totals }) => totals.coresBusy,
    },
    {
      name: 'oldest_request_age_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Age of the oldest request that runs now, without those that are long on purpose; 0 without one.',
      value: (sample) => ageOfOldest(sample),
    },
    {
      name: 'uptime_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Time since the start of the master, or of the first worker if it is still the first process.',
      value: ({ totals }) => totals.uptime,
    },
    {
      name: 'network_refused_connections_total',
      type: 'counter',
      help: 'TCP connections that the kernel refused because a listen queue was full, in this network namespace.',
      value: ({ host }) => host?.listenOverflows ?? null,
    },
    {
      name: 'master_cpu_seconds_total',
      type: 'counter',
      unit: 'seconds',
      help: 'CPU time of the master, if the server runs on this machine.',
      value: ({ host }) => host?.master.cpuTime ?? null,
    },
    {
      name: 'master_resident_memory_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Resident memory of the master, if the server runs on this machine.',
      value: ({ host }) => host?.master.rss ?? null,
    },
  ],
});

function ageOfOldest(sample: AppSample): number | null {
  const { coresBusy } = sample.totals;
  if (coresBusy === null) return null;
  const oldest = oldestRequest(sample);
  if (oldest !== null) return oldest.age;
  // A request without a start has an unknown age.
  return coresBusy - (sample.totals.coresLong ?? 0) > 0 ? null : 0;
}

const states = group<Member, Count<WorkerState>>({
  prefix: 'uwsgi_',
  labels: ['state'],
  rows: (member) =>
    sampleOf(member, 'app').flatMap(({ totals }) =>
      WORKER_STATES.map((name) => ({ name, count: totals[name] })),
    ),
  labelsOf: ({ name }) => [name],
  metrics: [
    {
      name: 'workers_by_state',
      type: 'gauge',
      help: 'Workers in each state.',
      value: ({ count }) => count,
    },
  ],
});

const long = group<Member, Count<LongKind>>({
  prefix: 'uwsgi_',
  labels: ['kind'],
  rows: (member) =>
    sampleOf(member, 'app').flatMap(({ totals, long: found }) => {
      if (totals.coresLong === null) return [];
      const kinds = [...found.values()];
      return LONG_KINDS.map((name) => ({ name, count: kinds.filter((kind) => kind === name).length }));
    }),
  labelsOf: ({ name }) => [name],
  metrics: [
    {
      name: 'long_requests_in_flight',
      type: 'gauge',
      help: 'Requests that run now and are long on purpose: WebSockets, event streams, and paths of --long.',
      value: ({ count }) => count,
    },
  ],
});

const target = group<Member, Member>({
  prefix: 'uwsgi_',
  labels: [],
  // It is not known yet whether a server responds, or it is known that it has no stats that can be read.
  rows: (member) => (['connecting', 'closed'].includes(member.observation.connection.state) ? [] : [member]),
  labelsOf: () => [],
  metrics: [
    {
      name: 'target_up',
      type: 'gauge',
      help: 'Whether the last read of this server succeeded.',
      value: ({ observation }) => observation.connection.state !== 'lost',
    },
    {
      name: 'target_last_read_timestamp_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Unix time of the last stats document of this server.',
      value: ({ observation }) => observation.reading?.time ?? null,
    },
  ],
});

const info = group<Member, { name: string; sample: Sample }>({
  prefix: 'uwsgi_',
  labels: ['name', 'kind', 'version'],
  rows: ({ name, observation }) => (isCurrent(observation) ? [{ name, sample: observation.sample }] : []),
  labelsOf: ({ name, sample }) => [name, sample.kind, sample.snapshot.server.version],
  metrics: [{ name: 'server_info', type: 'gauge', help: 'Facts about a server; always 1.', value: () => 1 }],
});

/** The metrics of each server. */
export const SERVER_METRICS: readonly AnyGroup<Member>[] = [target, info, server, states, long];
