import type { PathShares } from '../../insights/paths/shares.ts';
import type { SlowRequest } from '../../monitor/digest/slowest.ts';
import type { Numbers } from '../../monitor/digest/tally.ts';
import { type Event, lasted } from '../../monitor/event.ts';
import type { Period } from '../../summaries/periods.ts';
import type { ServerSummary, Summary } from '../../summaries/summary.ts';
import { boundedMask, CELL_CHARACTERS } from '../../text/bounds.ts';
import * as format from '../../text/format.ts';
import type { Mask } from '../../text/secrets.ts';
import { plural } from '../../text/words.ts';
import { maskedVariable } from '../../views/request-line.ts';
import { eventText } from '../../views/tables/events.ts';
import { type GridColumn, gridOf, type Part, type SummaryOptions } from './parts.ts';

/** Number of paths that are listed. */
const MOST_PATHS = 10;

/** The parts of a summary for people, in order. */
export function sectionsOf(summary: Summary, { mask: whole, zone }: SummaryOptions): Part[] {
  const mask = boundedMask(whole, CELL_CHARACTERS);
  const { servers, since, until } = summary;
  const days = format.day(since) === format.day(until) ? 'one' : 'several';
  const at: Context = { mask, stamp: (time) => (days === 'one' ? '' : `${format.day(time)} `) + clock(time) };
  const main: Part = {
    title: `statstop report of ${mask.text(summary.recording)}`,
    level: 1,
    lines: [
      `${format.day(since)} ${clock(since)} to ${format.day(until)} ${clock(until)} (${format.duration(until - since)})`,
      `Times are local: ${zone}`,
    ],
  };
  return [
    main,
    ...(servers.length > 1 ? totalParts(summary, at) : []),
    ...servers.flatMap((server) => serverParts(server, summary, at)),
  ];
}

interface Context {
  mask: Mask;
  /** A time, with its day if the summary covers several days. */
  stamp(time: number): string;
}

const clock = (time: number) => format.timeOfDay(time);

function totalParts(summary: Summary, at: Context): Part[] {
  const { servers, totals, total, paths } = summary;
  return [
    {
      title: `All ${plural(servers.length, 'server')}`,
      level: 2,
      lines: ['The queue is the longest one of a server.'],
      grid: numbersGrid(summary, totals, total, at),
    },
    ...pathParts(paths, at, servers.length > 1),
  ];
}

function serverParts(server: ServerSummary, summary: Summary, at: Context): Part[] {
  const { name, target, node, kind, documents } = server;
  const { mask } = at;
  const known = kind === null ? '' : `, ${KINDS[kind]}`;
  const title = `${mask.text(name)}: ${mask.text(target)} on ${mask.text(node)}${known}`;
  const lines = [readText(server, mask), ...gapTexts(server, at)];
  if (kind !== null && kind !== 'app') lines.push('The load is known for app servers only.');
  const hasNumbers = documents > 0 && kind === 'app';
  const grid = hasNumbers ? { grid: numbersGrid(summary, server.periods, server.total, at) } : {};
  return [
    { title, level: 2, lines, ...grid },
    ...eventParts(server, summary, at),
    ...(hasNumbers ? [...slowestParts(server, at), ...pathParts(server.paths, at, false)] : []),
  ];
}

const KINDS = { app: 'app server', emperor: 'emperor', router: 'router' } as const;

function readText({ closed, documents, failures }: ServerSummary, mask: Mask): string {
  if (closed !== null) return `It could not be read: ${mask.text(closed)}`;
  return `${plural(documents, 'reading')}, ${plural(failures, 'failed read')}`;
}

function gapTexts({ gaps, omittedGaps }: ServerSummary, { stamp }: Context): string[] {
  const texts = gaps.map(
    ({ since, until }) =>
      `Not recorded: ${stamp(since)} to ${stamp(until)} (${format.duration(until - since)})`,
  );
  return omittedGaps === 0 ? texts : [...texts, `Not recorded: ${plural(omittedGaps, 'more gap')}`];
}

interface NumbersRow extends Numbers {
  label: string;
}

const NUMBERS: readonly GridColumn<NumbersRow>[] = [
  { title: 'SINCE', align: 'left', text: ({ label }) => label },
  { title: 'RPS', text: ({ rps }) => format.rate(rps) },
  { title: 'RESP', text: ({ responseTime }) => format.responseTime(responseTime) },
  { title: 'BUSY', text: ({ busy }) => format.wholePercent(busy) },
  { title: 'QUEUE', text: ({ queue, maxQueue }) => format.outOf(queue, maxQueue) },
  { title: 'EXCEPTIONS', text: ({ exceptions }) => format.count(exceptions) },
  { title: 'HARAKIRIS', text: ({ harakiris }) => format.count(harakiris) },
  { title: 'RESPAWNS', text: ({ respawns }) => format.count(respawns) },
  { title: 'RESTARTS', text: ({ restarts }) => format.count(restarts) },
];

