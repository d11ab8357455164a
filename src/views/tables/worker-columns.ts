import type { ProcessReading } from '../../host/reading.ts';
import { type RequestInFlight, requestOf } from '../../rates/in-flight.ts';
import type { CoreSample, RequestRates, WorkerSample } from '../../rates/sample.ts';
import { isLoading, isServing } from '../../rates/state.ts';
import type { WritingTime } from '../../rates/written.ts';
import type { Worker } from '../../stats/snapshot.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, timestamps, words } from '../column.ts';
import { coreOrder } from '../core-column.ts';
import type { CoreMode } from '../core-modes.ts';
import type { Role } from '../frame.ts';
import { requestLine } from '../request-line.ts';

/**
 * A worker, or one of its cores. In the tree mode a core is below the row of its worker. In the merged mode it replaces
 * that row and repeats the values that only the worker has.
 */
export interface WorkerRow {
  of: WorkerSample;
  core: CoreSample | null;
  mode: CoreMode;
  /**
   * Number of cores of the row (all of the worker, or the one core) with a request that is long on purpose. `null` if
   * the cores are unknown or the worker does not run.
   */
  long: number | null;
  /** The values of the process that the kernel of this machine reports. */
  process: ProcessReading | null;
  /** Growth of the memory of the worker in bytes per minute. */
  growth: number | null;
}

/** Returns a rate that both workers and cores have. */
function either(row: WorkerRow, value: (rates: RequestRates) => number | null): number | null {
  return value(row.core ?? row.of);
}

/** Returns a value that only a worker has. A merged row repeats it; for a core in a tree it is `null`. */
function own<Value>(row: WorkerRow, value: (worker: Worker, sample: WorkerSample) => Value): Value | null {
  return row.core && row.mode === 'tree' ? null : value(row.of.worker, row.of);
}

/**
 * Returns the state of a worker or core as one word. uWSGI keeps the last status of a worker whose process has ended,
 * so `busy` and `idle` become `down`.
 */
export function status({ of: { worker }, core }: WorkerRow): string {
  if (!worker.alive && (worker.status === 'busy' || worker.status === 'idle')) return 'down';
  if (isLoading(worker)) return 'loading';
  if (!core) return worker.status;
  if (worker.status !== 'busy' && worker.status !== 'idle') return worker.status;
  return core.core.inRequest ? 'busy' : 'idle';
}

function busyCores({ of: { worker }, core }: WorkerRow): number | null {
  if (core || !isServing(worker) || worker.cores.length === 0) return null;
  return worker.cores.reduce((busy, { inRequest }) => busy + (inRequest ? 1 : 0), 0);
}

const STATUS_ROLES: ReadonlyMap<string, Role> = new Map([
  ['busy', 'busy'],
  ['idle', 'plain'],
  ['cheap', 'cheap'],
  ['pause', 'pause'],
  ['loading', 'warning'],
  ['down', 'critical'],
]);

export function statusRole(word: string): Role {
  return STATUS_ROLES.get(word) ?? (word.startsWith('sig') ? 'signal' : 'plain');
}

const BUSY_WIDTH = 5;

/**
 * Returns a function for the role of a counter of failures: `role` on the row of a worker whose counter has increased.
 */
function alarm(role: Role, gained: (sample: WorkerSample) => number | null): (row: WorkerRow) => Role | null {
  return ({ of, core }) => (core === null && gained(of) ? role : null);
}

