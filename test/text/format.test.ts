import { describe, expect, it } from 'vitest';
import * as format from '../../src/text/format.ts';
import '../views/samples.ts';

const { count, rate, percent, size, responseTime, age, workTime, timeOfDay, timestamp } = format;

type Formatter = (value: number | null) => string;

/** The values at which each formatter changes its format. */
const TABLE: readonly (readonly [string, Formatter, readonly (readonly [number, string])[]])[] = [
  [
    'count',
    count,
    [
      [0, '0'],
      [1, '1'],
      [999, '999'],
      [1000, '1,000'],
      [81_204, '81,204'],
      [999_999, '999,999'],
      [1_000_000, '1,000,000'],
      [9_999_999, '9,999,999'],
      [10_000_000, '10.0M'],
      [99_940_000, '99.9M'],
      [99_950_000, '100M'],
      [999_499_999, '999M'],
      [1_500_000_000, '1.5G'],
      [1e15, '1.0P'],
    ],
  ],
  [
    'rate',
    rate,
    [
      [0, '0.0'],
      [0.04, '0.0'],
      [0.05, '0.1'],
      [412.6, '412.6'],
      [999.94, '999.9'],
      [999.95, '1,000'],
      [1204.4, '1,204'],
      [12_345_678, '12.3M'],
    ],
  ],
  [
    'percent',
    percent,
    [
      [0, '0.0'],
      [0.184, '18.4'],
      [0.9999, '100.0'],
      [1, '100.0'],
    ],
  ],
  [
    'size',
    size,
    [
      [0, '0B'],
      [512, '512B'],
      [1023, '1023B'],
      [1024, '1.0K'],
      [1536, '1.5K'],
      [102_348, '99.9K'],
      [102_349, '100K'],
      [1_048_525, '1.0M'],
      [88_290_099, '84.2M'],
      [2 ** 60, '1.0E'],
      [2 ** 64, '16.0E'],
    ],
  ],
  [
    'responseTime',
    responseTime,
    [
      [0, '0.00ms'],
      [0.000182, '0.18ms'],
      [0.009994, '9.99ms'],
      [0.009995, '10.0ms'],
      [0.0131, '13.1ms'],
      [0.09994, '99.9ms'],
      [0.09995, '100ms'],
      [0.9994, '999ms'],
      [0.9995, '1.00s'],
      [2.6, '2.60s'],
      [9.994, '9.99s'],
      [9.995, '10.0s'],
      [41.2, '41.2s'],
      [99.94, '99.9s'],
      [99.95, '1m39s'],
      [725, '12m05s'],
    ],
  ],
  [
    'age',
    age,
    [
      [0, '<1s'],
      [0.99, '<1s'],
      [1, '1s'],
      [41, '41s'],
      [59.9, '59s'],
      [60, '1m00s'],
      [725, '12m05s'],
      [3599, '59m59s'],
      [3600, '1h00m'],
      [12_059, '3h20m'],
      [86_399, '23h59m'],
      [86_400, '1d00h'],
      [1_051_200, '12d04h'],
      [99 * 86_400 + 86_399, '99d23h'],
      [100 * 86_400, '100d'],
      [1073 * 86_400 + 41_000, '1073d'],
    ],
  ],
  [
    'workTime',
    workTime,
    [
      [0, '0.0s'],
      [412.6, '412.6s'],
      [999.94, '999.9s'],
      [999.95, '16m39s'],
    ],
  ],
  [
    'timeOfDay',
    timeOfDay,
    [
      [0, '00:00:00'],
      [1_795_335_410.9, '08:16:50'],
    ],
  ],
];

describe.each(TABLE)('%s', (_name, write, rows) => {
  it.each(rows)('writes %d as %s', (value, text) => {
    expect(write(value)).toBe(text);
  });

  it('writes an unknown value as a dash, but not zero', () => {
    expect(write(null)).toBe('-');
    expect(write(0)).not.toBe('-');
  });
});

describe('in fewer cells', () => {
  it.each([
    [81_204, 6, '81,204'],
    [81_204, 5, '81204'],
    [81_204, 4, '81k'],
    [1234, 4, '1234'],
    [123_456, 4, '123k'],
    [999_600, 4, '1.0M'],
    [1_000_000, 4, '1.0M'],
    [12_345_678, 4, '12M'],
    [null, 4, '-'],
    [0, 1, '0'],
  ])('the count %s in %d cells is %s', (value, columns, text) => {
    expect(count(value, columns)).toBe(text);
  });

  it('a long duration is in hours or days', () => {
    expect(age(1_051_200, 6)).toBe('12d04h');
    expect(age(1_051_200, 5)).toBe('12d');
    expect(responseTime(36_000, 5)).toBe('10h');
    expect(responseTime(35_999, 5)).toBe('9h59m');
    expect(responseTime(100 * 86_400, 6)).toBe('100d');
    expect(workTime(1000 * 86_400, 7)).toBe('1000d');
  });
});

describe('a timestamp', () => {
  const now = Date.UTC(2026, 10, 22, 8, 17, 20) / 1000;

  it('is the time of day on the same day, and the date on another', () => {
    expect(timestamp(now - 3600, now)).toBe('07:17:20');
    expect(timestamp(now - 9 * 3600, now)).toBe('2026-11-21');
    expect(timestamp(now - 365 * 86_400, now)).toBe('2025-11-22');
    expect(timestamp(null, now)).toBe('-');
  });

  it('is a dash if it is out of range', () => {
    expect(timestamp(1e300, now)).toBe('-');
    expect(timeOfDay(1e300)).toBe('-');
  });
});

describe('a flag', () => {
  it('is yes, no or a dash', () => {
    expect([true, false, null].map(format.yesNo)).toEqual(['yes', 'no', '-']);
  });
});
