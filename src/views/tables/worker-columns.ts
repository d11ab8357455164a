import { requestOf } from '../../rates/in-flight.ts';
import type { WorkerSample } from '../../rates/sample.ts';
import type { WritingTime } from '../../rates/written.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, timestamps, words } from '../column.ts';
import { coreOrder } from '../core-column.ts';
import type { Role } from '../frame.ts';
import { requestLine } from '../request-line.ts';
import { ageRole, steadyAge } from './requests.ts';
import { busyCores, either, own, status, statusRole, type WorkerRow } from './worker-row.ts';

const BUSY_WIDTH = 5;

/**
 * Returns a function for the role of a counter of failures: `role` on the row of a worker whose counter has increased.
 */
function alarm(role: Role, gained: (sample: WorkerSample) => number | null): (row: WorkerRow) => Role | null {
  return ({ of, core }) => (core === null && gained(of) ? role : null);
}

/** The value belongs to the worker, also in the rows of its cores. */
const OF_WORKER = { belongsTo: ({ of: { worker } }: WorkerRow) => worker.id };

/** The columns in their order on the screen: what needs attention, load, memory, failures, counters. */
export const WORKER_COLUMNS: readonly Column<WorkerRow>[] = [
  {
    ...counts<WorkerRow>({
      name: 'id',
      title: 'WID',
      width: 4,
      importance: 2,
      description: 'worker number; with cores worker:core',
      value: ({ of: { worker } }) => worker.id,
    }),
    sortKey: ({ of: { worker }, core }) => coreOrder({ worker: worker.id, core: core?.core.id ?? null }),
    descending: false,
    text: rowLabel,
  },
  words<WorkerRow>({
    name: 'status',
    title: 'STATUS',
    width: 7,
    importance: 1,
    description:
      'idle, busy, loading (its application), cheap (stopped), down, pause, or the uWSGI signal that it handles',
    value: status,
    role: (row) => statusRole(status(row)),
  }),
  {
    ...counts<WorkerRow>({
      ...OF_WORKER,
      name: 'busy',
      title: 'BUSY',
      key: 'B',
      width: BUSY_WIDTH,
      importance: 5,
      description: 'busy cores / all cores of the worker; a busy core runs a request',
      value: ({ of, core }) => (core ? null : busyCores(of)),
      steady: ({ recent }) => recent.busy,
      role: ({ of, core }) => (core === null && busyCores(of) === of.worker.cores.length ? 'warning' : null),
    }),
    text: ({ of, core }) => {
      const busy = core ? null : busyCores(of);
      const text = `${busy}/${of.worker.cores.length}`;
      // If both numbers do not fit (gevent with hundreds of cores), the number of busy cores is more important.
      return busy === null
        ? format.UNKNOWN
        : text.length <= BUSY_WIDTH
          ? text
          : format.count(busy, BUSY_WIDTH);
    },
  },
  counts<WorkerRow>({
    name: 'long',
    title: 'STAY',
    width: 5,
    importance: 5.5,
    description:
      'busy cores with intentionally long requests: WebSockets, event streams and paths that --long names',
    value: ({ long }) => long,
  }),
  numbers<WorkerRow>(format.age, {
    name: 'oldest',
    title: 'OLDEST',
    key: 'L',
    width: 7,
    importance: 3,
    description: 'age of the oldest request in flight, in whole seconds, without intentionally long requests',
    value: ({ oldest }) => oldest,
    steady: ({ oldest }) => steadyAge(oldest),
    role: ({ oldest }, at) => ageRole({ age: oldest, long: null }, at),
  }),
  numbers<WorkerRow>(format.rate, {
    name: 'rps',
    title: 'RPS',
    key: 'P',
    width: 6,
    importance: 4,
    description: 'requests per second in this interval',
    value: (row) => either(row, ({ rps }) => rps),
    steady: ({ recent }) => recent.rps,
  }),
  numbers<WorkerRow>(format.responseTime, {
    ...OF_WORKER,
    name: 'responseTime',
    title: 'RESP',
    key: 'E',
    width: 6,
    importance: 6,
    description:
      'mean response time of the requests that ended in this interval, without static files; unknown with stats-no-cores',
    value: (row) => own(row, (_, { responseTime }) => responseTime),
  }),
  numbers<WorkerRow>(format.size, {
    ...OF_WORKER,
    name: 'rss',
    title: 'RSS',
    key: 'R',
    width: 6,
    importance: 8,
    description:
      'resident memory: from the kernel if the server runs on this machine, otherwise memory-report',
    value: (row) => own(row, ({ rss }) => rss),
  }),
  counts<WorkerRow>({
    ...OF_WORKER,
    name: 'exceptions',
    title: 'EXC',
    key: 'X',
    width: 4,
    // The header has the exceptions of the last minute.
    importance: 12,
    description:
      'exceptions since the start that reached uWSGI; Django and Flask turn most exceptions into 500 responses',
    value: (row) => own(row, ({ exceptions }) => exceptions),
    role: alarm('warning', ({ exceptionsDelta }) => exceptionsDelta),
  }),
  {
    ...numbers<WorkerRow>(format.orUnknown(String), {
      ...OF_WORKER,
      name: 'pid',
      title: 'PID',
      key: 'D',
      width: 7,
      importance: 10,
      description: 'process ID; - if no process runs',
      value: (row) => own(row, ({ pid }) => pid),
    }),
    descending: false,
  },
  numbers<WorkerRow>(format.wholePercent, {
    ...OF_WORKER,
    name: 'cpu',
    title: 'CPU',
    width: 5,
    importance: 9,
    description:
      'processor time of the process, in percent of one processor, if the server runs on this machine',
    value: (row) => own(row, () => row.process?.cpu ?? null),
  }),
  counts<WorkerRow>({
    ...OF_WORKER,
    name: 'harakiris',
    title: 'HC',
    width: 4,
    importance: 13,
    description: 'harakiris since the start: uWSGI killed the worker because a request took too long',
    value: (row) => own(row, ({ harakiris }) => harakiris),
    role: alarm('critical', ({ harakirisDelta }) => harakirisDelta),
  }),
  numbers<WorkerRow>(format.percent, {
    name: 'share',
    title: '%',
    key: '%',
    width: 5,
    importance: 14,
    description: 'share of all requests since the start',
    value: (row) => either(row, ({ share }) => share),
  }),
  numbers<WorkerRow>(format.percent, {
    name: 'intervalShare',
    title: 'NOW%',
    width: 5,
    importance: 18,
    description: 'share of the requests in this interval',
    value: (row) => either(row, ({ intervalShare }) => intervalShare),
  }),
  counts<WorkerRow>({
    name: 'requests',
    title: 'REQ',
    width: 9,
    importance: 15,
    description: 'requests since the start of the server',
    value: ({ of: { worker }, core }) => (core ? core.core.requests : worker.requests),
  }),
  numbers<WorkerRow>(format.responseTime, {
    ...OF_WORKER,
    name: 'averageResponseTime',
    title: 'AVG',
    key: 'V',
    width: 6,
    importance: 16,
    description: 'average response time that uWSGI reports; the last request makes up half of it',
    value: (row) => own(row, ({ averageResponseTime }) => averageResponseTime),
  }),
  numbers<WorkerRow>(format.signedSize, {
    ...OF_WORKER,
    name: 'growth',
    title: 'GROW/M',
    key: 'M',
    width: 7,
    importance: 17,
    description: 'growth of RSS in bytes per minute over the last two minutes; unknown for the first minute',
    value: (row) => own(row, () => row.growth),
  }),
  numbers<WorkerRow>(format.size, {
    ...OF_WORKER,
    name: 'vsz',
    title: 'VSZ',
    width: 6,
    importance: 24,
    description:
      'virtual memory: from the kernel if the server runs on this machine, otherwise memory-report',
    value: (row) => own(row, ({ vsz }) => vsz),
  }),
  numbers<WorkerRow>(format.size, {
    ...OF_WORKER,
    name: 'tx',
    title: 'TX',
    width: 6,
    importance: 19,
    description: 'bytes sent since the start',
    value: (row) => own(row, ({ tx }) => tx),
  }),
  counts<WorkerRow>({
    ...OF_WORKER,
    name: 'respawns',
    title: 'RESPAWN',
    width: 8,
    importance: 20,
    description: 'starts of the process after the first one; uWSGI and uwsgitop also count the first one',
    value: (row) => own(row, (_, { respawns }) => respawns),
    role: alarm('warning', ({ respawnsDelta }) => respawnsDelta),
  }),
  counts<WorkerRow>({
    ...OF_WORKER,
    name: 'signals',
    title: 'SIG',
    width: 4,
    importance: 23,
    description: 'uWSGI signals handled since the start',
    value: (row) => own(row, ({ signals }) => signals),
  }),
  numbers<WorkerRow>(format.workTime, {
    ...OF_WORKER,
    name: 'runningTime',
    title: 'RUNT',
    width: 7,
    importance: 21,
    description: 'time spent in finished requests, summed over all cores',
    value: (row) => own(row, ({ runningTime }) => runningTime),
  }),
  timestamps<WorkerRow>({
    ...OF_WORKER,
    name: 'lastSpawn',
    title: 'LASTSPWN',
    width: 10,
    importance: 22,
    description: 'start time of the process',
    value: (row) => own(row, ({ lastSpawn }) => lastSpawn),
  }),
  {
    ...words<WorkerRow>({
      name: 'request',
      title: 'REQUEST',
      width: 12,
      preferredWidth: 30,
      grows: true,
      phrase: true,
      importance: 11,
      description: 'method and URI of the oldest request in flight, with secrets masked',
      value: (row) => requestOfRow(row, UNDATED)?.uri ?? null,
    }),
    text: (row, at) => {
      const request = requestOfRow(row, at);
      return request ? requestLine(request, at.mask) : format.UNKNOWN;
    },
  },
];

/** For callers that do not use the age of the request. */
const UNDATED: WritingTime = { time: 0, timeIsExact: false };

function requestOfRow({ of: { worker }, running }: WorkerRow, at: WritingTime) {
  return running && requestOf(worker.id, running, at);
}

function rowLabel({ of: { worker }, core, mode }: WorkerRow): string {
  if (!core) return String(worker.id);
  return mode === 'tree' ? `:${core.core.id}` : `${worker.id}:${core.core.id}`;
}
