import { isTried } from '../rates/blacklisted.ts';
import type { Changes } from '../rates/changes.ts';
import { sum } from '../rates/delta.ts';
import { residentMemory } from '../rates/history.ts';
import type { AppSample, EmperorSample, RouterSample, Sample } from '../rates/sample.ts';

/** One value of the performance data: `label=value[unit];[warning];[critical];[min];[max]`. */
interface Datum<Of extends Sample> {
  /** Only lower case and underscores, because other labels need quotes. */
  label: string;
  /** `s` seconds, `B` bytes, `c` a continuous counter. Absent for a plain number. */
  unit?: 's' | 'B' | 'c';
  /** `null` if the value is unknown: the output then omits it. */
  value(sample: Of): number | null;
  /** The largest possible value; `null` if it is unknown. */
  max?(sample: Of): number | null;
}

const APP: readonly Datum<AppSample>[] = [
  { label: 'rps', value: ({ totals }) => totals.rps },
  { label: 'response_time', unit: 's', value: ({ totals }) => totals.responseTime },
  { label: 'busy_cores', value: ({ totals }) => totals.coresBusy, max: ({ totals }) => totals.cores },
  // Busy cores with requests that are long on purpose: WebSockets, event streams and similar requests.
  { label: 'long_cores', value: ({ totals }) => totals.coresLong, max: ({ totals }) => totals.cores },
  // Includes unix sockets if the kernel of this machine reports their queues.
  { label: 'queue', value: ({ totals }) => totals.queue, max: ({ totals }) => totals.maxQueue },
  {
    label: 'rss',
    unit: 'B',
    value: residentMemory,
    max: ({ host }) => host?.resources.memory ?? null,
  },
  { label: 'requests', unit: 'c', value: ({ totals }) => totals.requests },
  { label: 'exceptions', unit: 'c', value: ({ totals }) => totals.exceptions },
  { label: 'harakiris', unit: 'c', value: ({ totals }) => totals.harakiris },
  { label: 'respawns', unit: 'c', value: ({ totals }) => totals.respawns },
];

const EMPEROR: readonly Datum<EmperorSample>[] = [
  { label: 'vassals', value: ({ snapshot }) => snapshot.vassals.length },
  { label: 'accepting', value: ({ snapshot }) => count(snapshot.vassals, ({ accepting }) => accepting) },
  {
    label: 'failed',
    value: ({ snapshot, time }) => snapshot.blacklist.filter((entry) => isTried(entry, time)).length,
  },
];

const ROUTER: readonly Datum<RouterSample>[] = [
  { label: 'sessions', value: ({ snapshot }) => snapshot.activeSessions },
  { label: 'nodes', value: ({ nodes, staticNodes }) => nodes.length + staticNodes.length },
  { label: 'dead_nodes', value: ({ nodes }) => count(nodes, ({ node }) => node.deathMark) },
  {
    label: 'hits',
    unit: 'c',
    value: ({ snapshot }) => sum([...snapshot.subscriptions, ...snapshot.staticNodes], ({ hits }) => hits),
  },
  {
    label: 'requests',
    unit: 'c',
    value: ({ nodes }) => (nodes.length === 0 ? null : sum(nodes, ({ node }) => node.requests)),
  },
];

/** Counts the rows with a flag. `null` if the flag of any row is unknown. */
function count<Row>(rows: readonly Row[], flag: (row: Row) => boolean | null): number | null {
  return sum(rows, (row) => {
    const value = flag(row);
    return value === null ? null : Number(value);
  });
}

/**
 * Returns the known performance data of a sample in the format of the Monitoring Plugins Development Guidelines
 * ("Performance data"). No value can be negative, so every minimum is 0.
 *
 * @param server the label of the server among several (`serverLabels`); absent for one server
 */
export function performance(sample: Sample, server?: string): string {
  switch (sample.kind) {
    case 'app':
      return data(APP, sample, server);
    case 'emperor':
      return data(EMPEROR, sample, server);
    case 'router':
      return data(ROUTER, sample, server);
  }
}

/** The numbers of `check --state`: what happened since the last run. */
const CHANGES: readonly { label: string; value(changes: Changes): number | null }[] = [
  { label: 'new_restarts', value: ({ restarted }) => Number(restarted === 'restart') },
  { label: 'new_reloads', value: ({ restarted }) => Number(restarted === 'reload') },
  { label: 'new_harakiris', value: ({ harakiris }) => harakiris },
  { label: 'new_exceptions', value: ({ exceptions }) => exceptions },
  { label: 'new_respawns', value: ({ respawns }) => respawns },
  { label: 'new_queue_errors', value: ({ queueErrors }) => queueErrors },
];

/**
 * Returns the known numbers of what happened since the last run, as performance data.
 *
 * @param server see `performance`
 */
export function changesData(changes: Changes, server?: string): string {
  return CHANGES.flatMap(({ label, value }) => {
    const number = value(changes);
    return number === null ? [] : `${labelOf(label, server)}=${number};;;0`;
  }).join(' ');
}

/** Returns a number of the performance data. `null` if it is unknown, or if this kind of server has no such number. */
export function numberOf(sample: Sample, label: string): number | null {
  const valueIn = <Of extends Sample>(table: readonly Datum<Of>[], of: Of) =>
    table.find((datum) => datum.label === label)?.value(of) ?? null;
  switch (sample.kind) {
    case 'app':
      return valueIn(APP, sample);
    case 'emperor':
      return valueIn(EMPEROR, sample);
    case 'router':
      return valueIn(ROUTER, sample);
  }
}

/** Separates the name of a server from the label of a number. No label of a number contains it. */
const OF = '::';

/**
 * Returns a different label for each server, to prefix the labels of its numbers. A label must not contain an equals
 * sign or a quote.
 *
 * @param names clean and without a bar
 */
export function serverLabels(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    const base = name.replace(/[=']/g, '_');
    let label = base;
    for (let number = 2; used.has(label); number += 1) label = `${base}-${number}`;
    used.add(label);
    return label;
  });
}

/** Labels with other characters get quotes: the guidelines require them for blanks. */
const NEEDS_NO_QUOTES = /^[\w.:@/-]+$/;

function labelOf(label: string, server: string | undefined): string {
  if (server === undefined) return label;
  const whole = `${server}${OF}${label}`;
  return NEEDS_NO_QUOTES.test(whole) ? whole : `'${whole}'`;
}

function data<Of extends Sample>(table: readonly Datum<Of>[], sample: Of, server?: string): string {
  return table
    .flatMap(({ label, unit = '', value, max }) => {
      const number = value(sample);
      const most = max?.(sample) ?? null;
      if (number === null) return [];
      return `${labelOf(label, server)}=${round(number)}${unit};;;0${most === null ? '' : `;${most}`}`;
    })
    .join(' ');
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
