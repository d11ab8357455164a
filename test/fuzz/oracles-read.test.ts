import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../src/rates/rates.ts';
import { DecodeError } from '../../src/stats/decode.ts';
import { ORACLES } from './oracles.ts';
import { captured, trial, verdictOf } from './trials.ts';
import { changing, changingOnce, throwing, whole, withRequests } from './wrong.ts';

/** Oracles are worth what they find: each is given something that is wrong. Here, what is read. */

const HALF = captured('threads.1').subarray(0, 1500);
const cut = trial('threads.1', HALF, { kind: 'cut', pure: true });
const anything = trial('threads.1', captured('threads.1'), { kind: 'any' });

describe.each(Object.entries(ORACLES))('%s', (_name, { check }) => {
  it('has nothing against statstop', async () => {
    expect(await verdictOf(check)).toBeNull();
    expect(await verdictOf(check, {}, cut)).toBeNull();
    expect(await verdictOf(check, {}, anything)).toBeNull();
  });
});

describe('the oracle finds', () => {
  const { decode, numbers, json, rates } = ORACLES;
  type Find = readonly [what: string, found: () => Promise<string | null>, says: RegExp];

  const FINDS: readonly Find[] = [
    ['another error', () => verdictOf(decode.check, throwing(new TypeError('x'))), /no DecodeError/],
    ['a cut document that is read', () => verdictOf(decode.check, whole, cut), /cut off was read/],
    [
      'a cut that is not told',
      () => verdictOf(decode.check, throwing(new DecodeError('x')), cut),
      /did not say that it is cut off/,
    ],
    [
      'a document that is refused for no reason',
      () => verdictOf(decode.check, throwing(new DecodeError('x'))),
      /refused what it should read/,
    ],
    [
      'a number that is changed',
      () => verdictOf(numbers.check, changingOnce(withRequests(7))),
      /requests was \d+, is 7/,
    ],
    ['a number that is lost', () => verdictOf(numbers.check, changingOnce(withRequests(null))), /is null/],
    [
      'a list that is lost',
      () =>
        verdictOf(
          numbers.check,
          changingOnce(() => ({ sockets: [] })),
        ),
      /sockets/,
    ],
    [
      'a number from nowhere',
      () => verdictOf(numbers.check, changingOnce(withRequests(4_242_424)), anything),
      /no such "requests"/,
    ],
    [
      'a number that cannot be counted',
      () => verdictOf(numbers.check, changingOnce(withRequests(2 ** 53)), anything),
      /more than can be counted/,
    ],
    [
      'a repair of what was right',
      () =>
        verdictOf(
          json.check,
          changing(() => ({ repaired: true })),
        ),
      /repaired/,
    ],
    [
      'another number than JSON has',
      () =>
        verdictOf(
          json.check,
          changing(({ workers }) => ({ workers: workers.toReversed() })),
        ),
      /workers\[0\]/,
    ],
    [
      'a rate that is not finite',
      () =>
        verdictOf(rates.check, { sampleOf: (...given) => ({ ...sampleOf(...given), interval: Number.NaN }) }),
      /interval is NaN/,
    ],
    [
      'a negative rate',
      () =>
        verdictOf(rates.check, {
          sampleOf(...given) {
            const sample = sampleOf(...given);
            if (sample.kind !== 'app') return sample;
            return { ...sample, totals: { ...sample.totals, txRate: -1 } };
          },
        }),
      /txRate is -1/,
    ],
  ];

  it.each(FINDS)('%s', async (_what, found, says) => {
    expect(await found()).toMatch(says);
  });
});
