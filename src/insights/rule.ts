import type { About } from '../rates/finding.ts';
import type { History } from '../rates/history.ts';
import type { Point } from '../rates/point.ts';
import type { Sample } from '../rates/sample.ts';
import { duration } from '../text/format.ts';

/** What rules look at. */
export interface Evidence {
  sample: Sample;
  history: History;
}

/** How bad something is, whether or not that is bad. */
export interface Occurrence {
  /** Where a rule knows several; else left away. */
  subject?: string;
  /** Measured in what the rule's levels are measured in. */
  level: number;
  text: string;
  /** The level of `critical`, where the rule knows a better one than its default. A level that the user sets is stronger. */
  critical?: number;
  /** The row, or the view, where it can be looked at. */
  about?: About | null;
  /** What to do in this case, with its values; else the advice of the rule. */
  advice?: string;
  /** Unix seconds since when it is so, where that is known; else since it was first seen. */
  since?: number | null;
}

/** From which levels on it is a finding; `critical: null`: it never is that bad. */
export interface Levels {
  warning: number;
  critical: number | null;
}

export interface Rule {
  name: string;
  /** What it finds is a hint, at its level for a warning or above. */
  hint?: true;
  /** Findings of the same severity are listed by this, lowest first; rules without a rank come last. */
  rank?: number;
  /** What its levels measure, for the documentation. */
  measures: string;
  levels: Levels;
  /** Seconds for which the level must be that high. */
  holds: number;
  /** Readings in which it must be so, where that takes longer: of what a reading only knows of its own moment; else one. */
  readings?: number;
  /** Seconds for which it must be lower again. */
  clears: number;
  /** A level at which it is over at once. */
  overAt?: number;
  /** What to look at, or to set. True in every output: what only the live view has is in `views/tables/finding-looks`. */
  advice: string;
  /** Nothing where nothing is known. */
  observe(evidence: Evidence): Occurrence[];
}

/** The points of the last seconds. They can cover a little more. */
export function recent({ near }: History, seconds: number): readonly Point[] {
  const last = near.at(-1);
  if (!last) return [];
  const begin = near.findIndex(({ time }) => time > last.time - seconds);
  return near.slice(begin);
}

/** Seconds that points cover. */
export function covered(points: readonly Point[]): number {
  return points.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** The time that points cover, to the nearest second: `44s`. */
export function span(points: readonly Point[]): string {
  return duration(Math.round(covered(points)));
}

/** The sum of one number; of intervals that do not know it, as after a reset, nothing. */
export function total(points: readonly Point[], value: (point: Point) => number | null): number {
  return points.reduce((sum, point) => sum + (value(point) ?? 0), 0);
}

/** A reading speaks for the seconds since the one before, if they are no more than these. */
const MOMENT = 2;

/** Unix seconds since when every reading has fitted; `null` when the last one does not. */
export function sinceWhen({ near, hour }: History, fits: (point: Point) => boolean): number | null {
  const begin = (points: readonly Point[]) => points.findLastIndex((point) => !fits(point)) + 1;
  const first = near[begin(near)];
  if (!first) return null;
  const isClose = first.seconds <= MOMENT;
  const start = (point: Point) => (isClose ? point.time - point.seconds : point.time);
  // Longer than is remembered by the second.
  const older = begin(near) === 0 ? hour[begin(hour)] : undefined;
  return Math.min(start(first), older ? start(older) : Number.POSITIVE_INFINITY);
}
