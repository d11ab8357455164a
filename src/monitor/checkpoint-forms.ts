import type { History } from '../rates/history.ts';
import { type CoarsePoint, MARKS, type Point, type Work, type WorkerPoint } from '../rates/point.ts';
import {
  columnsOf,
  type Form,
  FormError,
  flag,
  list,
  mapOf,
  nullable,
  number,
  object,
  oneOf,
  table,
  text,
} from './forms.ts';
import type { Connection } from './observation.ts';

// The forms of the parts of an observation. A new field of such a part is a type error here until it has a form.

const known = nullable(number);

const WORK_FORMS = { begun: known, open: known, cut: known, cores: known };

const POINT_FORMS = {
  time: number,
  seconds: number,
  requests: known,
  timedRequests: known,
  runningTime: known,
  work: object<Work>(WORK_FORMS),
  tx: known,
  exceptions: known,
  writeErrors: known,
  harakiris: known,
  respawns: known,
  busy: known,
  queue: known,
  refused: known,
  memory: known,
  cheap: number,
  hadCheap: flag,
  reloading: flag,
  marks: list(oneOf(MARKS)),
};

const POINT = object<Point>(POINT_FORMS);
const POINTS = table<Point>({ ...columnsOf<Point>(POINT_FORMS), work: table<Work>(columnsOf(WORK_FORMS)) });

/** `untimed` is the number of requests that are not timed, because it is mostly 0. */
const SERIES = ['requests', 'untimed', 'runningTime', 'memory', 'pid'] as const;

/** One number of all workers: for each worker a list of its values in the points that have the worker. */
type Series = readonly (readonly number[])[];
const series = list(list(number));

interface WorkerSeries extends Record<(typeof SERIES)[number], Series> {
  /** Number of workers in each point. */
  counts: readonly number[];
}

const WORKER_SERIES = object<WorkerSeries>({
  counts: list(number),
  requests: series,
  untimed: series,
  runningTime: series,
  memory: series,
  pid: series,
});

/** The numbers of a worker are next to each other, because successive ones differ little and need fewer bytes. */
function seriesOf(points: readonly WorkerPoint[]): WorkerSeries {
  const counts = points.map(({ pid }) => pid.length);
  const most = counts.reduce((most, count) => Math.max(most, count), 0);
  const of = (value: (point: WorkerPoint, worker: number) => number | undefined): Series =>
    Array.from({ length: most }, (_, worker) => {
      const values: number[] = [];
      for (const point of points)
        if (worker < point.pid.length) values.push(value(point, worker) ?? Number.NaN);
      return values;
    });
  return {
    counts,
    requests: of(({ requests }, worker) => requests[worker]),
    untimed: of(
      ({ requests, timedRequests }, worker) => (requests[worker] ?? 0) - (timedRequests[worker] ?? 0),
    ),
    runningTime: of(({ runningTime }, worker) => runningTime[worker]),
    memory: of(({ memory }, worker) => memory[worker]),
    pid: of(({ pid }, worker) => pid[worker]),
  };
}

function pointsOf({ counts, ...all }: WorkerSeries): WorkerPoint[] {
  const most = Math.min(...SERIES.map((name) => all[name].length));
  /** For each worker, the place of its next value. */
  const next = Array.from({ length: most }, () => 0);
  return counts.map((count) => {
    if (!(count >= 0 && count <= most)) throw new FormError('a worker is missing');
    const point: WorkerPoint = {
      requests: new Float32Array(count),
      timedRequests: new Float32Array(count),
      runningTime: new Float32Array(count),
      memory: new Float32Array(count),
      pid: new Uint32Array(count),
    };
    for (let worker = 0; worker < count; worker += 1) {
      const at = next[worker] ?? 0;
      next[worker] = at + 1;
      const requests = all.requests[worker]?.[at];
      if (requests === undefined) throw new FormError('a worker has no numbers');
      point.requests[worker] = requests;
      point.timedRequests[worker] = requests - (all.untimed[worker]?.[at] ?? 0);
      point.runningTime[worker] = all.runningTime[worker]?.[at] ?? Number.NaN;
      point.memory[worker] = all.memory[worker]?.[at] ?? Number.NaN;
      point.pid[worker] = all.pid[worker]?.[at] ?? 0;
    }
    return point;
  });
}

interface Hour {
  points: readonly Point[];
  workers: WorkerSeries;
}

const HOUR_PARTS = object<Hour>({ points: POINTS, workers: WORKER_SERIES });

const HOUR: Form<readonly CoarsePoint[]> = {
  write: (points) => HOUR_PARTS.write({ points, workers: seriesOf(points.map(({ workers }) => workers)) }),
  read(value) {
    const { points, workers } = HOUR_PARTS.read(value);
    const all = pointsOf(workers);
    return points.map((point, at) => {
      const of = all[at];
      if (!of) throw new FormError('a point has no workers');
      return { ...point, workers: of };
    });
  },
};

export type Value<Of> = Of extends ReadonlyMap<string, infer Item> ? Item : never;
type Item<Of> = Of extends readonly (infer Each)[] ? Each : never;

export const HISTORY = object<History>({
  near: POINTS,
  hour: HOUR,
  last: nullable(POINT),
  starts: mapOf(
    text,
    object<Value<History['starts']>>({
      starts: list(number),
      wasReady: flag,
      life: known,
      isReady: flag,
      seen: number,
    }),
  ),
  restarts: mapOf(
    text,
    list(
      object<Item<Value<History['restarts']>>>({
        pid: number,
        name: text,
        kind: oneOf(['daemon', 'child']),
        count: number,
        times: list(number),
        seen: number,
      }),
    ),
  ),
  backlogs: mapOf(
    text,
    object<Value<History['backlogs']>>({ since: number, waiting: number, triedThen: number, tried: number }),
  ),
});

const STATES = {
  connecting: object<Extract<Connection, { state: 'connecting' }>>({ state: oneOf(['connecting']) }),
  live: object<Extract<Connection, { state: 'live' }>>({ state: oneOf(['live']) }),
  saved: object<Extract<Connection, { state: 'saved' }>>({ state: oneOf(['saved']) }),
  lost: object<Extract<Connection, { state: 'lost' }>>({
    state: oneOf(['lost']),
    since: known,
    why: text,
    advice: text,
    retryAt: number,
  }),
  closed: object<Extract<Connection, { state: 'closed' }>>({
    state: oneOf(['closed']),
    why: text,
    advice: text,
  }),
} as const;

const STATE = oneOf(Object.keys(STATES) as Connection['state'][]);

export const CONNECTION: Form<Connection> = {
  write: (connection) => (STATES[connection.state] as Form<Connection>).write(connection),
  read: (value) => STATES[STATE.read((value as { state?: unknown } | null)?.state)].read(value),
};