export const WORKER_COLUMNS: readonly Column<WorkerRow>[] = [
  {
    ...counts<WorkerRow>({
      name: 'id',
      title: 'WID',
      key: 'W',
      width: 4,
      importance: 2,
      description: 'worker, from 1; with cores, worker:core',
      value: ({ of: { worker } }) => worker.id,
    }),
    sortKey: ({ of: { worker }, core }) => coreOrder({ worker: worker.id, core: core?.core.id ?? null }),
    descending: false,
    text: rowLabel,
  },
  numbers(format.percent, {
    name: 'share',
    title: '%',
    key: '%',
    width: 5,
    importance: 7,
    description: 'share of all requests since the start',
    value: (row) => either(row, ({ share }) => share),
  }),
  numbers(format.percent, {
    name: 'intervalShare',
    title: 'NOW%',
    key: 'O',
    width: 5,
    importance: 19,
    description: 'share of the requests of this interval',
    value: (row) => either(row, ({ intervalShare }) => intervalShare),
  }),
  {
    ...numbers<WorkerRow>(format.orUnknown(String), {
      name: 'pid',
      title: 'PID',
      key: 'D',
      width: 7,
      importance: 8,
      description: 'process id; - while no process runs',
      value: (row) => own(row, ({ pid }) => pid),
    }),
    descending: false,
  },
  counts({
    name: 'requests',
    title: 'REQ',
    key: 'Q',
    width: 9,
    importance: 5,
    description: 'requests since the start of the server',
    value: ({ of: { worker }, core }) => (core ? core.core.requests : worker.requests),
  }),
  numbers(format.rate, {
    name: 'rps',
    title: 'RPS',
    key: 'R',
    width: 6,
    importance: 3,
    description: 'requests per second in this interval',
    value: (row) => either(row, ({ rps }) => rps),
  }),
  counts({
    name: 'exceptions',
    title: 'EXC',
    key: 'C',
    width: 4,
    importance: 10,
    description:
      'exceptions since the start that reached uWSGI: Django and Flask turn theirs into 500 responses',
    value: (row) => own(row, ({ exceptions }) => exceptions),
    role: alarm('warning', ({ exceptionsDelta }) => exceptionsDelta),
  }),
  counts({
    name: 'signals',
    title: 'SIG',
    key: 'I',
    width: 4,
    importance: 20,
    description: 'uWSGI signals handled since the start',
    value: (row) => own(row, ({ signals }) => signals),
  }),
  words<WorkerRow>({
    name: 'status',
    title: 'STATUS',
    key: 'U',
    width: 7,
    importance: 1,
    description: 'idle, busy, loading (its application), cheap (stopped), down, pause, or a uWSGI signal',
    value: status,
    role: (row) => statusRole(status(row)),
  }),
  {
    ...counts<WorkerRow>({
      name: 'busy',
      title: 'BUSY',
      key: 'B',
      width: BUSY_WIDTH,
      importance: 6,
      description: 'cores in a request, of all its cores',
      value: busyCores,
      role: (row) => (busyCores(row) === row.of.worker.cores.length ? 'warning' : null),
    }),
    text: (row) => {
      const busy = busyCores(row);
      const text = `${busy}/${row.of.worker.cores.length}`;
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
    key: 'Y',
    width: 5,
    importance: 6.5,
    description:
      'of the busy cores, those with requests that are long on purpose: WebSockets, streams of events, --long',
    value: ({ long }) => long,
  }),
  numbers(format.responseTime, {
    name: 'responseTime',
    title: 'RESP',
    key: 'E',
    width: 6,
    importance: 4,
    description:
      'response time of the requests that ended in this interval, without static files; unknown with stats-no-cores',
    value: (row) => own(row, (_, { responseTime }) => responseTime),
  }),
  numbers(format.responseTime, {
    name: 'averageResponseTime',
    title: 'AVG',
    key: 'V',
    width: 6,
    importance: 13,
    description: "uWSGI's own average: half of it is the last request",
    value: (row) => own(row, ({ averageResponseTime }) => averageResponseTime),
  }),
  numbers<WorkerRow>(format.wholePercent, {
    name: 'cpu',
    title: 'CPU',
    key: 'P',
    width: 5,
    importance: 9,
    description:
      'processor time of its process, of one processor (from the kernel, where the server runs here)',
    value: ({ process, core, mode }) => (core && mode === 'tree' ? null : (process?.cpu ?? null)),
  }),
  numbers(format.size, {
    name: 'rss',
    title: 'RSS',
    key: 'S',
    width: 6,
    importance: 11,
    description: 'resident memory (from the kernel where the server runs here, else with memory-report)',
    value: (row) => own(row, ({ rss }) => rss),
  }),
  numbers<WorkerRow>(format.signedSize, {
    name: 'growth',
    title: 'GROW/M',
    key: 'M',
    width: 7,
    importance: 14,
    description: 'bytes a minute by which RSS has grown in the last two minutes; - until it is known for one',
    value: (row) => own(row, () => row.growth),
  }),
  numbers(format.size, {
    name: 'vsz',
    title: 'VSZ',
    key: 'Z',
    width: 6,
    importance: 21,
    description: 'virtual memory (from the kernel where the server runs here, else with memory-report)',
    value: (row) => own(row, ({ vsz }) => vsz),
  }),
  numbers(format.size, {
    name: 'tx',
    title: 'TX',
    key: 'X',
    width: 6,
    importance: 15,
    description: 'bytes sent since the start',
    value: (row) => own(row, ({ tx }) => tx),
  }),
  counts({
    name: 'respawns',
    title: 'RESPAWN',
    key: 'A',
    width: 8,
    importance: 16,
    description: 'starts after the first one (uWSGI and uwsgitop count the first one too)',
    value: (row) => own(row, (_, { respawns }) => respawns),
    role: alarm('warning', ({ respawnsDelta }) => respawnsDelta),
  }),
  counts({
    name: 'harakiris',
    title: 'HC',
    key: 'H',
    width: 4,
    importance: 12,
    description: 'harakiris: killed because a request took too long',
    value: (row) => own(row, ({ harakiris }) => harakiris),
    role: alarm('critical', ({ harakirisDelta }) => harakirisDelta),
  }),
  numbers(format.workTime, {
    name: 'runningTime',
    title: 'RUNT',
    key: 'T',
    width: 7,
    importance: 17,
    description: 'time spent in finished requests, all cores summed',
    value: (row) => own(row, ({ runningTime }) => runningTime),
  }),
  timestamps({
    name: 'lastSpawn',
    title: 'LASTSPWN',
    key: 'L',
    width: 10,
    importance: 18,
    description: 'when its process was started',
    value: (row) => own(row, ({ lastSpawn }) => lastSpawn),
  }),
  {
    ...words<WorkerRow>({
      name: 'request',
      title: 'INFLIGHT',
      key: 'F',
      width: 20,
      preferredWidth: 30,
      grows: true,
      phrase: true,
      importance: 22,
      description: 'what it runs, the oldest one first: its age, method and URI',
      value: (row) => requestOfRow(row, UNDATED)?.uri ?? null,
    }),
    text: (row, at) => {
      const request = requestOfRow(row, at);
      return request ? `${format.age(request.age)} ${requestLine(request, at.mask)}` : format.UNKNOWN;
    },
  },
];

/** For callers that do not use the age of the request. */
const UNDATED: WritingTime = { time: 0, timeIsExact: false };

/** Returns the request in flight of a core, or the oldest one of a worker. */
function requestOfRow({ of: { worker }, core }: WorkerRow, at: WritingTime): RequestInFlight | null {
  const running = (core ? [core.core] : worker.cores).filter(({ inRequest }) => inRequest);
  const [oldest] = running.sort((a, b) => (a.requestStart ?? 0) - (b.requestStart ?? 0));
  return oldest ? requestOf(worker.id, oldest, at) : null;
}

function rowLabel({ of: { worker }, core, mode }: WorkerRow): string {
  if (!core) return String(worker.id);
  return mode === 'tree' ? `:${core.core.id}` : `${worker.id}:${core.core.id}`;
}
