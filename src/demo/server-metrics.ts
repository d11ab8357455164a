import { type ServerState, statusOf, type WorkerState } from './state.ts';
import type { StatsWriter } from './writer.ts';

/** Types of metrics, with uWSGI's numbers. */
const COUNTER = 0;
const GAUGE = 1;
const ABSOLUTE = 2;
const ALIAS = 3;

/** Writes the metrics of every server with `enable-metrics`, with uWSGI's names, numbers and order (core/metrics.c). */
export function writeMetrics(writer: StatsWriter, { workers, queue, overloaded }: ServerState): void {
  const sum = (number: (worker: WorkerState) => number) =>
    workers.reduce((total, worker) => total + number(worker), 0);
  const rss = sum((worker) => worker.rss);
  const vsz = sum((worker) => worker.vsz);
  const average = Math.floor(sum((worker) => worker.averageTime) / workers.length);
  const metric: Metric = (name, type, oid, value) =>
    writer.objectAt(name, () => {
      writer.number('type', type);
      writer.string('oid', oid);
      writer.number('value', value);
    });
  writer.objectAt('metrics', () => {
    metric('core.routed_signals', COUNTER, '5.1', 0);
    metric('core.unrouted_signals', COUNTER, '5.2', 0);
    metric('core.busy_workers', GAUGE, '5.3', workers.filter((each) => statusOf(each) === 'busy').length);
    metric('core.idle_workers', GAUGE, '5.4', workers.filter((each) => statusOf(each) === 'idle').length);
    metric('core.overloaded', COUNTER, '5.5', overloaded);
    // Number 0 is the master. Its only counter is that of the requests of all workers.
    workerMetrics(metric, 0, { requests: sum((worker) => worker.requests) });
    for (const worker of workers) {
      workerMetrics(metric, worker.number, worker);
      coreMetrics(metric, worker);
    }
    metric(
      'core.total_tx',
      COUNTER,
      '5.100',
      sum((worker) => worker.tx),
    );
    metric('core.total_rss', GAUGE, '5.101', rss);
    metric('core.total_vsz', GAUGE, '5.102', vsz);
    metric('core.avg_response_time', GAUGE, '5.103', average);
    metric(
      'core.total_running_time',
      COUNTER,
      '5.104',
      sum((worker) => worker.runningTime),
    );
    metric('socket.0.listen_queue', GAUGE, '7.0.1', queue);
    metric('rss_size', ALIAS, '5.101', rss);
    metric('vsz_size', ALIAS, '5.102', vsz);
  });
}

type Metric = (name: string, type: number, oid: string, value: number) => void;

function workerMetrics(metric: Metric, number: number, worker: Partial<WorkerState>): void {
  const write = (name: string, type: number, place: number, value = 0) =>
    metric(`worker.${number}.${name}`, type, `3.${number}.${place}`, value);
  write('requests', COUNTER, 1, worker.requests);
  write('delta_requests', ABSOLUTE, 2, worker.deltaRequests);
  write('failed_requests', COUNTER, 13);
  write('respawns', COUNTER, 14, worker.spawns);
  write('avg_response_time', GAUGE, 8, worker.averageTime);
  write('total_tx', COUNTER, 9, worker.tx);
  write('rss_size', GAUGE, 11, worker.rss);
  write('vsz_size', GAUGE, 12, worker.vsz);
  write('running_time', COUNTER, 13, worker.runningTime);
}

function coreMetrics(metric: Metric, worker: WorkerState): void {
  for (const [id, core] of worker.cores.entries()) {
    const write = (name: string, place: number, value: number) =>
      metric(
        `worker.${worker.number}.core.${id}.${name}`,
        COUNTER,
        `3.${worker.number}.2.${id}.${place}`,
        value,
      );
    write('requests', 1, core.requests);
    write('write_errors', 3, core.writeErrors);
    write('routed_requests', 4, 0);
    write('static_requests', 5, core.staticRequests);
    write('offloaded_requests', 6, 0);
    write('exceptions', 7, core.exceptions);
    write('read_errors', 8, 0);
  }
}
