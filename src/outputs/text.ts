import type { Event, EventKind } from '../monitor/event.ts';
import { responseTimeOf } from '../monitor/figures.ts';
import type { FleetSample, Observed, Subject } from '../monitor/observation.ts';
import { wrongs } from '../rates/finding.ts';
import type { Sample } from '../rates/sample.ts';
import { isReloading, RELOADING, WORKER_STATES } from '../rates/state.ts';
import { withoutWorkers } from '../rates/workerless.ts';
import { clean, toWidth, width } from '../text/clean.ts';
import * as format from '../text/format.ts';
import type { Mask } from '../text/secrets.ts';
import { plural } from '../text/words.ts';
import { type CellContext, type Column, fitted } from '../views/column.ts';
import { connectionCounts } from '../views/connections.ts';
import { pastNote } from '../views/saved.ts';
import type { ViewState } from '../views/scene.ts';
import { place, type Table } from '../views/table.ts';
import { eventText } from '../views/tables/events.ts';
import { stateCounts } from '../views/tables/vassal-columns.ts';
import { sortOf, type View } from '../views/view.ts';
import { cellContext, tableOf, VIEWS } from '../views/views.ts';
import type { Exporter } from './exporter.ts';

export type TextOptions = Pick<
  ViewState,
  'cores' | 'sort' | 'columns' | 'filter' | 'mask' | 'thresholds' | 'glyphs' | 'tab'
> & {
  /** Period of the paths; the whole time if it is absent. */
  period?: ViewState['period'];
  /** Width of a line in cells. `null`: no limit, for a pipe or a file. */
  width: number | null;
  /** Whether to add the line of totals, headings and findings to the rows. Default: true. */
  header?: boolean | undefined;
  /** Whether it is from a recording. The first line then has the time, and only events since the reading before follow. */
  recorded?: boolean;
};

/**
 * Returns an observation as plain text: a line of totals, a heading, one line per row with the columns of the screen,
 * and one line per finding and per event. The table of the servers of a fleet ends with a row of their totals. It has no colours, box
 * characters or trailing blanks, so that it is suitable for grep, sort and mail.
 */
