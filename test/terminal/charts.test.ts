import { describe, expect, it } from 'vitest';
import type { History } from '../../src/rates/history.ts';
import type { Point } from '../../src/rates/point.ts';
import { terminalType } from '../../src/terminal/blessed/terminfo.ts';
import { attributeOf, colorOf } from '../../src/terminal/blessed/theme.ts';
import type { Chart, Frame, Size } from '../../src/views/frame.ts';
import { ASCII } from '../../src/views/glyphs.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { serve } from '../demo/wire.ts';
import { historyOf, ratesOf } from '../views/histories.ts';
import { LOOKED_AT, makeScene, secondSample, textOf } from '../views/samples.ts';
import type { Emulator } from './emulator.ts';
import { COLOURFUL, canvas, fresh } from './painting.ts';
import { watch } from './session.ts';

const SIZE = { columns: 80, rows: 24 };

const chartsOf = (history: History, size: Size = SIZE, given: Partial<Omit<Scene, 'view'>> = {}) =>
  screen(makeScene(secondSample('threads'), { ...given, history, view: { tab: 'charts' } }), size);

/** The charts of a server after this many readings. */
const chartsAfter = (readings: number, size?: Size, given?: Partial<Omit<Scene, 'view'>>) =>
  chartsOf(ratesOf(Array.from({ length: readings }, (_, at) => 50 + 40 * Math.sin(at / 5))), size, given);

const TABLE = screen(makeScene(secondSample('threads')), SIZE);
const LOST = { state: 'lost', since: LOOKED_AT, why: '', advice: '', retryAt: LOOKED_AT } as const;

/** Part of a curve, drawn with braille dots. */
const DOTS = /[\u2801-\u28ff]/g;

/** Number of cells that contain braille dots. */
const dots = (lines: readonly string[]) => lines.join('').match(DOTS)?.length ?? 0;

/** The cells in the area of a chart, line by line. */
function cellsOf(emulator: Emulator, { line, left, rows, columns }: Chart): string[][] {
  return emulator
    .lines()
    .slice(line, line + rows)
    .map((text) => [...text.padEnd(left + columns)].slice(left, left + columns));
}

/** The lowest and the highest dot of each column of dots, 0 (bottom) to 1; `null` where there is no dot. */
function heightsOf(emulator: Emulator, chart: Chart): ({ low: number; high: number } | null)[] {
  const shown = cellsOf(emulator, chart);
  const lowest = 4 * chart.rows - 1;
  return Array.from({ length: 2 * chart.columns }, (_, x) => {
    const found = Array.from({ length: 4 * chart.rows }, (_, y) => y).filter((y) => {
      const bits = (shown[y >> 2]?.[x >> 1]?.codePointAt(0) ?? 0) - 0x2800;
      return bits > 0 && (bits & (BITS[x % 2]?.[y % 4] ?? 0)) !== 0;
    });
    const [highest] = found;
    return highest === undefined
      ? null
      : { high: 1 - highest / lowest, low: 1 - (found.at(-1) ?? highest) / lowest };
  });
}

/** The bits of the dots of a cell, in its left and right column, from the top (Unicode, Braille Patterns). */
const BITS = [
  [0x1, 0x2, 0x4, 0x40],
  [0x8, 0x10, 0x20, 0x80],
];

async function drawn(frame: Frame, size: Size = SIZE): Promise<Emulator> {
  const { emulator, terminal } = canvas(size);
  terminal.draw(frame);
  await emulator.settled();
  return emulator;
}

