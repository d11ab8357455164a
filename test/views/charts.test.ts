import { describe, expect, it } from 'vitest';
import { NO_HISTORY } from '../../src/rates/history.ts';
import type { Point } from '../../src/rates/point.ts';
import type { Frame } from '../../src/views/frame.ts';
import { ASCII } from '../../src/views/glyphs.ts';
import { MEASURES } from '../../src/views/measures.ts';
import { screen } from '../../src/views/screen.ts';
import { HELP_OPENED } from '../../src/views/updates/help.ts';
import { around, busyFor, chartsOf, LARGE, SIZE } from './charting.ts';
import { historyOf, ratesOf, UNKNOWN } from './histories.ts';
import { LOOKED_AT, makeScene, plain, secondSample } from './samples.ts';

describe('the charts', () => {
  it('show all measures, each with its latest value', () => {
    const frame = screen(
      chartsOf(
        historyOf([
          { requests: 9 },
          {
            seconds: 2,
            requests: 8,
            runningTime: 0.16,
            busy: 0.25,
            queue: 3,
            tx: 4096,
            exceptions: 4,
            memory: 3 * 1024 ** 2,
          },
        ]),
      ),
      LARGE,
    );
    expect(frame.charts.map((chart) => around(frame, chart).title)).toEqual([
      'requests per second: 4.0',
      'response time: 20.0ms',
      'busy cores: 25%',
      'listen queue: 3',
      'sent per second: 2.0K',
      'exceptions per second: 2.0',
      'memory (RSS of the workers): 3.0M',
    ]);
  });

  it('show an unknown latest value as a dash', () => {
    // For example after a reset: there is no current rate.
    const text = plain(screen(chartsOf(ratesOf([1, 2, null])), SIZE));
    expect(text).toContain('requests per second: -');
  });

  it('explain why values are unknown, without a curve', () => {
    for (const history of [NO_HISTORY, historyOf([UNKNOWN, UNKNOWN])]) {
      const frame = screen(chartsOf(history), LARGE);
      expect(frame.charts).toEqual([]);
      for (const { title, unknown } of MEASURES) {
        expect(plain(frame)).toContain(`${title}: -`);
        expect(plain(frame)).toContain(`not known: ${unknown}`);
      }
    }
  });

  it('show the other measures if one is unknown', () => {
    const all = screen(chartsOf(busyFor(60)), LARGE);
    for (const [left, { title, name, unknown }] of MEASURES.entries()) {
      const without: Partial<Record<string, Partial<Point>>> = {
        rps: { requests: null, timedRequests: null },
        responseTime: { runningTime: null },
      };
      const history = historyOf(
        busyFor(60).near.map((point) => ({ ...point, ...(without[name] ?? { [name]: null }) })),
      );
      const frame = screen(chartsOf(history), LARGE);
      // Without requests, there is no response time either.
      const gone = name === 'rps' ? [left, left + 1] : [left];
      expect(frame.charts).toEqual(all.charts.filter((_, at) => !gone.includes(at)));
      expect(plain(frame)).toContain(`${title}: -`);
      expect(plain(frame).split(`not known: ${unknown}`)).toHaveLength(2);
    }
  });

  it('are for app servers only, and are hidden by the help', () => {
    const emperor = makeScene(secondSample('emperor'), { view: { tab: 'charts' } });
    expect(plain(screen(emperor, SIZE))).toContain('VASSAL');
    const help = screen(chartsOf(ratesOf([1, 2, 3]), { help: HELP_OPENED }), SIZE);
    expect(help.charts).toEqual([]);
    expect(plain(help)).toContain('Esc Close');
  });

  it('are dimmed with their curves if the connection is lost', () => {
    const lost = { state: 'lost', since: LOOKED_AT, why: '', advice: '', retryAt: LOOKED_AT } as const;
    const body = ({ lines }: Frame) => lines.slice(6, -1).filter(({ spans }) => spans.length > 0);
    const old = screen(chartsOf(busyFor(60), {}, { connection: lost }), SIZE);
    expect(old.charts.map(({ stale }) => stale)).toEqual([true, true]);
    expect(new Set(body(old).map(({ stale }) => stale))).toEqual(new Set([true]));
    const frame = screen(chartsOf(busyFor(60)), SIZE);
    expect([...frame.charts, ...body(frame)].filter(({ stale }) => stale)).toEqual([]);
  });
});

describe('charts with ASCII glyphs', () => {
  it('are bars: the maximum has the full height, and zero is empty', () => {
    // Each second has at least one column.
    const rates = Array.from({ length: 60 }, (_, at) => [0, 1.25, 2.5, 5][Math.floor(at / 15)] ?? 0);
    const text = plain(screen(chartsOf(ratesOf(rates), { glyphs: ASCII }), SIZE));
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    const lines = text.split('\n');
    const title = lines.findIndex((line) => line.startsWith('requests per second'));
    const bars = lines.slice(title + 1, lines.findIndex((line) => line.startsWith('response time')) - 1);
    expect(bars.map((line) => line.slice(0, 8).trim())).toEqual(['5.0', ...Array(4).fill(''), '0']);
    // A column in the middle of each of the four stretches.
    const heights = [9, 27, 45, 63].map((x) => bars.filter((line) => line[8 + x] === '#').length);
    // Half a line is rounded down.
    const height = (share: number) => Math.ceil(bars.length * share - 0.5);
    expect(heights).toEqual([0, height(1 / 4), height(1 / 2), bars.length]);
  });

  it('have the place and the labels of the curves', () => {
    const without = (frame: Frame) => plain(frame).replaceAll(/[─#▁-█-]|_|[.:=+*](?=\S*$)/g, ' ');
    for (const size of [SIZE, LARGE]) {
      const [bars, curves] = [{ glyphs: ASCII }, {}].map((view) => screen(chartsOf(busyFor(60), view), size));
      expect(bars?.charts).toEqual([]);
      const body = (frame: Frame | undefined) =>
        frame
          ? without({ ...frame, lines: frame.lines.slice(6, -1) })
              .split('\n')
              .map((line) => line.trimEnd())
          : [];
      expect(body(bars)).toEqual(body(curves));
    }
  });
});
