import type { ProcessReading } from '../../host/reading.ts';
import type { Member } from '../../monitor/observation.ts';
import { timedRequests } from '../../rates/timed.ts';
import { processOf } from '../../rates/with-host.ts';
import type { App, Core, Worker } from '../../stats/snapshot.ts';
import { type AnyGroup, group, type Metric, sampleOf } from './metric.ts';

interface WorkerRow {
  worker: Worker;
  /** What the kernel knows about its process, if the server runs on this machine. */
  process: ProcessReading | null;
}

/** Whether a worker has had a process. uWSGI writes id 0 for the others. */
function hasRun({ alive, spawns, lastSpawn }: Worker): boolean {
  return alive || (spawns ?? 0) > 0 || lastSpawn !== null;
}

/** Whether a worker has a status; unknown if the document has none. */
function hasStatus(worker: Worker, status: string): boolean | null {
  return worker.status === 'unknown' ? null : worker.status === status;
}

/** A metric of uwsgi_exporter that is a number of the document. */
function shared<Row>(metric: Omit<Metric<Row>, 'isShared'>): Metric<Row> {
  return { ...metric, isShared: true };
}

const workers = group<Member, WorkerRow>({
  prefix: 'uwsgi_worker_',
  labels: ['worker_id'],
  rows: (member) =>
    sampleOf(member, 'app').flatMap(({ snapshot, host }) =>
      snapshot.workers.filter(hasRun).map((worker) => ({ worker, process: host && processOf(worker, host) })),
    ),
  labelsOf: ({ worker }) => [worker.id],
  metrics: [
    shared({
      name: 'accepting',
      type: 'gauge',
      help: 'Whether the worker accepts requests.',
      value: ({ worker }) => worker.accepting,
    }),
    shared({
      name: 'delta_requests',
      type: 'gauge',
      help: 'Requests since the last start of the worker.',
      value: ({ worker }) => worker.requestsSinceSpawn,
    }),
    shared({
      name: 'signal_queue_length',
      type: 'gauge',
      help: 'uWSGI signals that wait for the worker.',
      value: ({ worker }) => worker.signalQueue,
    }),
    shared({
      name: 'rss_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Resident memory: from the kernel on the machine of the server, else from memory-report.',
      value: ({ worker }) => worker.rss,
    }),
    shared({
      name: 'vsz_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Virtual memory: from the kernel on the machine of the server, else from memory-report.',
      value: ({ worker }) => worker.vsz,
    }),
    shared({
      name: 'running_time_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Time spent in requests that have ended, without static files, of all cores.',
      value: ({ worker }) => worker.runningTime,
    }),
    shared({
      name: 'last_spawn_time_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Unix time of the last start of the worker.',
      value: ({ worker }) => worker.lastSpawn,
    }),
    shared({
      name: 'average_response_time_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: "uWSGI's average, half of which is the last request. Prefer uwsgi_request_seconds_total.",
      value: ({ worker }) => worker.averageResponseTime,
    }),
    shared({
      name: 'apps',
      type: 'gauge',
      help: 'Applications that the worker has loaded.',
      value: ({ worker }) => worker.apps.length,
    }),
    shared({
      name: 'cores',
      type: 'gauge',
      help: 'Cores (threads or greenlets) of the worker.',
      value: ({ worker }) => worker.cores.length || null,
    }),
    shared({
      name: 'busy',
      type: 'gauge',
      help: 'Whether the status of the worker is busy.',
      value: ({ worker }) => hasStatus(worker, 'busy'),
    }),
    shared({
      name: 'idle',
      type: 'gauge',
      help: 'Whether the status of the worker is idle.',
      value: ({ worker }) => hasStatus(worker, 'idle'),
    }),
    shared({
      name: 'cheap',
      type: 'gauge',
      help: 'Whether the status of the worker is cheap: it has no process at the moment.',
      value: ({ worker }) => hasStatus(worker, 'cheap'),
    }),
    shared({
      name: 'requests_total',
      type: 'counter',
      help: 'Requests, with static files.',
      value: ({ worker }) => worker.requests,
    }),
    shared({
      name: 'exceptions_total',
      type: 'counter',
      help: 'Exceptions that reached uWSGI.',
      value: ({ worker }) => worker.exceptions,
    }),
    shared({
      name: 'harakiri_count_total',
      type: 'counter',
      help: 'Times that uWSGI killed the worker because a request took too long.',
      value: ({ worker }) => worker.harakiris,
    }),
    shared({
      name: 'signals_total',
      type: 'counter',
      help: 'uWSGI signals that the worker has handled.',
      value: ({ worker }) => worker.signals,
    }),
    shared({
      name: 'respawn_count_total',
      type: 'counter',
      help: 'Starts of the worker, with the first one.',
      value: ({ worker }) => worker.spawns,
    }),
    shared({
      name: 'transmitted_bytes_total',
      type: 'counter',
      unit: 'bytes',
      help: 'Bytes sent.',
      value: ({ worker }) => worker.tx,
    }),
    {
      name: 'timed_requests_total',
      type: 'counter',
      help: 'Requests whose time uwsgi_worker_running_time_seconds has: all but static files.',
      value: ({ worker }) => timedRequests(worker),
    },
    {
      name: 'requests_in_flight',
      type: 'gauge',
      help: 'Requests that the worker runs now.',
      value: ({ worker }) => inFlight(worker),
    },
    {
      name: 'cpu_seconds_total',
      type: 'counter',
      unit: 'seconds',
      help: 'CPU time of the process of the worker, if the server runs on this machine.',
      value: ({ process }) => process?.cpuTime ?? null,
    },
    {
      name: 'open_files',
      type: 'gauge',
      help: 'Open files of the process of the worker, if the server runs on this machine.',
      value: ({ process }) => process?.files ?? null,
    },
  ],
});

