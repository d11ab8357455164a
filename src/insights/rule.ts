import type { About } from '../rates/finding.ts';
import type { History } from '../rates/history.ts';
import type { Point } from '../rates/point.ts';
import type { Sample } from '../rates/sample.ts';
import { duration } from '../text/format.ts';

/** The input of the rules. */
export interface Evidence {
  sample: Sample;
  history: History;
}

/** The level of a condition that a rule measures, whether or not it is too high. */
export interface Occurrence {
  /** Distinguishes the conditions of one rule; absent if the rule has only one. */
  subject?: string;
  /** In the unit of the rule's levels. */
  level: number;
  text: string;
  /**
   * The level for `critical`, if the rule knows a better one than its default. A level set by the user takes
   * precedence.
   */
  critical?: number;
  /** The row or the view that shows the condition. */
  about?: About | null;
  /** Advice for this case, with its values; the advice of the rule if absent. */
  advice?: string;
  /** A command to run, or a line for the configuration (see `commands`). */
  command?: string | null;
  /** Start of the condition in Unix seconds, if known; otherwise it starts when it was first seen. */
  since?: number | null;
}

/** The levels from which on a condition is a finding. If `critical` is `null`, it is never critical. */
export interface Levels {
  warning: number;
  critical: number | null;
}

/** A rule: it observes conditions, and a condition with a high level becomes a finding (`assess`). */
export interface Rule {
  name: string;
  /** Whether the findings are hints. They are raised from the warning level on. */
  hint?: true;
  /** Order of findings with the same severity, lowest first. Rules without a rank come last. */
  rank?: number;
  /** What the levels measure, for the documentation. */
  measures: string;
  levels: Levels;
  /** Seconds for which the level must be too high before a finding is raised. */
  holds: number;
  /**
   * Minimum number of readings with a level that is too high; 1 if absent. Set for conditions that a reading shows only
   * for its own moment.
   */
  readings?: number;
  /** Seconds for which the level must be lower before a finding ends. */
  clears: number;
  /** A level at or below which a finding ends at once. */
  overAt?: number;
  /**
   * What to check or to set. It must apply to every output. Text for the live view only is in
   * `views/tables/finding-looks`.
   */
  advice: string;
  /** The conditions in a sample; empty if the rule does not apply or the data are unknown. */
  observe(evidence: Evidence): Occurrence[];
}

/** The points of the last seconds. They can cover slightly more than `seconds`. */
export function recent({ near }: History, seconds: number): readonly Point[] {
  const last = near.at(-1);
  if (!last) return [];
  const begin = near.findIndex(({ time }) => time > last.time - seconds);
  return near.slice(begin);
}

/** Sum of the seconds that points cover. */
export function covered(points: readonly Point[]): number {
  return points.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** The time that points cover, rounded to seconds: `44s`. */
export function span(points: readonly Point[]): string {
  return duration(Math.round(covered(points)));
}

/** The sum of one number. Points for which it is unknown, for example after a reset, count as 0. */
export function total(points: readonly Point[], value: (point: Point) => number | null): number {
  return points.reduce((sum, point) => sum + (value(point) ?? 0), 0);
}

/** A reading is valid for the whole interval before it if the interval is at most this many seconds. */
const MOMENT = 2;

/** Unix seconds since when all points have matched; `null` if the last one does not match. */
export function sinceWhen({ near, hour }: History, fits: (point: Point) => boolean): number | null {
  const begin = (points: readonly Point[]) => points.findLastIndex((point) => !fits(point)) + 1;
  const first = near[begin(near)];
  if (!first) return null;
  const isClose = first.seconds <= MOMENT;
  const start = (point: Point) => (isClose ? point.time - point.seconds : point.time);
  // If all fine points match, the condition may have begun earlier. Continue with the coarse points.
  const older = begin(near) === 0 ? hour[begin(hour)] : undefined;
  return Math.min(start(first), older ? start(older) : Number.POSITIVE_INFINITY);
}
