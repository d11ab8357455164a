import { rate, ratio } from '../rates/delta.ts';
import type { Point } from '../rates/point.ts';
import * as format from '../text/format.ts';

/** A quantity that charts and sparklines show over time. */
export interface Measure {
  name: string;
  title: string;
  /** `null` if the value is unknown for this point. */
  value(point: Point): number | null;
  /** @param columns maximum width in cells; the number is abbreviated to fit */
  text(value: number | null, columns?: number): string;
  /** The value applies to the moment of a sample, not to the interval before it. */
  isInstant?: true;
  /** Axes end at a decimal step (1, 2 or 5 times a power of ten) or at a power of two. */
  base: 10 | 1024;
  /** Minimum upper end of an axis, so that small values are not scaled to the full height. */
  least: number;
  /** Reason why the value can be unknown. */
  unknown: string;
}

const NO_RATE = 'it takes two readings, and requests between them';

/** All measures, in the order of the charts. */
export const MEASURES: readonly Measure[] = [
  {
    name: 'rps',
    title: 'requests per second',
    value: ({ requests, seconds }) => rate(requests, seconds),
    text: format.rate,
    base: 10,
    least: 1,
    unknown: NO_RATE,
  },
  {
    name: 'responseTime',
    title: 'response time',
    value: ({ runningTime, timedRequests }) => ratio(runningTime, timedRequests),
    text: format.responseTime,
    base: 10,
    least: 0.001,
    unknown: 'no timed request yet, or stats-no-cores',
  },
  {
    name: 'busy',
    isInstant: true,
    title: 'busy cores',
    value: ({ busy }) => busy,
    text: (share) => (share === null ? format.UNKNOWN : `${Math.round(share * 100)}%`),
    base: 10,
    least: 1,
    unknown: 'no worker runs',
  },
  {
    name: 'queue',
    isInstant: true,
    title: 'listen queue',
    value: ({ queue }) => queue,
    text: (queue) => format.count(queue && Math.round(queue)),
    base: 10,
    least: 5,
    unknown: 'uWSGI knows the queues of TCP sockets only',
  },
  {
    name: 'tx',
    title: 'sent per second',
    value: ({ tx, seconds }) => rate(tx, seconds),
    text: format.size,
    base: 1024,
    least: 1024,
    unknown: NO_RATE,
  },
  {
    name: 'exceptions',
    title: 'exceptions per second',
    value: ({ exceptions, seconds }) => rate(exceptions, seconds),
    text: format.rate,
    base: 10,
    least: 1,
    unknown: NO_RATE,
  },
  {
    name: 'memory',
    isInstant: true,
    title: 'memory (RSS of the workers)',
    value: ({ memory }) => memory,
    text: format.size,
    base: 1024,
    least: 1024 ** 2,
    unknown: 'known with memory-report = true',
  },
];

const STEPS = [1, 2, 5, 10];

/** The next round number, for the upper end of an axis. */
export function roundUp(value: number, { base, least }: Pick<Measure, 'base' | 'least'>): number {
  // The tolerance prevents rounding up a power that floating-point arithmetic made slightly too large.
  const wanted = Math.max(value, least) * (1 - 1e-9);
  if (base === 1024) return 2 ** Math.ceil(Math.log2(wanted));
  const scale = 10 ** Math.floor(Math.log10(wanted));
  return (STEPS.find((step) => step * scale >= wanted) ?? 10) * scale;
}
