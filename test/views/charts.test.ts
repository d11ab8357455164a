import { describe, expect, it } from 'vitest';
import { type History, remember } from '../../src/rates/history.ts';
import { ASCII } from '../../src/views/glyphs.ts';
import type { Live } from '../../src/views/live.ts';
import { screen } from '../../src/views/screen.ts';
import { cells } from '../../src/views/text.ts';
import { app, appBetween, worker } from '../rates/builders.ts';
import { LOOKED_AT, liveOf, plain, secondSample, textOf } from './samples.ts';

/** Rates of a server, a second apart; `null` is an interval without one. */
function historyOf(rates: readonly (number | null)[]): History {
  return rates.map((rps, second) => ({
    time: LOOKED_AT - rates.length + second,
    rps,
    responseTime: rps === null ? null : rps / 1000,
  }));
}

const chartsOf = (history: History, view: Partial<Live['view']> = {}, given: Partial<Live> = {}) =>
  liveOf(secondSample('threads'), { ...given, history, view: { tab: 'charts', ...view } });

const SIZE = { columns: 80, rows: 24 };

/** The last of the numbers to 199. */
const latest = (count: number) => Array.from({ length: count }, (_, at) => 200 - count + at);

describe('the history', () => {
  const sample = appBetween(app([worker()]), app([worker({ requests: 30 })]));

  it('grows by a point a sample, and forgets the oldest', () => {
    const one = remember([], sample);
    expect(one).toEqual([{ time: sample.time, rps: 10, responseTime: 0 }]);
    let long: History = [];
    for (let read = 0; read < 1000; read += 1) long = remember(long, { ...sample, time: read });
    expect(long.length).toBeLessThanOrEqual(600);
    expect(long.at(-1)?.time).toBe(999);
    expect(long.map(({ time }) => time)).toEqual(long.map((_, index) => 1000 - long.length + index));
  });

  it('keeps an interval without rates as one', () => {
    expect(remember([], appBetween(null, app([worker()])))).toEqual([
      { time: sample.time, rps: null, responseTime: null },
    ]);
  });
});

describe('the charts', () => {
  it('have a title each with the latest value, and their readings in order', () => {
    const { charts, lines } = screen(chartsOf(historyOf([1, 2, null, 4])), SIZE);
    expect(charts.map(({ points }) => points.map(({ value }) => value))).toEqual([
      [1, 2, 4],
      [1, 2, 4],
    ]);
    const text = lines.map(textOf);
    expect(charts.map(({ line }) => text[line])).toEqual([
      'requests per second: 4.0',
      'response time (ms): 4.0',
    ]);
  });

  it('say what the latest value is when it is not known', () => {
    // The last interval was a reset, say: no rate is the current one.
    const text = plain(screen(chartsOf(historyOf([1, 2, null])), SIZE));
    expect(text).toContain('requests per second: -');
  });

  it('have a column for each reading, and the latest of them when there are more', () => {
    const { charts } = screen(chartsOf(historyOf(Array.from({ length: 200 }, (_, second) => second))), SIZE);
    for (const { points } of charts) expect(points.map(({ value }) => value)).toEqual(latest(80));
  });

  it('wait for a second reading', () => {
    for (const rates of [[], [null], [null, 3]]) {
      const { charts, lines } = screen(chartsOf(historyOf(rates)), SIZE);
      expect(charts).toEqual([]);
      expect(lines.map(textOf).join('\n')).toContain('the chart begins with the second reading');
    }
  });

  it('fit every size, with the keys on the last line', () => {
    const history = historyOf(Array.from({ length: 600 }, (_, second) => second % 50));
    const wrong: unknown[] = [];
    for (const columns of [20, 33, 80, 200]) {
      for (const rows of [5, 6, 8, 11, 12, 16, 24, 50]) {
        for (const view of [{}, { glyphs: ASCII }]) {
          for (const live of [chartsOf(history, view), chartsOf([], view)]) {
            const { charts, lines } = screen(live, { columns, rows });
            const tooLong = lines.map(textOf).filter((line) => cells(line).length > columns);
            const outside = charts.flatMap(({ line, rows: height }) =>
              line + height > rows - 1 || height < 2 ? [{ line, height }] : [],
            );
            if (
              lines.length !== rows ||
              lines.at(-1)?.emphasis !== 'bar' ||
              tooLong.length + outside.length > 0
            )
              wrong.push({ columns, rows, tooLong, outside });
          }
        }
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it('are bars where there is nothing but ASCII: the highest is as high as there is room, zero is nothing', () => {
    const text = plain(screen(chartsOf(historyOf([0, 1, 2, 4]), { glyphs: ASCII }), SIZE));
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    const lines = text.split('\n');
    const title = lines.findIndex((line) => line.startsWith('requests per second'));
    const bars = lines.slice(
      title + 1,
      lines.findIndex((line) => line.startsWith('response time')),
    );
    const heights = [0, 1, 2, 3].map((x) => bars.filter((line) => line[x] === '#').length);
    // Half a line is none.
    const height = (share: number) => Math.ceil(bars.length * share - 0.5);
    expect(heights).toEqual([0, height(1 / 4), height(1 / 2), bars.length]);
  });

  it('are of app servers only, and give way to the help', () => {
    const emperor = liveOf(secondSample('emperor'), { view: { tab: 'charts' } });
    expect(plain(screen(emperor, SIZE))).toContain('VASSAL');
    expect(plain(screen(chartsOf(historyOf([1, 2, 3]), { help: 0 }), SIZE))).toContain('this help');
  });
});
