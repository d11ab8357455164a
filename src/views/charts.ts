import type { History, Point } from '../rates/history.ts';
import * as format from './format.ts';
import type { Chart, Line } from './frame.ts';
import type { Live } from './live.ts';

/** What is drawn over time, one above the other. */
const CHARTS: readonly { title: string; value(point: Point): number | null; text(value: number): string }[] =
  [
    { title: 'requests per second', value: ({ rps }) => rps, text: (rps) => format.rate(rps) },
    {
      title: 'response time (ms)',
      value: ({ responseTime }) => (responseTime === null ? null : responseTime * 1000),
      text: (ms) => ms.toFixed(1),
    },
  ];

const TOO_LOW = 'too low for charts';
const WAITING = 'the chart begins with the second reading: a rate takes two';

/** A curve needs room for its axes; with less there are bars, and with less than this nothing. */
const CURVE = { columns: 40, rows: 6 };
const BARS = { rows: 2 };

/** The charts in lines `start` to `start + rows`; intervals without a rate are left out. */
export function charts({ history, view }: Live, start: number, columns: number, rows: number) {
  const each = Math.floor(rows / CHARTS.length);
  if (each < BARS.rows) return { lines: [note(TOO_LOW, columns)], charts: [] };
  const drawn = CHARTS.map(({ title, value, text }, index): Chart => {
    const points = known(history, value).slice(-columns);
    const last = history.at(-1);
    const latest = last === undefined ? null : value(last);
    const now = latest === null ? format.UNKNOWN : text(latest);
    return { title: `${title}: ${now}`, line: start + index * each, rows: each, points };
  });
  if (drawn.every(({ points }) => points.length < 2)) {
    return { lines: [note(WAITING, columns)], charts: [] };
  }
  return view.glyphs.ascii || each < CURVE.rows || columns < CURVE.columns
    ? { lines: drawn.flatMap((chart) => bars(chart, columns)), charts: [] }
    : { lines: drawn.flatMap((chart) => titleLines(chart, columns)), charts: drawn };
}

function note(text: string, columns: number): Line {
  return { spans: [{ text: text.slice(0, columns), role: 'dim' }] };
}

function known(history: History, value: (point: Point) => number | null): Chart['points'] {
  return history.flatMap((point) => {
    const y = value(point);
    return y === null ? [] : [{ label: format.timeOfDay(point.time), value: y }];
  });
}

/** The title, and room for the curve. */
function titleLines({ title, rows }: Chart, columns: number): Line[] {
  return [
    { spans: [{ text: title.slice(0, columns), role: 'title' }] },
    ...Array.from({ length: rows - 1 }, (): Line => ({ spans: [] })),
  ];
}

/** A chart of ASCII characters: a column a reading, under its title. */
function bars({ title, rows, points }: Chart, columns: number): Line[] {
  const height = Math.max(1, rows - 1);
  const highest = Math.max(...points.map(({ value }) => value), Number.MIN_VALUE);
  const shown = points.slice(-columns);
  const lines = Array.from({ length: height }, (_, row): Line => {
    const level = height - row - 0.5;
    const text = shown.map(({ value }) => ((value / highest) * height > level ? '#' : ' ')).join('');
    return { spans: [{ text, role: 'busy' }] };
  });
  return [{ spans: [{ text: title.slice(0, columns), role: 'title' }] }, ...lines];
}
