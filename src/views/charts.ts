import { MARKS, type Mark, type Point } from '../rates/point.ts';
import { marksOver, series, type TimeAxis } from '../rates/series.ts';
import { toWidth } from '../text/clean.ts';
import * as format from '../text/format.ts';
import { beside } from './beside.ts';
import { blank } from './blank.ts';
import { flow, type Item } from './flow.ts';
import type { Chart, Line, Role, Size, Span } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import { keyOf } from './help.ts';
import type { Keymap } from './keymap.ts';
import { MEASURES, type Measure, roundUp } from './measures.ts';
import type { ChartRange, Scene } from './scene.ts';

/** Time ranges of the charts, in seconds: the shortest near range that covers the per-second history, or one hour. */
const NEAR = [60, 120, 300, 600];
const NEAR_MOST = 600;
const HOUR = 3600;
/**
 * Tolerance factor: samples arrive slightly late, so that ten minutes of samples span slightly more than 600 seconds.
 */
const SLACK = 0.95;

/** Cells for the axis labels beside a curve. */
const LABELS = 8;
/** Minimum size of each chart, with its title and its time line, if more than one is shown. */
const LEAST: Size = { columns: 60, rows: 7 };
/** Below this size no chart is drawn. */
const TOO_SMALL: Size = { columns: 30, rows: 4 };

/** One letter per mark, shown between the curve and the time line. */
const MARK_SIGNS: Readonly<Record<Mark, { sign: string; role: Role }>> = {
  lost: { sign: 'L', role: 'critical' },
  reset: { sign: 'R', role: 'warning' },
  harakiri: { sign: 'H', role: 'critical' },
  respawn: { sign: 'r', role: 'warning' },
  finding: { sign: '!', role: 'warning' },
  cheaper: { sign: 'c', role: 'dim' },
};

/** Number of charts across and down, and the size of the area that they share. */
export interface Grid {
  across: number;
  down: number;
  /** Size of the whole area without its bottom line. */
  size: Size;
}

/** Fits as many charts as possible, without empty rows in the grid. */
export function gridOf({ columns, rows }: Size): Grid {
  const size = { columns, rows: rows - 1 };
  const across = Math.max(1, Math.min(3, Math.floor(columns / LEAST.columns)));
  const most = Math.max(1, Math.floor(size.rows / LEAST.rows));
  return { across, down: Math.min(most, Math.ceil(MEASURES.length / across)), size };
}

/** Index of the first chart to show for the scroll position `top`, limited so that the grid is filled. */
export function firstChart(top: number, { across, down }: Grid): number {
  return Math.max(0, Math.min(top, MEASURES.length - across * down));
}

/** What charts show. */
export interface Plot {
  /** Points of one second. The last one has the current values. */
  near: readonly Point[];
  /** The points of the curves. */
  points: readonly Point[];
  range: ChartRange;
  /** Unix seconds. */
  end: number;
  glyphs: Glyphs;
  keys: Keymap;
}

/**
 * Draws the charts of a view.
 *
 * @param start line of the screen at which the area begins
 * @param size of the area
 */
export function charts(
  { history, sample, now, view }: Scene,
  start: number,
  size: Size,
): { lines: Line[]; charts: Chart[] } {
  const { near, hour } = history;
  const { chartRange: range, glyphs, keys, top } = view;
  const points = range === 'hour' ? hour : near;
  const plot = { near, points, range, end: sample?.time ?? now, glyphs, keys };
  return drawPlot(plot, { start, top, size, blocks: glyphs.ascii });
}

/** @param top number of the first chart; `null` if the charts do not scroll */
export function drawPlot(
  plot: Plot,
  { start, top, size, blocks }: { start: number; top: number | null; size: Size; blocks: boolean },
): { lines: Line[]; charts: Chart[] } {
  if (size.columns < TOO_SMALL.columns || size.rows < TOO_SMALL.rows)
    return { lines: [note('too small for charts', size.columns, plot.glyphs)], charts: [] };
  const grid = gridOf(size);
  const rows = Math.floor(grid.size.rows / grid.down);
  const shown = MEASURES.slice(firstChart(top ?? 0, grid)).slice(0, grid.across * grid.down);
  const lines: Line[] = [];
  const curves: Chart[] = [];
  for (let first = 0; first < shown.length; first += grid.across) {
    const row = shown.slice(first, first + grid.across);
    const columns = Math.floor((size.columns - (grid.across - 1)) / grid.across);
    const parts = row.map((measure) => chart(plot, measure, { columns, rows }, blocks));
    curves.push(
      ...parts.flatMap(({ curve }, at) =>
        curve ? [{ ...curve, line: start + lines.length + 1, left: at * (columns + 1) + LABELS }] : [],
      ),
    );
    lines.push(
      ...beside(
        parts.map((part) => ({ lines: part.lines, columns })),
        rows,
      ),
    );
  }
  return {
    lines: [...lines, bottomLine(plot, top === null || shown.length === MEASURES.length, size.columns)],
    charts: curves,
  };
}

function secondsOf({ near, range }: Plot): number {
  const [first] = near;
  const last = near.at(-1);
  const known = first && last ? last.time - first.time : 0;
  return range === 'hour' ? HOUR : (NEAR.find((seconds) => seconds >= known * SLACK) ?? NEAR_MOST);
}

type Curve = Pick<Chart, 'rows' | 'columns' | 'points' | 'role'>;

