import type { CoarsePoint } from '../rates/point.ts';
import { series } from '../rates/series.ts';
import * as format from '../text/format.ts';
import type { Scene } from './scene.ts';
import { levels } from './sparkline.ts';
import type { Section } from './view.ts';

/** Cells of a curve, and seconds per cell: six minutes in total. */
const CELLS = 36;
const SECONDS = 10;

type Value = (point: CoarsePoint, place: number) => number | null;

/** Measures that are shown for each worker. */
const FOLLOWED: readonly { name: string; value: Value; text(value: number | null): string }[] = [
  {
    name: 'rps',
    value: ({ workers, seconds }, place) => known((workers.requests[place] ?? Number.NaN) / seconds),
    text: format.rate,
  },
  {
    name: 'response time',
    value: ({ workers }, place) =>
      known((workers.runningTime[place] ?? Number.NaN) / (workers.timedRequests[place] ?? Number.NaN)),
    text: format.responseTime,
  },
  {
    name: 'rss',
    value: ({ workers }, place) => known(workers.memory[place] ?? Number.NaN),
    text: format.size,
  },
];

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/**
 * The last minutes of a worker.
 *
 * @param worker its id, from 1
 */
export function pastSection(
  worker: number,
  { history, view, sample }: Pick<Scene, 'history' | 'view' | 'sample'>,
): Section {
  const end = sample?.time ?? 0;
  return {
    title: 'History',
    hint: '10 seconds per character, then the highest value',
    fields: FOLLOWED.map(({ name, value, text }) => {
      const stretch = { end, seconds: CELLS * SECONDS, parts: CELLS };
      const values = series(history.hour, stretch, (point) => value(point, worker - 1));
      const all = values.filter((each) => each !== null);
      const highest = all.length === 0 ? null : Math.max(...all);
      // Unknown values are blank. The bars enclose the whole time range.
      return { name, value: `|${levels(values, highest ?? 0, view.glyphs)}|  ${text(highest)}` };
    }),
  };
}
