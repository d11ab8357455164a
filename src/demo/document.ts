import { writeCaches, writeCrons, writeDaemons, writeSpoolers } from './extras.ts';
import { varsOf } from './request.ts';
import { writeMetrics } from './server-metrics.ts';
import { type CoreState, type ServerState, statusOf, type WorkerState } from './state.ts';
import { escaped, StatsWriter } from './writer.ts';

export interface DocumentOptions {
  /** Unix seconds of the start of the simulation. */
  epoch: number;
  /** As with `stats-minified`: no whitespace. */
  minified: boolean;
  /** As with `stats-no-cores`: workers without cores. */
  noCores: boolean;
  /** Adds a daemon, caches, metrics, a spooler and a cron job. */
  extras: boolean;
}

const DOCUMENT_DEFAULTS: Readonly<DocumentOptions> = {
  epoch: 1_800_000_000,
  minified: false,
  noCores: false,
  extras: false,
};

/** The working directory of the demo's application. */
const CWD = '/srv/shop';

/** Locks that every server has, in uWSGI's order. */
const LOCKS = ['user 0', 'signal', 'filemon', 'timer', 'rbtimer', 'cron', 'rpc', 'snmp'] as const;
const MORE_LOCKS = ['cache_sessions', 'cache_pages', 'metrics', `spooler on ${CWD}/spool`] as const;

/**
 * Returns the document of an application server with `memory-report`. The layout is that of uWSGI 2.0.21, byte for byte
 * (core/master_utils.c, `uwsgi_master_generate_stats`).
 */
export function appDocument(state: ServerState, options: Partial<DocumentOptions> = {}): string {
  const all = { ...DOCUMENT_DEFAULTS, ...options };
  const writer = new StatsWriter(all.minified);
  writer.object(() => {
    writeServer(writer, state);
    if (all.extras) writeDaemons(writer, state);
    writeLocks(writer, all.extras);
    if (all.extras) {
      writeCaches(writer, state, all.epoch);
      writeMetrics(writer, state);
    }
    writeSocket(writer, state, all.extras);
    writer.list('workers', () => {
      for (const worker of state.workers) writeWorker(writer, worker, all);
    });
    if (all.extras) {
      writeSpoolers(writer, state, CWD);
      writeCrons(writer);
    }
  });
  return writer.toString();
}

function writeServer(writer: StatsWriter, { pid, queue }: ServerState): void {
  writer.string('version', '2.0.21');
  writer.number('listen_queue', queue);
  // uWSGI writes this field but never increments it.
  writer.number('listen_queue_errors', 0);
  writer.number('signal_queue', 0);
  writer.number('load', queue);
  writer.number('pid', pid);
  writer.number('uid', 33);
  writer.number('gid', 33);
  writer.string('cwd', CWD);
}

function writeLocks(writer: StatsWriter, extras: boolean): void {
  writer.list('locks', () => {
    for (const name of extras ? [...LOCKS, ...MORE_LOCKS] : LOCKS) {
      writer.object(() => writer.number(name, 0));
    }
  });
}

function writeSocket(writer: StatsWriter, { queue, maxQueue }: ServerState, offload: boolean): void {
  writer.list('sockets', () =>
    writer.object(() => {
      writer.string('name', '127.0.0.1:8000');
      writer.string('proto', 'http');
      writer.number('queue', queue);
      writer.number('max_queue', maxQueue);
      writer.number('shared', 0);
      writer.flag('can_offload', offload);
    }),
  );
}

function writeWorker(writer: StatsWriter, worker: WorkerState, options: DocumentOptions): void {
  writer.object(() => {
    writer.number('id', worker.spawns === 0 ? 0 : worker.number);
    writer.number('pid', worker.pid);
    writer.flag('accepting', worker.accepting);
    writer.number('requests', worker.requests);
    writer.number('delta_requests', worker.deltaRequests);
    writer.number('exceptions', worker.exceptions);
    writer.number('harakiri_count', worker.harakiris);
    writer.number('signals', 0);
    writer.number('signal_queue', 0);
    writer.string('status', statusOf(worker));
    writer.number('rss', worker.rss);
    writer.number('vsz', worker.vsz);
    writer.number('running_time', worker.runningTime);
    writer.number('last_spawn', worker.spawns === 0 ? 0 : Math.floor(options.epoch + worker.lastSpawn));
    writer.number('respawn_count', worker.spawns);
    writer.number('tx', worker.tx);
    writer.number('avg_rt', worker.averageTime);
    writer.list('apps', () => writeApp(writer, worker));
    if (options.noCores) return;
    writer.list('cores', () => {
      for (const [id, core] of worker.cores.entries()) writeCore(writer, id, core, options.epoch);
    });
  });
}

function writeApp(writer: StatsWriter, worker: WorkerState): void {
  writer.object(() => {
    writer.number('id', 0);
    writer.number('modifier1', 0);
    writer.string('mountpoint', '');
    writer.number('startup_time', 2);
    writer.number('requests', worker.appRequests);
    writer.number('exceptions', worker.exceptions);
    writer.string('chdir', '');
  });
}

function writeCore(writer: StatsWriter, id: number, core: CoreState, epoch: number): void {
  const { request } = core;
  writer.object(() => {
    writer.number('id', id);
    writer.number('requests', core.requests);
    writer.number('static_requests', core.staticRequests);
    writer.number('routed_requests', 0);
    writer.number('offloaded_requests', 0);
    writer.number('write_errors', core.writeErrors);
    writer.number('read_errors', 0);
    writer.flag('in_request', request !== null);
    writer.list('vars', () => {
      if (!request) return;
      for (const variable of varsOf(request)) writer.item(escaped(variable));
      writer.item('');
    });
    writer.objectAt('req_info', () => {
      if (request) writer.number('request_start', Math.floor(epoch + request.start));
    });
  });
}