/** Draws the title of a measure, the curve with its axis labels, and the time line. */
function chart(
  plot: Plot,
  measure: Measure,
  { columns, rows }: Size,
  blocks: boolean,
): { lines: Line[]; curve: Curve | null } {
  const { points, glyphs } = plot;
  const latest = plot.near.at(-1);
  const now = measure.text(latest === undefined ? null : measure.value(latest));
  const title = [
    {
      text: toWidth(`${measure.title}: ${now}`, columns, 'left', glyphs.ellipsis),
      role: 'title' as const,
    },
  ];
  const width = columns - LABELS;
  const stretch: TimeAxis = {
    end: plot.end,
    seconds: secondsOf(plot),
    // A cell has two Braille dots side by side.
    parts: blocks ? width : width * 2,
  };
  const values = series(points, stretch, measure.value, measure.isInstant);
  if (values.every((value) => value === null))
    return { lines: unknown(title, measure, { columns, rows }, glyphs), curve: null };
  const highest = roundUp(
    values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0),
    measure,
  );
  const heights = values.map((value) => (value === null ? null : value / highest));
  const marks = marksOver(points, stretch);
  // All charts have the same marks, so their curves have the same height.
  const signs = marks.some((mark) => mark !== null) ? [markLine(marks, width)] : [];
  const height = rows - 2 - signs.length;
  const bars = blocks ? blockLines(heights, height, glyphs) : null;
  const rowsOfPlot = Array.from({ length: height }, (_, row): Line => {
    const label = row === 0 ? measure.text(highest, LABELS - 1) : row === height - 1 ? '0' : '';
    return {
      spans: [
        { text: `${toWidth(label, LABELS - 1, 'right')} `, role: 'dim' },
        bars ? { text: bars[row] ?? '', role: 'curve' } : blank(width),
      ],
    };
  });
  return {
    lines: [{ spans: title }, ...rowsOfPlot, ...signs, timeLine(stretch, width, glyphs.line)],
    curve: bars ? null : { rows: height, columns: width, points: heights, role: 'curve' },
  };
}

/** Bars of blocks, one column per value. Only Unicode has blocks that fill a part of a cell. */
function blockLines(heights: readonly (number | null)[], rows: number, { ascii, levels }: Glyphs): string[] {
  const steps = ascii ? [levels.at(-1) ?? '#'] : [...levels];
  return Array.from({ length: rows }, (_, row) =>
    heights
      .map((height) => {
        // Half a step is not shown.
        const filled = Math.ceil(((height ?? 0) * rows - (rows - 1 - row)) * steps.length - 0.5);
        return filled <= 0 ? ' ' : (steps[Math.min(filled, steps.length) - 1] ?? ' ');
      })
      .join(''),
  );
}

function unknown(title: Span[], { unknown }: Measure, { columns, rows }: Size, { ellipsis }: Glyphs): Line[] {
  const empty: Line = { spans: [blank(columns)] };
  const why: Line = {
    spans: [{ text: toWidth(`  not known: ${unknown}`, columns, 'left', ellipsis), role: 'dim' }],
  };
  return [{ spans: title }, why, ...Array.from({ length: rows - 2 }, () => empty)];
}

/**
 * The marks, each below the part of the curve at its time. They have a line of their own, because a time label would
 * hide them. A cell shows its most important mark.
 *
 * @param marks one or two parts per cell, as in the curve
 */
function markLine(marks: readonly (Mark | null)[], width: number): Line {
  const perCell = marks.length / width;
  const spans: Span[] = [blank(LABELS)];
  for (let cell = 0; cell < width; cell += 1) {
    const there = marks.slice(cell * perCell, (cell + 1) * perCell);
    const mark = MARKS.find((each) => there.includes(each));
    const { sign, role } = mark ? MARK_SIGNS[mark] : { sign: ' ', role: 'plain' as const };
    const last = spans.at(-1);
    if (last?.role === role) spans[spans.length - 1] = { text: last.text + sign, role };
    else spans.push({ text: sign, role });
  }
  return { spans };
}

/** Start, middle and end of the time range. */
function timeLine({ end, seconds }: TimeAxis, width: number, line: string): Line {
  const times = [end - seconds, end - seconds / 2, end].map(format.timeOfDay);
  const cells = [...line.repeat(width)];
  const write = (text: string, at: number) => {
    for (const [index, character] of [...text].entries()) cells[at + index] = character;
  };
  const [from = '', middle = '', to = ''] = times;
  write(`${from} `, 0);
  if (width >= 3 * (to.length + 3)) write(` ${middle} `, Math.round((width - middle.length) / 2) - 1);
  write(` ${to}`, width - to.length - 1);
  return {
    spans: [blank(LABELS), { text: cells.slice(0, width).join(''), role: 'dim' }],
  };
}

/** The time range, the keys of the charts, and a legend of the marks in the shown range. */
function bottomLine(plot: Plot, isAll: boolean, columns: number): Line {
  const { points, range, end, glyphs, keys } = plot;
  const seconds = secondsOf(plot);
  const inSight = points.filter(({ time }) => time > end - seconds);
  const seen = MARKS.filter((mark) => inSight.some(({ marks }) => marks.includes(mark)));
  const items: Item[] = [
    {
      text: ` the last ${seconds / 60} min (${keyOf(keys, 'stretch')}: ${range === 'hour' ? 'less' : 'an hour'})`,
      importance: 2,
    },
    ...(isAll ? [] : [{ text: `${keyOf(keys, 'up')} ${keyOf(keys, 'down')}: more`, importance: 3 }]),
    ...seen.map((mark) => ({
      text: `${MARK_SIGNS[mark].sign} ${mark}`,
      role: MARK_SIGNS[mark].role,
      importance: 1,
    })),
  ];
  return flow(
    items.map((item) => ({ role: 'dim' as const, ...item })),
    columns,
    glyphs.ellipsis,
  );
}

function note(text: string, columns: number, { ellipsis }: Glyphs): Line {
  return { spans: [{ text: toWidth(text, columns, 'left', ellipsis), role: 'dim' }] };
}
