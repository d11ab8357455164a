import { type FleetSample, isCurrent, type Member } from '../monitor/observation.ts';
import { processorsOf } from '../rates/processors.ts';
import type { AppSample } from '../rates/sample.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import { type Align, clean, toWidth, width } from '../text/clean.ts';
import * as format from '../text/format.ts';
import { plural } from '../text/words.ts';
import { conditionOf } from './check.ts';
import type { Exporter } from './exporter.ts';
import { numberOf } from './performance.ts';
import type { StreamOptions } from './streamed.ts';

export interface LineOptions extends StreamOptions {
  /** Cells of the column SERVER; `null` for one server, without that column. Default: as wide as the longest name. */
  serverWidth?: number | null | undefined;
  /** Width of a line in cells. `null`: no limit, for a pipe or a file. */
  width: number | null;
  /** Replaces the end of a line that is too wide. */
  ellipsis?: string | undefined;
}

interface Column {
  title: string;
  /** In cells. A longer value moves the rest of its line. */
  width: number;
  text(sample: AppSample): string;
}

/** The columns of an app server. Numbers of events are those of the interval. */
const COLUMNS: readonly Column[] = [
  { title: 'RPS', width: 7, text: ({ totals }) => format.rate(totals.rps) },
  { title: 'RESP', width: 7, text: ({ totals }) => format.responseTime(totals.responseTime, 7) },
  { title: 'BUSY', width: 6, text: ({ totals }) => format.outOf(totals.busy, totals.workers) },
  { title: 'CORES', width: 7, text: ({ totals }) => format.outOf(totals.coresBusy, totals.cores) },
  { title: 'QUEUE', width: 7, text: ({ totals }) => format.outOf(totals.queue, totals.maxQueue) },
  { title: 'EXC', width: 4, text: ({ totals }) => format.count(totals.exceptionsDelta, 4) },
  { title: 'HC', width: 3, text: ({ totals }) => format.count(totals.harakirisDelta, 3) },
  { title: 'RSP', width: 3, text: ({ totals }) => format.count(totals.respawnsDelta, 3) },
  { title: 'TX/s', width: 6, text: ({ totals }) => format.size(totals.txRate) },
  { title: 'RSS', width: 6, text: (sample) => format.size(numberOf(sample, 'rss')) },
  { title: 'CPU', width: 5, text: (sample) => format.wholePercent(processorsOf(sample), 5) },
];

const TIME_WIDTH = '08:16:50'.length;

/** Maximum width of the column SERVER in cells. */
const MOST_SERVER = 24;

/** The width of the column SERVER for these names in cells. */
export function serverWidthOf(names: readonly string[], { mask }: StreamOptions): number {
  const widths = names.map((name) => width(shownName(name, { mask })));
  return Math.min(MOST_SERVER, Math.max('SERVER'.length, ...widths));
}

function shownName(name: string, { mask }: StreamOptions): string {
  return clean(boundedMask(mask, CELL_CHARACTERS).text(name));
}

/** The heading of the columns, as a line. */
export function lineHeading(options: LineOptions): string {
  const { serverWidth = 'SERVER'.length } = options;
  return line(
    'TIME',
    'SERVER',
    serverWidth,
    cells(({ title }) => title),
    options,
  );
}

/** One line for each server. A server without workers, or without a document, has its state instead of numbers. */
export const LINE: Exporter<LineOptions, FleetSample> = {
  name: '--line',
  of: 'fleet',
  write({ sample: { members, time } }, options) {
    const names = members.map(({ name }) => name);
    const { serverWidth = serverWidthOf(names, options) } = options;
    return members
      .map((member, at) =>
        line(
          format.timeOfDay(isCurrent(member.observation) ? member.observation.sample.time : time),
          shownName(names[at] ?? '', options),
          serverWidth,
          stateOf(member, options) + missing(options),
          options,
        ),
      )
      .join('');
  },
};

function stateOf({ observation }: Member, { mask }: LineOptions): string {
  if (!isCurrent(observation)) {
    const { connection } = observation;
    const why = 'why' in connection ? `: ${boundedMask(mask, CELL_CHARACTERS).text(connection.why)}` : '';
    return clean(`${connection.state}${why}`);
  }
  const { sample } = observation;
  return sample.kind === 'app' && sample.workers.length > 0
    ? cells(({ text }) => text(sample))
    : clean(conditionOf(observation, mask));
}

function missing({ missed = 0 }: StreamOptions): string {
  return missed === 0 ? '' : `  (${plural(missed, 'reading')} missed)`;
}

function cells(textOf: (column: Column) => string): string {
  return COLUMNS.map((column) => cell(textOf(column), column.width, 'right')).join(' ');
}

/** A longer text keeps its length. */
function cell(text: string, columns: number, align: Align): string {
  return width(text) > columns ? text : toWidth(text, columns, align);
}

function line(
  time: string,
  name: string,
  serverWidth: number | null,
  rest: string,
  { width: limit, ellipsis }: LineOptions,
): string {
  const fitted = (columns: number) =>
    limit === null ? cell(name, columns, 'left') : toWidth(name, columns, 'left', ellipsis);
  const server = serverWidth === null ? '' : ` ${fitted(serverWidth)}`;
  const whole = `${toWidth(time, TIME_WIDTH, 'left')}${server} ${rest}`;
  const shown = limit !== null && width(whole) > limit ? toWidth(whole, limit, 'left', ellipsis) : whole;
  return `${shown.trimEnd()}\n`;
}
