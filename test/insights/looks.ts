import type { HostReading } from '../../src/host/reading.ts';
import { assess, type LevelChanges, NOTHING_FOUND } from '../../src/insights/assess.ts';
import type { Evidence } from '../../src/insights/rule.ts';
import type { Finding } from '../../src/rates/finding.ts';
import { NO_HISTORY, remember } from '../../src/rates/history.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { Reading, Sample } from '../../src/rates/sample.ts';
import type { AppSnapshot, Snapshot } from '../../src/stats/snapshot.ts';
import { app, reading, socket, worker } from '../rates/builders.ts';

/** What a server was when it was read once more. */
export interface Frame {
  /** Since the read before. */
  seconds: number;
  snapshot: Snapshot;
  /** What the kernel knows of it. */
  host?: HostReading;
}

/** One look at a server, and what was found by then. */
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

/** Looks at each of these readings, one after the other. */
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

/** Readings of these frames; the first one is at the frame's own seconds. */
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

/** What is found at the end of these. */
export function foundAfter(frames: readonly Frame[], looking?: Looking): readonly Finding[] {
  return look(frames, looking).at(-1)?.findings ?? [];
}

/** What there is for the rules to look at, after these frames. */
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

/** What one rule has found at each of the looks: its severities, `-` where nothing. */
export function courseOf(looks: readonly Look[], rule: string): string[] {
  return looks.map(({ findings }) => findings.find((each) => each.rule === rule)?.severity ?? '-');
}

/** How often a finding of that rule came up. */
export function raisesOf(looks: readonly Look[], rule: string): number {
  const course = courseOf(looks, rule);
  return course.filter((each, place) => each !== '-' && (course[place - 1] ?? '-') === '-').length;
}

/** The places a server's queue can have, in `queued`. */
export const QUEUE = 1000;

/** A server that does nothing but let so many wait, of `QUEUE`. */
export function queued(waiting: number | null): AppSnapshot {
  return app([worker()], {
    sockets: [socket({ queue: waiting, maxQueue: waiting === null ? null : QUEUE })],
  });
}
