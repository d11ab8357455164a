import { isTried } from '../rates/blacklisted.ts';
import { sum } from '../rates/delta.ts';
import { residentMemory } from '../rates/history.ts';
import type { AppSample, EmperorSample, RouterSample, Sample } from '../rates/sample.ts';

/** A number that monitors keep: `label=value[unit];[warning];[critical];[min];[max]`. */
interface Datum<Of extends Sample> {
  /** Lower case and underscores: other labels would have to be quoted. */
  label: string;
  /** `s` seconds, `B` bytes, `c` a counter that goes on, else a plain number. */
  unit?: 's' | 'B' | 'c';
  /** `null`: it is unknown, and left away. */
  value(sample: Of): number | null;
  /** The largest value that is possible, where that is known. */
  max?(sample: Of): number | null;
}

const APP: readonly Datum<AppSample>[] = [
  { label: 'rps', value: ({ totals }) => totals.rps },
  { label: 'response_time', unit: 's', value: ({ totals }) => totals.responseTime },
  { label: 'busy_cores', value: ({ totals }) => totals.coresBusy, max: ({ totals }) => totals.cores },
  // Busy cores that WebSockets, event streams and the like hold.
  { label: 'long_cores', value: ({ totals }) => totals.coresLong, max: ({ totals }) => totals.cores },
  // Of unix sockets as well, where the kernel of this machine knows them.
  { label: 'queue', value: ({ totals }) => totals.queue, max: ({ totals }) => totals.maxQueue },
  {
    label: 'rss',
    unit: 'B',
    value: residentMemory,
    max: ({ host }) => host?.machine.memory ?? null,
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

/** How many rows have a flag; `null` where a row does not know it. */
function count<Row>(rows: readonly Row[], flag: (row: Row) => boolean | null): number | null {
  return sum(rows, (row) => {
    const value = flag(row);
    return value === null ? null : Number(value);
  });
}

/**
 * The performance data of a sample, of what is known, as the Monitoring Plugins Development Guidelines ask for it
 * ("Performance data"). No number is ever negative, so each has the minimum 0.
 */
export function performance(sample: Sample): string {
  switch (sample.kind) {
    case 'app':
      return data(APP, sample);
    case 'emperor':
      return data(EMPEROR, sample);
    case 'router':
      return data(ROUTER, sample);
  }
}

function data<Of extends Sample>(table: readonly Datum<Of>[], sample: Of): string {
  return table
    .flatMap(({ label, unit = '', value, max }) => {
      const number = value(sample);
      const most = max?.(sample) ?? null;
      if (number === null) return [];
      return `${label}=${round(number)}${unit};;;0${most === null ? '' : `;${most}`}`;
    })
    .join(' ');
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
