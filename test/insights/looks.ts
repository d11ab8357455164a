import type { HostReading } from '../../src/host/reading.ts';
import { assess, type LevelChanges, NOTHING_FOUND } from '../../src/insights/assess.ts';
import type { Evidence } from '../../src/insights/rule.ts';
import type { Finding } from '../../src/rates/finding.ts';
import { NO_HISTORY, remember } from '../../src/rates/history.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { Reading, Sample } from '../../src/rates/sample.ts';
import type { AppSnapshot, Snapshot } from '../../src/stats/snapshot.ts';
import { app, reading, socket, worker } from '../rates/builders.ts';

/** The snapshot of a further read. */
export interface Frame {
  /** Seconds since the previous read. */
  seconds: number;
  snapshot: Snapshot;
  /** The host reading. */
  host?: HostReading;
}

/** One observation of a server, and the findings at that time. */
export interface Look {
  /** Seconds since the first one. */
  at: number;
  sample: Sample;
  findings: readonly Finding[];
}

export interface Looking {
  changes?: LevelChanges;
  patience?: number;
}

/** Assesses each of these readings in order. */
export function looksAt(readings: Iterable<Reading>, { changes, patience }: Looking = {}): Look[] {
  let previous: Reading | null = null;
  let history = NO_HISTORY;
  let assessment = NOTHING_FOUND;
  let began: number | null = null;
  const looks: Look[] = [];
  for (const current of readings) {
    began ??= current.clock;
    const sample = sampleOf('test', current, previous);
    history = remember(history, sample);
    assessment = assess(assessment, { sample, history }, changes, patience);
    looks.push({ at: current.clock - began, sample, findings: assessment.findings });
    previous = current;
  }
  return looks;
}

/** Readings of these frames; the first one is at its own `seconds`. */
export function readingsOf(frames: readonly Frame[]): Reading[] {
  let time = 0;
  return frames.map(({ seconds, snapshot, host = null }) => {
    time += seconds;
    return { ...reading(snapshot, time), host };
  });
}

export function look(frames: readonly Frame[], looking?: Looking): Look[] {
  return looksAt(readingsOf(frames), looking);
}

/** The findings at the last frame. */
export function foundAfter(frames: readonly Frame[], looking?: Looking): readonly Finding[] {
  return look(frames, looking).at(-1)?.findings ?? [];
}

/** The evidence for the rules after these frames. */
export function evidenceOf(frames: readonly Frame[]): Evidence {
  const readings = readingsOf(frames);
  let history = NO_HISTORY;
  let sample: Sample | null = null;
  for (const [place, current] of readings.entries()) {
    sample = sampleOf('test', current, readings[place - 1] ?? null);
    history = remember(history, sample);
  }
  if (!sample) throw new Error('there are no frames');
  return { sample, history };
}

/** The severity of one rule at each observation; `-` without a finding. */
export function courseOf(looks: readonly Look[], rule: string): string[] {
  return looks.map(({ findings }) => findings.find((each) => each.rule === rule)?.severity ?? '-');
}

/** Number of times that a finding of the rule began. */
export function raisesOf(looks: readonly Look[], rule: string): number {
  const course = courseOf(looks, rule);
  return course.filter((each, place) => each !== '-' && (course[place - 1] ?? '-') === '-').length;
}

/** The limit of the queue in `queued`. */
export const QUEUE = 1000;

/** An idle server with this many waiting connections, of `QUEUE`. */
export function queued(waiting: number | null): AppSnapshot {
  return app([worker()], {
    sockets: [socket({ queue: waiting, maxQueue: waiting === null ? null : QUEUE })],
  });
}
