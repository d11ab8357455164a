import { ratio } from '../rates/delta.ts';
import { type History, HOUR, NEAR, NO_HISTORY, withPoint } from '../rates/history.ts';
import { MARKS, type Mark, type Point, type WorkerPoint } from '../rates/point.ts';
import { NO_FIGURES, totalOf } from './figures.ts';
import type { Figures } from './observation.ts';

/** What is known of all servers at one time. */
interface Second {
  /** Unix seconds. */
  time: number;
  /** Seconds to cover. */
  seconds: number;
  /** The last points of the servers that are known. */
  points: readonly Point[];
  totals: Figures;
  /** Marks of the points that are new. */
  marks: readonly Mark[];
}

/** The history with one more point: the sum of the points of the servers. */
export function withSecond(history: History, second: Second): History {
  return withPoint(history, sumOf(second), NO_WORKERS);
}

/**
 * The history of several servers, computed from their own histories: what `withSecond` gives if it is called each second.
 * A server is part of the sums while its own numbers are known.
 *
 * @param until Unix seconds of the last point
 */
export function historyOfAll(histories: readonly Pick<History, 'near' | 'hour'>[], until: number): History {
  const near = NEAR.points * NEAR.seconds;
  const begin = Math.min(
    ...histories.flatMap(({ hour: [first] }) => (first ? first.time - first.seconds : [])),
  );
  const times = (seconds: number, from: number, to: number) =>
    Array.from({ length: (from - to) / seconds }, (_, at) => until - from + (at + 1) * seconds).filter(
      (time) => time > begin,
    );
  const early = seconds(
    histories.map(({ hour }) => hour),
    times(HOUR.seconds, HOUR.points * HOUR.seconds, near),
    HOUR.seconds,
  );
  const late = seconds(
    histories.map(({ near }) => near),
    times(NEAR.seconds, near, 0),
    NEAR.seconds,
  );
  return [...early, ...late].reduce(withSecond, NO_HISTORY);
}

/** The last point of a server that covers about a second. */
export function lastSecond(points: readonly Point[], at = points.length - 1): Point | null {
  const last = points[at];
  const point = last && last.seconds < 1 - TOLERANCE ? points[at - 1] : last;
  return point && point.seconds > 0 ? point : null;
}

/** Readings are up to a tenth of an interval early. */
const TOLERANCE = 0.1;

const SUMS = [
  'requests',
  'timedRequests',
  'runningTime',
  'tx',
  'exceptions',
  'writeErrors',
  'harakiris',
  'respawns',
  'refused',
] as const satisfies readonly (keyof Point)[];

function sumOf({ time, seconds, points, totals: { busy, cores, queue, memory }, marks }: Second): Point {
  const sums = SUMS.map((name) => {
    const known = points.flatMap((point) => {
      const amount = point[name];
      return amount === null ? [] : [(amount / point.seconds) * seconds];
    });
    return [name, known.length === 0 ? null : known.reduce((sum, amount) => sum + amount, 0)] as const;
  });
  return {
    ...(Object.fromEntries(sums) as Record<(typeof SUMS)[number], number | null>),
    time,
    seconds,
    work: { begun: null, open: null, cut: null, cores: null },
    busy: ratio(busy, cores),
    queue,
    memory,
    cheap: 0,
    hadCheap: false,
    reloading: false,
    marks: MARKS.filter((mark) => mark !== 'lost' && marks.includes(mark)),
  };
}

/** A fleet has no history of single workers. */
const NO_WORKERS: WorkerPoint = {
  requests: new Float32Array(),
  timedRequests: new Float32Array(),
  runningTime: new Float32Array(),
  memory: new Float32Array(),
  pid: new Uint32Array(),
};

/** What was known of all servers at some times. */
function seconds(
  servers: readonly (readonly Point[])[],
  times: readonly number[],
  seconds: number,
): readonly Second[] {
  const all = servers.map((points) => known(points, times));
  return times.map((time, at) => {
    const each = all.flatMap((server) => server[at] ?? []);
    return {
      time,
      seconds,
      points: each.flatMap(({ point }) => point ?? []),
      totals: totalOf(each.flatMap(({ last }) => (last === null ? [] : figuresOf(last)))),
      marks: each.flatMap(({ marks }) => marks),
    };
  });
}

/** What was known of a server at a time. */
interface Known {
  /** Its last point, and the one that covers about a second; `null` if none is known. */
  last: Point | null;
  point: Point | null;
  /** The marks since the time before. */
  marks: readonly Mark[];
}

/** @param times ascending, in Unix seconds */
function known(points: readonly Point[], times: readonly number[]): readonly Known[] {
  let at = -1;
  return times.map((time) => {
    const marks: Mark[] = [];
    for (let next = points[at + 1]; next && next.time < time - INSTANT; next = points[at + 1]) {
      marks.push(...next.marks);
      at += 1;
    }
    const last = points[at];
    return last && time - last.time <= validity(last) + INSTANT
      ? { last, point: lastSecond(points, at), marks }
      : { last: null, point: null, marks };
  });
}

/** A time in seconds that is longer than the error of a sum of Unix times. */
const INSTANT = 1e-3;

/**
 * Seconds after a point for which its numbers hold if no other point follows: a slow server keeps its numbers, and
 * statstop or the recorder may have been stopped for a long time.
 */
function validity({ seconds, marks }: Point): number {
  return marks.includes('lost') ? seconds : Math.max(LONGEST_GAP, seconds);
}

/** Seconds without a reading after which nothing is known. */
export const LONGEST_GAP = 60;

function figuresOf({ seconds, busy: share, work, queue, memory }: Point): Figures {
  const cores = ratio(work.cores, seconds);
  const busy = share === null || cores === null ? null : share * cores;
  return { ...NO_FIGURES, busy, cores, queue, memory };
}