function numbersGrid(
  { periods }: { periods: readonly Period[] },
  numbers: readonly Numbers[],
  total: Numbers,
  { stamp }: Context,
) {
  const rows = periods.flatMap(({ since }, place) => {
    const of = numbers[place];
    return of ? [{ ...of, label: stamp(since) }] : [];
  });
  return gridOf(NUMBERS, [...rows, { ...total, label: 'whole time' }]);
}

function eventParts({ events, omittedEvents }: ServerSummary, { until }: Period, at: Context): Part[] {
  const title = 'Events';
  if (events.length === 0) return [{ title, level: 3, lines: ['No events.'] }];
  const more = `The first ${format.count(events.length)} of ${format.count(events.length + omittedEvents)} events. A shorter time shows the others: --from, --until.`;
  const columns: readonly GridColumn<Event>[] = [
    { title: 'TIME', align: 'left', text: ({ time }) => at.stamp(time) },
    { title: 'KIND', align: 'left', text: ({ kind }) => kind },
    { title: 'LASTED', text: (event) => lastedText(event, until) },
    { title: 'SEVERITY', align: 'left', text: ({ severity }) => severity ?? format.UNKNOWN },
    { title: 'EVENT', align: 'left', text: (event) => at.mask.text(eventText(event)) },
  ];
  return [{ title, level: 3, lines: omittedEvents > 0 ? [more] : [], grid: gridOf(columns, events) }];
}

/** A plus sign follows the duration of an event that has not ended. */
function lastedText(event: Event, end: number): string {
  return `${format.age(lasted(event, end))}${event.until === null ? '+' : ''}`;
}

function slowestParts({ slowest }: ServerSummary, { mask, stamp }: Context): Part[] {
  const title = 'Slowest requests in flight';
  if (slowest.length === 0)
    return [{ title, level: 3, lines: ['No reading saw a request of two seconds or more.'] }];
  const columns: readonly GridColumn<SlowRequest>[] = [
    { title: 'AGE', text: ({ age }) => format.age(age) },
    { title: 'TIME', align: 'left', text: ({ time }) => stamp(time) },
    { title: 'CORE', text: ({ worker, core }) => `${worker}:${core}` },
    { title: 'PID', text: ({ pid }) => String(pid ?? format.UNKNOWN) },
    {
      title: 'METHOD',
      align: 'left',
      text: ({ method }) => maskedVariable('REQUEST_METHOD', method, mask),
    },
    { title: 'URI', align: 'left', text: ({ uri }) => maskedVariable('REQUEST_URI', uri, mask) },
  ];
  return [{ title, level: 3, lines: [], grid: gridOf(columns, slowest) }];
}

type PathRow = PathShares['paths'][number];

function pathParts({ paths, readings, seen }: PathShares, { mask }: Context, hasServers: boolean): Part[] {
  if (paths.length === 0) return [];
  const columns: readonly GridColumn<PathRow>[] = [
    { title: 'TIME%', text: ({ share }) => format.percent(share) },
    { title: 'ERROR', text: ({ error }) => format.percent(error) },
    { title: 'IN FLIGHT', text: ({ inFlight }) => format.rate(inFlight) },
    { title: 'SAMPLED', text: ({ seen }) => format.count(seen) },
    { title: 'OLDEST', text: ({ oldest }) => format.age(oldest) },
    ...(hasServers
      ? [{ title: 'SERVERS', text: ({ servers }: PathRow) => format.count(servers.length) }]
      : []),
    {
      title: 'METHOD',
      align: 'left',
      text: ({ method }) => maskedVariable('REQUEST_METHOD', method, mask),
    },
    {
      title: 'PATH',
      align: 'left',
      text: ({ isOther, path }) => (isOther ? '(other paths)' : maskedVariable('REQUEST_URI', path, mask)),
    },
  ];
  const lines = [
    `Share of the time of ${plural(seen, 'request')} in flight, seen by ${plural(readings, 'reading')}. ERROR is in points.`,
  ];
  return [
    { title: 'Paths with the most time', level: 3, lines, grid: gridOf(columns, paths.slice(0, MOST_PATHS)) },
  ];
}
