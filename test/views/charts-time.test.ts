import { describe, expect, it } from 'vitest';
import { NO_HISTORY } from '../../src/rates/history.ts';
import { cells } from '../../src/text/clean.ts';
import type { Frame } from '../../src/views/frame.ts';
import { ASCII } from '../../src/views/glyphs.ts';
import { screen } from '../../src/views/screen.ts';
import { chartsOf, press, SIZE } from './charting.ts';
import { coarse, historyOf, pointsOf, ratesOf } from './histories.ts';
import { LOOKED_AT, plain, textOf } from './samples.ts';

const CHARTS = chartsOf(ratesOf(Array(60).fill(1)));

/** The line of times below the first chart, without its margin. */
function timesOf({ lines, charts: [chart] }: Frame): string[] {
  if (!chart) throw new Error('no curve');
  return cells(textOf(lines[chart.line + chart.rows] ?? { spans: [] })).slice(chart.left);
}

const line = (frame: Frame) => timesOf(frame).join('');

describe('the time range of the charts', () => {
  it.each([
    { known: 2, minutes: 1, from: '08:16:20', middle: '08:16:50' },
    { known: 60, minutes: 1, from: '08:16:20', middle: '08:16:50' },
    { known: 62, minutes: 1, from: '08:16:20', middle: '08:16:50' },
    { known: 65, minutes: 2, from: '08:15:20', middle: '08:16:20' },
    { known: 121, minutes: 2, from: '08:15:20', middle: '08:16:20' },
    { known: 130, minutes: 5, from: '08:12:20', middle: '08:14:50' },
    { known: 320, minutes: 10, from: '08:07:20', middle: '08:12:20' },
    { known: 600, minutes: 10, from: '08:07:20', middle: '08:12:20' },
  ])('is the last $minutes min if $known s are known', ({ known, minutes, from, middle }) => {
    const frame = screen(chartsOf(ratesOf(Array(known).fill(1))), SIZE);
    expect(plain(frame)).toContain(`the last ${minutes} min (z: an hour)`);
    expect(line(frame)).toMatch(new RegExp(`^${from} ─+ ${middle} ─+ 08:17:20─?$`));
    // The known values fill their part of the range.
    const { points = [] } = frame.charts[0] ?? {};
    const part = points.filter((height) => height !== null).length / points.length;
    expect(Math.abs(part - Math.min(1, known / (60 * minutes)))).toBeLessThan(0.02);
  });

  it('has a label in the middle if there is room', () => {
    const frame = screen(CHARTS, SIZE);
    const at = line(frame).indexOf('08:16:50') + 4;
    expect(Math.abs(at - timesOf(frame).length / 2)).toBeLessThanOrEqual(1);
    expect(line(screen(CHARTS, { ...SIZE, columns: 32 }))).toMatch(/^08:16:20 ─* 08:17:20─?$/);
  });

  it('changes to an hour with z, and back with z', () => {
    const near = pointsOf(Array.from({ length: 60 }, () => ({ requests: 1, runningTime: 0.001 })));
    const hour = pointsOf(
      Array.from({ length: 360 }, () => ({ seconds: 10, requests: 40, runningTime: 0.08 })),
    );
    const scene = chartsOf({ ...NO_HISTORY, near, hour: coarse(hour) });
    const far = press(scene, SIZE, 'z');
    const frame = screen(far, SIZE);
    expect(plain(frame)).toContain('the last 60 min (z: less)');
    expect(line(frame)).toMatch(/^07:17:20 ─+ 07:47:20 ─+ 08:17:20─?$/);
    // 4 per second in the hour, of at most 5; the latest value is that of the last second.
    expect(frame.charts[0]?.points).toEqual(Array(144).fill(expect.closeTo(0.8, 6)));
    expect(plain(frame)).toContain('requests per second: 1.0');
    expect(screen(press(far, SIZE, 'z'), SIZE)).toEqual(screen(scene, SIZE));
  });

  it('ends with the shown sample, also if that is frozen', () => {
    const history = historyOf(Array(120).fill({ requests: 1 }));
    const frozen = { ...chartsOf(history), now: LOOKED_AT + 50 };
    expect(line(screen(frozen, SIZE))).toMatch(/^08:15:20 .* 08:17:20─?$/);
  });
});

