import { describe, expect, it } from 'vitest';
import { asBytes, meant } from '../stats/captures.ts';
import { campaign } from './campaign.ts';
import { CAPTURES } from './captures.ts';
import { MUTATION_NAMES } from './mutations.ts';
import { PLANTED } from './secret.ts';
import { textOf } from './tokens.ts';
import { trialOf } from './trial.ts';

/** Fixed, so that the cases are the same in every run. */
const SEED = 20_261_122;
const CASES = 600;

describe('the fuzzer', () => {
  it(`finds no failure in ${CASES} cases`, async () => {
    const { summary, failure } = await campaign({ seed: SEED, count: CASES });
    const about = failure && `case ${failure.trial.number}: ${failure.oracle}: ${failure.complaint}`;
    expect(about).toBeNull();
    expect(summary.cases).toBe(CASES);
  });

  it('generates the same case for the same numbers, alone or in a sequence, and other cases for others', () => {
    for (const number of [0, 7, 1000]) {
      expect(trialOf(SEED, number).bytes.equals(trialOf(SEED, number).bytes)).toBe(true);
      expect(trialOf(SEED + 1, number).bytes.equals(trialOf(SEED, number).bytes)).toBe(false);
      expect(trialOf(SEED, number + 1).bytes.equals(trialOf(SEED, number).bytes)).toBe(false);
    }
  });

  it('uses every mutation and almost every capture, and each mutation has the declared effect', () => {
    const trials = Array.from({ length: 1500 }, (_, number) => trialOf(SEED, number));
    expect(new Set(trials.flatMap(({ mutations }) => mutations))).toEqual(new Set(MUTATION_NAMES));
    expect(new Set(trials.map(({ capture }) => capture)).size).toBeGreaterThan(0.9 * CAPTURES.length);
    const kinds = trials.map(({ damage }) =>
      damage.kind === 'cut' && damage.pure ? 'pure cut' : damage.kind,
    );
    for (const kind of ['none', 'cut', 'pure cut', 'any'] as const)
      expect([kind, kinds.filter((each) => each === kind).length > 10]).toEqual([kind, true]);
  });
});

describe('the tokens of a capture', () => {
  it.each(CAPTURES)('$name: together they equal the capture', ({ tokens, bytes }) => {
    expect(textOf(tokens)).toBe(bytes.toString('latin1'));
    const sent = asBytes(meant(bytes));
    const [keys, numbers] = [countOf(sent, 'key'), countOf(sent, 'number')];
    expect(tokens.filter(({ place }) => place === 'key')).toHaveLength(keys);
    expect(tokens.filter(({ kind }) => kind === 'number')).toHaveLength(numbers);
  });

  it('contain the secrets if the document has a core', () => {
    const planted = CAPTURES.filter(({ bytes }) => bytes.includes(PLANTED[0] ?? '-'));
    expect(planted.length).toBeGreaterThan(CAPTURES.length / 2);
  });
});

/** The number of keys, or numbers, at any depth of a document. */
function countOf(value: unknown, what: 'key' | 'number'): number {
  if (typeof value === 'number') return what === 'number' ? 1 : 0;
  if (typeof value !== 'object' || value === null) return 0;
  const own = what === 'key' && !Array.isArray(value) ? Object.keys(value).length : 0;
  return Object.values(value).reduce((sum, each) => sum + countOf(each, what), own);
}
