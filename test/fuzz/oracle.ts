import type { Random } from '../../src/demo/random.ts';
import type { Sample } from '../../src/rates/sample.ts';
import type { Snapshot } from '../../src/stats/snapshot.ts';
import { randomOf } from './choose.ts';
import type { Subject } from './subject.ts';
import type { Trial } from './trial.ts';

/** A document under test with its results. */
export interface Case {
  trial: Trial;
  subject: Subject;
  /** The result of `decode` for the damaged bytes. */
  outcome: Outcome;
  /** The result of `decode` for the original bytes. */
  original: Snapshot;
  /**
   * Samples of the damaged document: the first one, one after the original, and one of the original after it. Empty if
   * the document was refused.
   */
  samples: readonly Sample[];
  /** Random numbers for this oracle. */
  random: Random;
}

export type Outcome = { snapshot: Snapshot } | { error: unknown };

/** Returns a description of the fault, or `null`. An exception is a fault too. */
export type Check = (given: Case) => string | null | Promise<string | null>;

export interface Oracle {
  check: Check;
  /** For slow oracles: checks one case out of this number. */
  oneIn?: number;
}

/** Above the size of all captures. */
const HUGE_BYTES = 250_000;
const HUGE_VALUES = 10_000;

/** The size of a document, relative to the largest document with all checks; at least 1. */
export function sizeOf({ bytes }: Trial): number {
  return Math.max(1, bytes.length / HUGE_BYTES, valuesIn(bytes) / HUGE_VALUES);
}

/**
 * Whether to check only one frame of a document. A server with 100,000 workers is slow in every view and output, and
 * tests nothing that 1000 workers do not. A value of 2 bytes in a list can become a row of 500 bytes in each output.
 */
export function isHuge(trial: Trial): boolean {
  return sizeOf(trial) > 1;
}

const COMMA = ','.charCodeAt(0);

/** The approximate number of values: their commas. */
function valuesIn(bytes: Buffer): number {
  let commas = 0;
  for (const byte of bytes) if (byte === COMMA) commas += 1;
  return commas;
}

/** Seconds between two documents, and the time of the captures. */
const INTERVALS = [2, 1, 0.1, 0.004, 3600];
const CAPTURED_AT = 1_795_335_300;

/**
 * Decodes the document and computes its samples.
 *
 * @throws the errors of `sampleOf`
 */
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
