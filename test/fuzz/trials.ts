import { CAPTURES } from './captures.ts';
import { randomOf } from './choose.ts';
import { type Case, type Check, caseOf } from './oracle.ts';
import { STATSTOP, type Subject } from './subject.ts';
import type { Damage, Trial } from './trial.ts';

/** A capture with the planted secrets. */
export function captured(name: string): Buffer {
  const capture = CAPTURES.find((each) => each.name === name);
  if (!capture) throw new Error(`there is no capture ${name}`);
  return capture.bytes;
}

/** Creates a case from a capture and given bytes. */
export function trial(name: string, bytes = captured(name), damage: Damage = { kind: 'none' }): Trial {
  return { seed: 1, number: 1, capture: name, original: captured(name), mutations: [], damage, bytes };
}

/**
 * Returns the result of an oracle for a case with a replaced part of statstop. The default case is an unchanged
 * capture.
 */
export async function verdictOf(
  check: Check,
  wrong: Partial<Subject> = {},
  given: Trial = trial('threads.1'),
): Promise<string | null> {
  const subject = { ...STATSTOP, ...wrong };
  return check(asCase(given, subject));
}

function asCase(given: Trial, subject: Subject): Case {
  return { ...caseOf(given, subject), random: randomOf(given.seed, given.number, 'test') };
}
