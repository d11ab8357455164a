import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../src/rates/rates.ts';
import { DecodeError } from '../../src/stats/decode.ts';
import { ORACLES } from './oracles.ts';
import { captured, trial, verdictOf } from './trials.ts';
import { changing, changingOnce, throwing, whole, withRequests } from './wrong.ts';

/** Tests of the oracles: each oracle must find a fault. This file covers what is read. */

const HALF = captured('threads.1').subarray(0, 1500);
const cut = trial('threads.1', HALF, { kind: 'cut', pure: true });
const anything = trial('threads.1', captured('threads.1'), { kind: 'any' });

describe.each(Object.entries(ORACLES))('%s', (_name, { check }) => {
  it('finds no fault in statstop', async () => {
    expect(await verdictOf(check)).toBeNull();
    expect(await verdictOf(check, {}, cut)).toBeNull();
    expect(await verdictOf(check, {}, anything)).toBeNull();
  });
});

describe('the oracle finds', () => {
  const { decode, numbers, json, rates } = ORACLES;
  type Find = readonly [what: string, found: () => Promise<string | null>, says: RegExp];

  const FINDS: readonly Find[] = [
    [
      'an error of another class',
      () => verdictOf(decode.check, throwing(new TypeError('x'))),
      /no DecodeError/,
    ],
    ['a truncated document that is accepted', () => verdictOf(decode.check, whole, cut), /cut off was read/],
    [
      'a truncation that is not reported',
      () => verdictOf(decode.check, throwing(new DecodeError('x')), cut),
      /did not say that it is cut off/,
    ],
    [
      'a valid document that is refused',
      () => verdictOf(decode.check, throwing(new DecodeError('x'))),
      /refused what it should read/,
    ],
    [
      'a changed number',
      () => verdictOf(numbers.check, changingOnce(withRequests(7))),
      /requests was \d+, is 7/,
    ],
    ['a lost number', () => verdictOf(numbers.check, changingOnce(withRequests(null))), /is null/],
    [
      'a lost list',
      () =>
        verdictOf(
          numbers.check,
          changingOnce(() => ({ sockets: [] })),
        ),
      /sockets/,
    ],
    [
      'an invented number',
      () => verdictOf(numbers.check, changingOnce(withRequests(4_242_424)), anything),
      /no such "requests"/,
    ],
    [
      'a number outside the exact range',
      () => verdictOf(numbers.check, changingOnce(withRequests(2 ** 53)), anything),
      /more than can be counted/,
    ],
    [
      'a repair of a valid document',
      () =>
        verdictOf(
          json.check,
          changing(() => ({ repaired: true })),
        ),
      /repaired/,
    ],
    [
      'a number that differs from JSON',
      () =>
        verdictOf(
          json.check,
          changing(({ workers }) => ({ workers: workers.toReversed() })),
        ),
      /workers\[0\]/,
    ],
    [
      'an infinite rate',
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