describe('marks', () => {
  const SIGNS = { lost: 'L', reset: 'R', harakiri: 'H', respawn: 'r', finding: '!', cheaper: 'c' } as const;

  const marks = (...marks: (keyof typeof SIGNS)[]) => ({ requests: 1, runningTime: 1, marks });
  /** The line of marks under the first curve, without its margin. */
  const marksOf = (frame: Frame) => {
    const [chart] = frame.charts;
    const line = frame.lines[(chart?.line ?? 0) + (chart?.rows ?? 0)];
    return { text: cells(line ? textOf(line) : '').slice(chart?.left), spans: line?.spans ?? [] };
  };

  /** Requests that begin at the same second as the mark, `ago` seconds before the end. */
  const risingAt = (ago: number, mark: keyof typeof SIGNS) =>
    historyOf(
      Array.from({ length: 60 }, (_, at) => ({
        requests: at >= 59 - ago ? 10 : 1,
        marks: at === 59 - ago ? [mark] : [],
      })),
    );

  /** The cell of a time in 72 cells for 60 seconds. The last part of a cell contains the end. */
  const cellOf = (ago: number, perCell: number) => {
    const parts = 72 * perCell;
    const partOf = (time: number) => Math.floor((time * parts) / 60);
    return Math.floor((parts - 1 - partOf(LOOKED_AT) + partOf(LOOKED_AT - ago)) / perCell);
  };

  // The first, the middle and the last seconds have time labels below them.
  it.each([59, 57, 54, 45, 33, 31, 30, 29, 27, 12, 6, 3, 1, 0])(
    'stand at their time, also where a time label is: %i s ago',
    (ago) => {
      for (const [mark, sign] of Object.entries(SIGNS)) {
        const frame = screen(chartsOf(risingAt(ago, mark as keyof typeof SIGNS)), SIZE);
        const [curve] = frame.charts;
        const { text, spans } = marksOf(frame);
        const at = text.indexOf(sign);
        expect(at).toBe(cellOf(ago, 2));
        // The curve rises in the second that ends at the mark.
        const rise = curve?.points.findIndex((height) => (height ?? 0) > 0.2) ?? Number.NaN;
        expect(at - Math.floor(rise / 2)).toBeGreaterThanOrEqual(0);
        expect(at - Math.floor(rise / 2)).toBeLessThanOrEqual(2);
        expect(text.filter((cell) => cell !== ' ')).toEqual([sign]);
        const span = spans.find((each) => each.text === sign);
        const roles = { L: 'critical', H: 'critical', c: 'dim' } as Readonly<Record<string, string>>;
        expect(span?.role).toBe(roles[sign] ?? 'warning');
      }
    },
  );

  it('stand at their time in ASCII', () => {
    for (const ago of [59, 30, 12, 0]) {
      const live = chartsOf(risingAt(ago, 'harakiri'), { glyphs: ASCII });
      const lines = plain(screen(live, SIZE)).split('\n');
      expect(lines).toContain(`${' '.repeat(8 + cellOf(ago, 1))}H`);
    }
  });

  it('leave the time labels whole', () => {
    const all = chartsOf(historyOf(Array.from({ length: 60 }, () => marks('lost'))));
    const frame = screen(all, SIZE);
    expect(marksOf(frame).text.join('')).toMatch(/^L[L ]{70}L$/);
    const [chart] = frame.charts;
    const below = frame.lines[(chart?.line ?? 0) + (chart?.rows ?? 0) + 1];
    expect(below ? textOf(below) : '').toMatch(/^ {8}08:16:20 ─+ 08:16:50 ─+ 08:17:20─?$/);
  });

  it('show the most important one of a cell', () => {
    const crowded = (...given: (keyof typeof SIGNS)[]) =>
      marksOf(screen(chartsOf(historyOf([marks(), marks(...given), marks()])), SIZE))
        .text.join('')
        .trim();
    expect(crowded('respawn', 'harakiri')).toBe('H');
    expect(crowded('respawn', 'reset', 'lost')).toBe('L');
    // An hour in 72 cells: a cell has 50 seconds.
    const near = pointsOf([marks(), marks()]);
    const hour = coarse(
      pointsOf([10, 10, 10].map((seconds, at) => ({ seconds, ...marks(at === 1 ? 'harakiri' : 'respawn') }))),
    );
    const far = chartsOf({ ...NO_HISTORY, near, hour }, { chartRange: 'hour' });
    expect(marksOf(screen(far, SIZE)).text.join('').trim()).toMatch(/^r?H$/);
  });

  it('are below every chart, with a legend of the marks on the screen', () => {
    const quiet = Array.from({ length: 20 }, () => marks());
    const shows = (...seconds: ReturnType<typeof marks>[]) =>
      plain(screen(chartsOf(historyOf([...quiet, ...seconds, ...quiet])), { columns: 110, rows: 24 }));
    const some = shows(marks('harakiri'), ...quiet, marks('lost'));
    expect(some).toMatch(/min \(z: an hour\) +(.* )?L lost {2}H harakiri$/m);
    expect(some.match(/^ {8} +H +L$/gm)).toHaveLength(2);
    expect(shows(marks('reset', 'respawn', 'harakiri'))).toMatch(/ R reset {2}H harakiri {2}r respawn$/m);
    expect(shows()).not.toMatch(/L lost|harakiri|respawn$/m);
  });
});
