import type { Random } from '../../src/demo/random.ts';
import type { Sample } from '../../src/rates/sample.ts';
import type { Snapshot } from '../../src/stats/snapshot.ts';
import { randomOf } from './choose.ts';
import type { Subject } from './subject.ts';
import type { Trial } from './trial.ts';

/** A document under test and what became of it. */
export interface Case {
  trial: Trial;
  subject: Subject;
  /** What `decode` did with the spoiled bytes. */
  outcome: Outcome;
  /** What it makes of the bytes before they were spoiled. */
  original: Snapshot;
  /** Of the spoiled document: a first sample, one after the original, and that of the original after it. Not if it was refused. */
  samples: readonly Sample[];
  /** Numbers of this oracle's own. */
  random: Random;
}

export type Outcome = { snapshot: Snapshot } | { error: unknown };

/** Says what is wrong; `null` when nothing is. What it throws is wrong too. */
export type Check = (given: Case) => string | null | Promise<string | null>;

export interface Oracle {
  check: Check;
  /** Slow ones look at a part of the cases only: one in so many. */
  oneIn?: number;
}

/** More than any capture has. */
const HUGE_BYTES = 250_000;
const HUGE_VALUES = 10_000;

/** How many times as large a document is as the largest one that gets the full treatment; at least 1. */
export function sizeOf({ bytes }: Trial): number {
  return Math.max(1, bytes.length / HUGE_BYTES, valuesIn(bytes) / HUGE_VALUES);
}

/**
 * A server of a hundred thousand workers takes its time in every view and output, and has nothing to show that one of a
 * thousand has not: one frame of it is enough. A value of 2 bytes in a list can become a row of 500 in each output.
 */
export function isHuge(trial: Trial): boolean {
  return sizeOf(trial) > 1;
}

const COMMA = ','.charCodeAt(0);

/** About the number of values: there is a comma between two of them. */
function valuesIn(bytes: Buffer): number {
  let commas = 0;
  for (const byte of bytes) if (byte === COMMA) commas += 1;
  return commas;
}

/** Seconds between two documents, and when the captures were made. */
const INTERVALS = [2, 1, 0.1, 0.004, 3600];
const CAPTURED_AT = 1_795_335_300;

/** Decodes and makes samples. @throws what `sampleOf` throws */
export function caseOf(trial: Trial, subject: Subject): Case {
  const random = randomOf(trial.seed, trial.number, 'case');
  const original = subject.decode(trial.original);
  const outcome = outcomeOf(trial.bytes, subject);
  return { trial, subject, outcome, original, random, samples: samples() };

  function samples(): Sample[] {
    if ('error' in outcome) return [];
    const interval = INTERVALS[random.integer(0, INTERVALS.length - 1)] ?? 1;
    const time = random.chance(0.9) ? CAPTURED_AT : random.integer(0, 4_000_000_000);
    const before = { time, clock: 100 };
    const after = { time: time + interval, clock: 100 + interval };
    const { snapshot } = outcome;
    const given = [
      [snapshot, null],
      [snapshot, original],
      [original, snapshot],
    ] as const;
    return given.map(([current, previous]) =>
      subject.sampleOf(
        'server',
        { snapshot: current, ...after },
        previous && { snapshot: previous, ...before },
      ),
    );
  }
}

function outcomeOf(bytes: Buffer, subject: Subject): Outcome {
  try {
    return { snapshot: subject.decode(bytes) };
  } catch (error) {
    return { error };
  }
}
