import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_HISTORY } from '../../src/rates/history.ts';
import { cells } from '../../src/text/clean.ts';
import { ASCII, UNICODE } from '../../src/views/glyphs.ts';
import { MEASURES } from '../../src/views/measures.ts';
import { levels, sparkline } from '../../src/views/sparkline.ts';
import { historyOf, ratesOf, UNKNOWN } from './histories.ts';

const GLYPHS = [UNICODE, ASCII];

describe('levels', () => {
  it('range from the lowest to the highest, one cell per value', () => {
    expect(levels([0, 1, 2, 3, 4, 5, 6, 7], 7, UNICODE)).toBe('▁▂▃▄▅▆▇█');
    expect(levels([0, 1, 2, 3, 4, 5, 6, 7], 7, ASCII)).toBe('_.-:=+*#');
    expect(levels([], 7, UNICODE)).toBe('');
  });

  it('are blank for unknown values, but not for zero', () => {
    expect(levels([null, 0, null, 7], 7, UNICODE)).toBe(' ▁ █');
  });

  it('are the lowest if everything is zero', () => {
    for (const glyphs of GLYPHS)
      expect(levels([0, 0, null], 0, glyphs)).toBe(`${glyphs.levels[0]}${glyphs.levels[0]} `);
  });

  it('are monotonic', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.constantFrom(...GLYPHS), (values, glyphs) => {
        const sorted = [...values].sort((a, b) => a - b);
        const highest = Math.max(...values);
        const shown = [...levels(sorted, highest, glyphs)].map((cell) => glyphs.levels.indexOf(cell));
        expect(shown).toEqual([...shown].sort((a, b) => a - b));
        expect(shown.length).toBe(values.length);
        expect(shown[0]).toBeGreaterThanOrEqual(0);
        if (highest > 0) expect(shown.at(-1)).toBe(glyphs.levels.length - 1);
      }),
    );
  });
});

describe('a sparkline', () => {
  it('ends with the latest value, with one cell for each value before it', () => {
    const history = ratesOf([7, 6, 5, 4, 3, 2, 1, 0]);
    expect(sparkline(history, 'rps', 8, UNICODE)).toBe('█▇▆▅▄▃▂▁');
    expect(sparkline(history, 'rps', 3, UNICODE)).toBe('▃▂▁');
    expect(sparkline(history, 'rps', 10, UNICODE)).toBe('  █▇▆▅▄▃▂▁');
  });

  it('is scaled to the maximum of the history', () => {
    const quiet = Array<number>(40).fill(10);
    expect(sparkline(ratesOf(quiet), 'rps', 4, UNICODE)).toBe('████');
    // Ten times as much, outside the visible part.
    expect(sparkline(ratesOf([100, ...quiet]), 'rps', 4, UNICODE)).toBe('▂▂▂▂');
  });

  it('is scaled to a higher limit of the measure, and a value above 0 differs from 0', () => {
    expect(sparkline(ratesOf([0, 1, 4, 8]), 'rps', 4, UNICODE, 16)).toBe('▁▂▃▅');
    expect(sparkline(ratesOf([0, 1, 4, 32]), 'rps', 4, UNICODE, 16)).toBe('▁▂▂█');
  });

  it('is blank for unknown values, and null for an unknown name', () => {
    expect(sparkline(NO_HISTORY, 'rps', 5, UNICODE)).toBeNull();
    expect(sparkline(ratesOf([5, null, 5]), 'rps', 5, UNICODE)).toBe('  █ █');
    for (const { name } of MEASURES) expect(sparkline(historyOf([UNKNOWN]), name, 3, UNICODE)).toBeNull();
    expect(sparkline(ratesOf([5]), 'constructor', 3, UNICODE)).toBeNull();
  });

  it('shows the requested measure', () => {
    const other = { requests: 1, runningTime: 1, tx: 1, exceptions: 1, busy: 1, queue: 1, memory: 1 };
    const changing: Readonly<Record<string, object>> = {
      rps: { requests: 0 },
      responseTime: { runningTime: 0 },
      busy: { busy: 0 },
      queue: { queue: 0 },
      tx: { tx: 0 },
      exceptions: { exceptions: 0 },
      memory: { memory: 0 },
    };
    for (const { name } of MEASURES) {
      const given = { ...other, ...changing[name] };
      expect(sparkline(historyOf([other, given, other]), name, 3, UNICODE)).toMatch(
        // Without a request, there is no response time.
        name === 'rps' ? /^█▁█$/ : /^█[▁ ]█$/,
      );
    }
  });

  it('has the requested width, for any history', () => {
    const rate = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(fc.array(rate, { maxLength: 40 }), fc.integer({ min: 1, max: 30 }), (rates, width) => {
        for (const glyphs of GLYPHS) {
          const text = sparkline(ratesOf(rates), 'rps', width, glyphs);
          if (rates.every((each) => each === null)) {
            expect(text).toBeNull();
            continue;
          }
          expect(cells(text ?? '')).toHaveLength(width);
          expect([...(text ?? '')].every((cell) => ` ${glyphs.levels}`.includes(cell))).toBe(true);
        }
      }),
    );
  });
});