export function sampleText(observed: Observed<Subject>, options: TextOptions): string {
  const { sample } = observed;
  const at = cellContext(sample, options);
  const tables = shownViews(observed, options).flatMap((view) =>
    tableLines(tableOf(view, observed, options), sortOf(view, options).column, at, options),
  );
  const { header = true } = options;
  const lines = header
    ? [
        clean(at.mask.text(summary(sample, options))),
        ...tables,
        ...measuredLines(observed, options),
        ...findingLines(observed, at, options),
        ...eventLines(observed, at, options),
      ]
    : tables;
  // Without rows the output is empty, without a newline, because scripts count lines.
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

export const TEXT: Exporter<TextOptions> = { name: '--once', of: 'server', write: sampleText };

export const FLEET_TEXT: Exporter<TextOptions, FleetSample> = {
  name: '--once of several servers',
  of: 'fleet',
  write: sampleText,
};

const FINDINGS = 'findings';
const EVENTS = 'events';

/** Returns the chosen view, or the first one. For an emperor, adds the blacklist if headings separate the tables. */
function shownViews(observed: Observed<Subject>, { tab, header = true }: TextOptions): readonly View[] {
  const [main, ...others] = VIEWS[observed.sample.kind];
  const chosen = others.find(({ name }) => name === tab);
  if (chosen) return [chosen];
  if (observed.sample.kind !== 'emperor' || !header) return [main];
  return [
    main,
    ...others.filter((view) => view.name !== FINDINGS && view.name !== EVENTS && view.has(observed)),
  ];
}

/** How the rows were measured, for each view that has this text. */
function measuredLines(observed: Observed<Subject>, options: TextOptions): string[] {
  return shownViews(observed, options).flatMap((view) => {
    const { period, text } = view.measured?.(observed, options) ?? {};
    return text === undefined ? [] : `${period}: ${text}`;
  });
}

/**
 * Lines such as `critical: request running for 1m30s`, the worst first, no hints. Empty if the table has the findings.
 */
function findingLines(
  { findings }: Observed<Subject>,
  { mask }: CellContext,
  options: TextOptions,
): string[] {
  if (options.tab === FINDINGS) return [];
  return wrongs(findings).map(({ severity, server, text }) => lineOf(severity, server, text, mask, options));
}

/** Kinds of events that the findings show, too. */
const FOUND: ReadonlySet<EventKind> = new Set(['began', 'lost']);

/**
 * Lines such as `respawn: worker 3 was replaced (now pid 4711)`, the oldest first. Empty if the table has the events.
 */
function eventLines(
  { sample, events }: Observed<Subject>,
  { mask }: CellContext,
  options: TextOptions,
): string[] {
  if (options.tab === EVENTS) return [];
  const isShown = options.recorded ? isOfInterval(sample) : () => true;
  return events
    .filter((event) => !FOUND.has(event.kind) && isShown(event))
    .map((event) => lineOf(event.kind, event.server, eventText(event), mask, options));
}

/** Whether an event was found by the last reading of its server, or is a failed read after it. */
function isOfInterval(sample: Subject): (event: Event) => boolean {
  const samples = new Map(
    sample.kind === 'fleet'
      ? sample.members.map(({ observation: { target, sample } }) => [target, sample] as const)
      : [],
  );
  return ({ time, server }) => {
    const last = sample.kind === 'fleet' ? samples.get(server?.target ?? '') : sample;
    return last ? time >= last.time : false;
  };
}

/** A line with a word, the server of a fleet, and a text. */
function lineOf(
  word: string,
  server: { name: string } | undefined,
  text: string,
  mask: Mask,
  { width: limit, glyphs }: TextOptions,
): string {
  const of = server === undefined ? '' : `${mask.text(server.name)}: `;
  const line = clean(`${word}: ${of}${mask.text(text)}`);
  return limit === null ? line : toWidth(line, limit, 'left', glyphs.ellipsis);
}

/** Maximum padding of a column in cells. Without it, one long text would make each of 125,000 lines as long. */
const MOST_PADDED = 256;

function tableLines<Row>(table: Table<Row>, sort: string, at: CellContext, options: TextOptions): string[] {
  const { width: limit, glyphs, header = true } = options;
  // Phrases are the contents of these tables, in their last column, and no line below repeats them.
  const hasPhrases = options.columns !== null || options.tab === FINDINGS || options.tab === EVENTS;
  const shown = table.columns.filter(({ phrase }) => !phrase || hasPhrases);
  // The totals come last, like the rows of the table below its heading.
  const totals = header && table.footer !== undefined ? [table.footer] : [];
  const cells = new Map(
    shown.map((column) => [
      column.name,
      [
        ...table.rows.map((row) => column.text(row, at)),
        ...totals.map((row) => totalText(column, row, at)),
      ].map(clean),
    ]),
  );
  const textsOf = ({ name }: { name: string }) => cells.get(name) ?? [];
  // Without a limit no text is cut: a column is as wide as its widest text, up to `MOST_PADDED`.
  const columns = shown.map((column) => {
    const widest = () => textsOf(column).reduce((most, text) => Math.max(most, width(text)), column.width);
    return limit === null ? { ...column, grows: false, width: Math.min(MOST_PADDED, widest()) } : column;
  });
  const placed = place(columns, limit ?? Number.MAX_SAFE_INTEGER, sort);
  const line = (textOf: (column: Table<Row>['columns'][number]) => string, row?: Row) => {
    let before = '';
    let end = 0;
    for (const { column, start, width: columns } of placed) {
      const text = textOf(column);
      const gap = before === '' ? 0 : Math.max(1, start - end);
      const size = limit === null ? Math.max(columns, width(text)) : columns;
      before +=
        ' '.repeat(gap) +
        (row === undefined || !column.cut
          ? toWidth(text, size, column.align, glyphs.ellipsis)
          : fitted(column, row, text, size, glyphs.ellipsis));
      end += gap + size;
    }
    return before;
  };
  return [
    ...(header ? [line(({ title }) => title)] : []),
    ...[...table.rows, ...totals].map((row, place) => line((column) => textsOf(column)[place] ?? '', row)),
  ];
}

/** An empty cell gets a dash, so that each line has the same number of fields. */
function totalText<Row>(column: Column<Row>, row: Row, at: CellContext): string {
  return column.text(row, at) || (column.phrase ? '' : format.UNKNOWN);
}

/** Returns the line of totals: the server or the number of servers, their state and their main numbers. */
function summary(sample: Subject, { recorded }: TextOptions): string {
  const note = pastNote(sample, recorded);
  const time = note === '' ? '' : `  ${note}`;
  return sample.kind === 'fleet' ? fleetSummary(sample, time) : serverSummary(sample, time);
}

function fleetSummary({ members, totals }: FleetSample, time: string): string {
  const servers = plural(members.length, 'server') + inBrackets([connectionCounts(members)]) + time;
  const response = format.responseTime(responseTimeOf(totals));
  const queue = format.outOf(totals.queue, totals.maxQueue);
  return `${servers}  ${format.rate(totals.rps)} req/s  ${response}  queue ${queue}`;
}

function serverSummary(sample: Sample, time: string): string {
  const { version, pid } = sample.snapshot.server;
  const who = `uWSGI ${version ?? format.UNKNOWN}  pid ${pid ?? format.UNKNOWN}${time}`;
  switch (sample.kind) {
    case 'app': {
      const { totals } = sample;
      const none = withoutWorkers(sample);
      if (none !== null) return `${who}  ${none}`;
      const parts = WORKER_STATES.filter((status) => totals[status] > 0);
      const states = parts.map((status) => `${totals[status]} ${status}`);
      const reload = isReloading(sample.snapshot.workers) ? `, ${RELOADING}` : '';
      const workers = plural(totals.workers, 'worker') + inBrackets(states) + reload;
      const queue = format.outOf(totals.queue, totals.maxQueue);
      const response = format.responseTime(totals.responseTime);
      const long = totals.coresLong ? `  ${totals.coresLong} long` : '';
      return `${who}  ${workers}${long}  ${format.rate(totals.rps)} req/s  ${response}  queue ${queue}${resetNote(sample)}`;
    }
    case 'emperor': {
      const { vassals, blacklist } = sample.snapshot;
      const states = inBrackets(stateCounts(vassals));
      return `${who}  emperor of ${plural(vassals.length, 'vassal')}${states}  ${blacklist.length} blacklisted`;
    }
    case 'router':
      return `${who}  ${sample.snapshot.plugin ?? 'unknown router'}  ${plural(sample.snapshot.activeSessions, 'session')}${resetNote(sample)}`;
  }
}

function inBrackets(words: readonly string[]): string {
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function resetNote({ reset }: Sample): string {
  return reset ? '  counters reset: no rates' : '';
}