describe('the charts on a terminal', () => {
  it('are drawn as curves in their areas and change nothing outside them', async () => {
    for (const size of [SIZE, { columns: 120, rows: 40 }, { columns: 200, rows: 60 }]) {
      const frame = chartsAfter(60, size);
      const emulator = await drawn(frame, size);
      const lines = emulator.lines();
      for (const chart of frame.charts) expect(dots(cellsOf(emulator, chart).flat())).toBeGreaterThan(25);
      expect(dots(lines)).toBe(
        frame.charts.reduce((sum, chart) => sum + dots(cellsOf(emulator, chart).flat()), 0),
      );
      expect(lines.map((line) => line.replace(DOTS, ' ').trimEnd())).toEqual(
        frame.lines.map((line) => textOf(line).trimEnd()),
      );
    }
  });

  it('draw each value at its height, from the bottom to the top', async () => {
    // 5 is the maximum of the scale.
    for (const [rate, height] of [
      [5, 1],
      [2.5, 0.5],
      [0, 0],
    ] as const) {
      const frame = chartsOf(ratesOf([...Array(30).fill(5), ...Array(30).fill(rate)]));
      const [chart] = frame.charts;
      if (!chart) throw new Error('no chart');
      const heights = heightsOf(await drawn(frame), chart);
      // Half the distance between two dots.
      const near = 0.5 / (4 * chart.rows - 1) + 1e-6;
      for (const found of heights.slice(10, 60)) expect(found).toEqual({ high: 1, low: 1 });
      for (const found of heights.slice(90, 140)) {
        expect(Math.abs((found?.high ?? Number.NaN) - height)).toBeLessThanOrEqual(near);
        expect(Math.abs((found?.low ?? Number.NaN) - height)).toBeLessThanOrEqual(near);
      }
    }
  });

  it('join consecutive values and leave a gap where a value is unknown', async () => {
    const quarter = (value: number | null) => Array<number | null>(15).fill(value);
    const frame = chartsOf(ratesOf([...quarter(5), ...quarter(0), ...quarter(null), ...quarter(5)]));
    const [chart] = frame.charts;
    if (!chart) throw new Error('no chart');
    const heights = heightsOf(await drawn(frame), chart);
    // The line falls from the top to the bottom without a gap.
    const fall = heights.slice(30, 42);
    expect(Math.max(...fall.map((found) => found?.high ?? Number.NaN))).toBe(1);
    expect(Math.min(...fall.map((found) => found?.low ?? Number.NaN))).toBe(0);
    for (const [x, found] of fall.entries())
      expect((fall[x - 1]?.low ?? 1) - (found?.high ?? Number.NaN)).toBeLessThanOrEqual(
        1 / (4 * chart.rows - 1) + 1e-6,
      );
    expect(heights.slice(75, 105)).toEqual(Array(30).fill(null));
    expect(heights.slice(112, 140)).toEqual(Array(28).fill({ high: 1, low: 1 }));
  });

  it('draw a dot for a single value', async () => {
    const given = Array.from({ length: 600 }, (_, at): Partial<Point> => ({ queue: at === 300 ? 50 : null }));
    const size = { columns: 200, rows: 60 };
    const frame = chartsOf(historyOf(given), size);
    const chart = frame.charts.find(({ points }) => points.filter((height) => height !== null).length < 3);
    if (!chart) throw new Error('no chart');
    const found = heightsOf(await drawn(frame, size), chart).filter((height) => height !== null);
    expect(found.length).toBeGreaterThan(0);
  });

  it('leave no dots behind when the table is shown, and can be shown again', async () => {
    const { emulator, terminal } = canvas(SIZE);
    for (let turn = 0; turn < 3; turn += 1) {
      for (let readings = 2; readings < 6; readings += 1) terminal.draw(chartsAfter(readings + turn));
      await emulator.settled();
      expect(dots(emulator.lines())).toBeGreaterThan(0);
      expect(emulator.picture()).toEqual(await fresh(chartsAfter(5 + turn), SIZE));
      terminal.draw(TABLE);
      await emulator.settled();
      expect(emulator.picture()).toEqual(await fresh(TABLE, SIZE));
      expect(dots(emulator.lines())).toBe(0);
    }
  });

  it('leave no dots behind when only the charts are removed', async () => {
    const { emulator, terminal } = canvas(SIZE);
    const frame = chartsAfter(60);
    const without = { ...frame, charts: [] };
    for (const each of [frame, without, frame, { ...frame, charts: frame.charts.slice(1) }, without]) {
      terminal.draw(each);
      await emulator.settled();
      expect(emulator.picture()).toEqual(await fresh(each, SIZE));
    }
  });

  it('leave no dots of earlier charts behind', async () => {
    const { emulator, terminal } = canvas(SIZE);
    const frames = [
      chartsAfter(60),
      chartsOf(ratesOf([...Array(59).fill(null), 3])),
      chartsAfter(600),
      chartsOf(historyOf(Array(60).fill({ requests: 1, runningTime: null }))),
      chartsOf(historyOf(Array(60).fill({ requests: null, queue: 3 }))),
      chartsAfter(61),
    ];
    for (const frame of [...frames, ...frames.reverse()]) {
      terminal.draw(frame);
      await emulator.settled();
      expect(emulator.picture()).toEqual(await fresh(frame, SIZE));
    }
  });

  it('follow the size of the terminal down to the smallest', async () => {
    const { emulator, terminal } = canvas(SIZE);
    terminal.draw(chartsAfter(30));
    for (const [columns, rows] of [
      [120, 40],
      [40, 12],
      [20, 5],
      [21, 7],
      [200, 50],
      [33, 9],
      [80, 24],
    ] as const) {
      const size = { columns, rows };
      emulator.resize(columns, rows);
      terminal.reset();
      terminal.draw(chartsAfter(30, size));
      await emulator.settled();
      expect(emulator.picture()).toEqual(await fresh(chartsAfter(30, size), size));
      expect(emulator.lines().at(-1)).toMatch(/^ q Quit/);
    }
  });

  it('use colours only if the terminal type allows them', async () => {
    const env = { TERM: 'xterm-256color', LANG: 'C.UTF-8' };
    for (const [type, colours] of [
      [COLOURFUL, true],
      [terminalType({ ...env, NO_COLOR: '1' }), false],
      [terminalType({ ...env, TERM: 'vt100' }), false],
    ] as const) {
      const { emulator, terminal, close } = canvas(SIZE, type);
      terminal.draw(chartsAfter(30));
      await emulator.settled();
      expect(dots(emulator.lines())).toBeGreaterThan(0);
      expect(emulator.colors().length > 0).toBe(colours);
      close();
    }
  });

  it('are drawn as stale while the connection is lost', async () => {
    const { emulator, terminal } = canvas(SIZE);
    /** Colours of the cells that have dots; -1 is the default colour of the terminal. */
    const colours = () =>
      [
        ...new Set(
          emulator
            .picture()
            .join('|')
            .split('|')
            .filter((cell) => dots([cell]) > 0)
            .map((cell) => Number(/f(\d+)/.exec(cell)?.[1] ?? -1)),
        ),
      ].sort();
    const seen: number[][] = [];
    for (const given of [{}, { connection: LOST }, {}]) {
      terminal.draw(chartsAfter(30, SIZE, given));
      await emulator.settled();
      seen.push(colours());
    }
    const [calm, old] = [false, true].map((stale) =>
      colorOf(attributeOf(COLOURFUL.colors)('curve', { stale })),
    );
    expect(calm).not.toBe(old);
    expect(seen).toEqual([[calm], [old], [calm]]);
  });

  it('use ASCII characters only if the glyphs are ASCII', async () => {
    const view = { tab: 'charts', glyphs: ASCII };
    const scene = makeScene(secondSample('threads'), { history: ratesOf(Array(60).fill(5)), view });
    const { emulator, terminal } = canvas(SIZE, COLOURFUL, true);
    terminal.draw(screen(scene, SIZE));
    await emulator.settled();
    expect(emulator.text()).toMatch(/^[\x20-\x7e\n]*$/);
    expect(emulator.text()).toContain('####');
  });
});

it('the charts mark a lost connection at once, not only with the next document', async () => {
  const server = await serve({ workers: 2, cores: 1, rate: 50 });
  const terminal = watch(server.address, { view: { interval: 0.2, tab: 'charts' } });
  await terminal.untilText(/[\u2801-\u28ff]/);
  await server.close();
  await terminal.untilText('no data for');
  await terminal.untilText('L lost');
});