function inFlight({ cores, alive }: Worker): number | null {
  if (cores.length === 0) return null;
  return alive ? cores.filter(({ inRequest }) => inRequest).length : 0;
}

const apps = group<Member, { worker: Worker; app: App }>({
  prefix: 'uwsgi_worker_app_',
  labels: ['worker_id', 'app_id', 'mountpoint', 'chdir'],
  rows: (member) =>
    sampleOf(member, 'app').flatMap(({ snapshot }) =>
      snapshot.workers.filter(hasRun).flatMap((worker) => worker.apps.map((app) => ({ worker, app }))),
    ),
  labelsOf: ({ worker, app }) => [worker.id, app.id, app.mountpoint, app.chdir],
  metrics: [
    shared({
      name: 'startup_time_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Time that the application took to load.',
      value: ({ app }) => app.startupTime,
    }),
    shared({
      name: 'requests_total',
      type: 'counter',
      help: 'Requests of the application.',
      value: ({ app }) => app.requests,
    }),
    shared({
      name: 'exceptions_total',
      type: 'counter',
      help: 'Exceptions of the application that reached uWSGI.',
      value: ({ app }) => app.exceptions,
    }),
  ],
});

const cores = group<Member, { worker: Worker; core: Core }>({
  prefix: 'uwsgi_worker_core_',
  labels: ['worker_id', 'core_id'],
  isOptional: true,
  rows: (member) =>
    sampleOf(member, 'app').flatMap(({ snapshot }) =>
      snapshot.workers.filter(hasRun).flatMap((worker) => worker.cores.map((core) => ({ worker, core }))),
    ),
  labelsOf: ({ worker, core }) => [worker.id, core.id],
  metrics: [
    shared({
      name: 'busy',
      type: 'gauge',
      help: 'Whether the core runs a request.',
      value: ({ worker, core }) => worker.alive && core.inRequest,
    }),
    shared({
      name: 'requests_total',
      type: 'counter',
      help: 'Requests of the core, with static files.',
      value: ({ core }) => core.requests,
    }),
    shared({
      name: 'static_requests_total',
      type: 'counter',
      help: 'Static files that the core has served.',
      value: ({ core }) => core.staticRequests,
    }),
    shared({
      name: 'routed_requests_total',
      type: 'counter',
      help: 'Requests of the core that internal routing has handled.',
      value: ({ core }) => core.routedRequests,
    }),
    shared({
      name: 'offloaded_requests_total',
      type: 'counter',
      help: 'Requests of the core that an offload thread has handled.',
      value: ({ core }) => core.offloadedRequests,
    }),
    shared({
      name: 'write_errors_total',
      type: 'counter',
      help: 'Responses of the core that the client did not read to the end.',
      value: ({ core }) => core.writeErrors,
    }),
    shared({
      name: 'read_errors_total',
      type: 'counter',
      help: 'Requests of the core that the client did not send to the end.',
      value: ({ core }) => core.readErrors,
    }),
  ],
});

/** The metrics of workers, their applications and their cores. */
export const WORKER_METRICS: readonly AnyGroup<Member>[] = [workers, apps, cores];
