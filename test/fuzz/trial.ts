import type { Random } from '../../src/demo/random.ts';
import { CAPTURES, type Capture } from './captures.ts';
import { oneOf, randomOf } from './choose.ts';
import { BYTES } from './mutations/bytes.ts';
import { HARMLESS } from './mutations/harmless.ts';
import { REWRITES } from './mutations/tokens.ts';
import { isHarmless, isOfBytes, MUTATION_NAMES, type MutationName } from './mutations.ts';
import { type Token, textOf } from './tokens.ts';

/** A damaged document. It depends only on the seed and the number. */
export interface Trial {
  seed: number;
  number: number;
  capture: string;
  /** The bytes of the capture with the planted secrets. */
  original: Buffer;
  mutations: readonly MutationName[];
  /** The kind of damage: see `Damage`. */
  damage: Damage;
  bytes: Buffer;
}

/**
 * - `none`: only strings changed, or the defects are those of uWSGI's own documents. All numbers are unchanged.
 * - `cut`: the same, and the end is missing. `pure` if there is no other change.
 * - `any`: the effect is unknown.
 */
export type Damage = { kind: 'none' } | { kind: 'cut'; pure: boolean } | { kind: 'any' };

/** Longer documents are rare: they are slow and rarely reveal faults. */
const LONG_BYTES = 20_000;
const LONG_SHARE = 0.05;
/** Mutations that lengthen a document stop at this size. */
const MOST_BYTES = 1_000_000;

/** Creates the case with this number. */
export function trialOf(seed: number, number: number): Trial {
  const random = randomOf(seed, number, 'trial');
  const capture = captureOf(random);
  const names = chosen(random);
  const { tokens, applied } = spoilTokens(capture, names, random);
  const before = textOf(tokens);
  let text = before;
  for (const name of names.filter(isOfBytes)) {
    if (text.length > MOST_BYTES || text.length === 0) break;
    text = BYTES[name](text, random, oneOf(random, CAPTURES).bytes.toString('latin1'));
    applied.push(name);
  }
  return {
    seed,
    number,
    capture: capture.name,
    original: capture.bytes,
    mutations: applied,
    damage: damageOf(applied, before, text),
    bytes: Buffer.from(text, 'latin1'),
  };
}

function captureOf(random: Random): Capture {
  const capture = oneOf(random, CAPTURES);
  return capture.bytes.length > LONG_BYTES && !random.chance(LONG_SHARE) ? captureOf(random) : capture;
}

/** Chooses one mutation, sometimes several. `cut` is the last one. */
function chosen(random: Random): MutationName[] {
  const count = random.chance(0.5) ? 1 : random.integer(2, 5);
  const harmlessOnly = random.chance(0.3);
  const names = MUTATION_NAMES.filter((name) => !harmlessOnly || isHarmless(name) || name === 'cut');
  const drawn = Array.from({ length: count }, () => oneOf(random, names));
  return [...drawn.filter((name) => name !== 'cut'), ...drawn.filter((name) => name === 'cut').slice(0, 1)];
}

function spoilTokens(capture: Capture, names: readonly MutationName[], random: Random) {
  let tokens: readonly Token[] = capture.tokens;
  const applied: MutationName[] = [];
  for (const name of names) {
    if (isOfBytes(name)) continue;
    const spoiled = isHarmless(name) ? HARMLESS[name](tokens, random) : REWRITES[name](tokens, random);
    if (spoiled === null) continue;
    tokens = spoiled;
    applied.push(name);
  }
  return { tokens, applied };
}

const MARK = '\xef\xbb\xbf';

/** The length of a document without trailing whitespace, which may be missing. */
function wholeLength(text: string): number {
  let end = text.length;
  for (;;) {
    if (/[\s\0]/.test(text.charAt(end - 1))) end -= 1;
    else if (text.endsWith(MARK, end)) end -= MARK.length;
    else return end;
  }
}

function damageOf(applied: readonly MutationName[], before: string, after: string): Damage {
  const others = applied.filter((name) => name !== 'cut');
  if (!others.every(isHarmless)) return { kind: 'any' };
  return after.length < wholeLength(before) ? { kind: 'cut', pure: others.length === 0 } : { kind: 'none' };
}
