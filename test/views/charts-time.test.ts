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
  const SIGNS = { lost: 'L', reset: 'R', harakiri: 'H', respawn: 'r' } as const;

  it('are below the time of their event', () => {
    for (const [mark, sign] of Object.entries(SIGNS)) {
      for (const ago of [12, 20, 39, 45]) {
        for (const view of [{}, { glyphs: ASCII }]) {
          const given = Array.from({ length: 60 }, (_, at) => ({
            requests: at >= 60 - ago ? 10 : 1,
            marks: at === 60 - ago - 1 ? [mark as keyof typeof SIGNS] : [],
          }));
          const scene = chartsOf(historyOf(given), view);
          const frame = screen(scene, SIZE);
          const [curve] = screen(chartsOf(scene.history), SIZE).charts;
          const below = frame.lines[(curve?.line ?? 0) + (curve?.rows ?? 0)];
          const found = cells(below ? textOf(below) : '').indexOf(sign) - (curve?.left ?? 0);
          // The curve rises at the event.
          const rise = curve?.points.findIndex((height) => (height ?? 0) > 0.2) ?? Number.NaN;
          expect(Math.abs(found - Math.floor(rise / 2))).toBeLessThanOrEqual(1);
          // 72 columns are 60 seconds; the last column is incomplete.
          expect(Math.abs(found + 1 - ((60 - ago) * 72) / 60)).toBeLessThanOrEqual(1);
          const span = below?.spans.find(({ text }) => text === sign);
          expect(span?.role).toBe(sign === 'L' || sign === 'H' ? 'critical' : 'warning');
        }
      }
    }
  });

  it('are below every chart, with a legend of the marks on the screen', () => {
    const marks = (...marks: (keyof typeof SIGNS)[]) => ({ requests: 1, runningTime: 1, marks });
    const quiet = Array.from({ length: 20 }, () => marks());
    const shows = (...seconds: ReturnType<typeof marks>[]) =>
      plain(screen(chartsOf(historyOf([...quiet, ...seconds, ...quiet])), { columns: 110, rows: 24 }));
    const some = shows(marks('harakiri'), ...quiet, marks('lost'));
    expect(some).toMatch(/min \(z: an hour\) +(.* )?L lost {2}H harakiri$/m);
    expect(some.match(/^ {8}.*─H─.*L─/gm)).toHaveLength(2);
    expect(shows(marks('reset', 'respawn', 'harakiri'))).toMatch(/ R reset {2}H harakiri {2}r respawn$/m);
    expect(shows()).not.toMatch(/L lost|harakiri|respawn$/m);
  });

  it('keep clear of the time labels', () => {
    const given = Array.from({ length: 60 }, (_, at) => ({
      requests: 1,
      marks: at === 59 ? ['lost' as const] : [],
    }));
    expect(line(screen(chartsOf(historyOf(given)), SIZE))).toMatch(/^08:16:20 ─.*─L 08:17:20─?$/);
  });
});
