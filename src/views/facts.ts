import type { Observation } from '../monitor/observation.ts';
import { residentMemory } from '../rates/history.ts';
import { memoize } from '../rates/memoize.ts';
import type { AppSample, EmperorSample, RouterSample, Sample, Totals } from '../rates/sample.ts';
import * as format from '../text/format.ts';
import type { Item } from './flow.ts';
import type { Role, Span } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import type { Scene } from './scene.ts';
import { sparkline } from './sparkline.ts';
import { stateCounts } from './tables/vassal-columns.ts';

/**
 * Facts about a server: one list per line of the header.
 *
 * @param columns width of a line in cells
 */
export function sampleItems(sample: Sample, scene: Scene, columns: number): Item[][] {
  switch (sample.kind) {
    case 'app':
      return appItems(sample, scene, columns);
    case 'emperor':
      return emperorItems(sample);
    case 'router':
      return routerItems(sample);
  }
}

function appItems(sample: AppSample, { history, usage, view }: Scene, columns: number): Item[][] {
  const { totals } = sample;
  /** Sparkline after a number, on terminals that are at least `from` cells wide. */
  const recent = (name: string, importance: number, from = WIDE): Item[] => {
    const cells = Math.floor(columns / CELLS_OF_A_CURVE);
    const text = columns < from ? null : sparkline(history, name, cells, view.glyphs);
    return text === null ? [] : [{ text, role: 'label', importance }];
  };
  const rps = format.rate(totals.rps).padStart(RATE_WIDTH);
  const responseTime = format.responseTime(totals.responseTime).padStart(RATE_WIDTH);
  return [
    [
      { label: 'RPS', text: rps, role: 'title', importance: 1 },
      ...recent('rps', 4, NARROW),
      { label: 'RESP', text: responseTime, role: 'title', importance: 2 },
      ...recent('responseTime', 5, NARROW),
      { label: 'QUEUE', ...queue(totals), importance: 3 },
      ...recent('queue', 6, NARROW),
    ],
    [
      {
        label: 'WORKERS',
        text: `${totals.workers} `,
        spans: bar(totals, view.glyphs, columns),
        importance: 2,
      },
      { text: statusWords(totals), importance: 1 },
      {
        label: 'CORES',
        text: format.outOf(totals.coresBusy, totals.cores),
        role: full(totals) ? 'warning' : 'plain',
        importance: 5,
      },
      ...longItem(totals),
      ...recent('busy', 7, NARROW),
      { label: 'TX', text: perSecond(totals.txRate), importance: 6 },
      ...recent('tx', 8),
      ...cpuItem(sample),
      { label: 'RSS', text: format.size(residentMemory(sample)), importance: 4 },
      ...recent('memory', 9),
    ],
    [
      { label: 'EXC', ...event(totals.exceptions, totals.exceptionsDelta, 'warning'), importance: 1 },
      ...recent('exceptions', 9),
      { label: 'HARAKIRI', ...event(totals.harakiris, totals.harakirisDelta, 'critical'), importance: 2 },
      { label: 'RESPAWN', ...event(totals.respawns, totals.respawnsDelta, 'warning'), importance: 3 },
      { label: 'REQ', text: format.count(totals.requests), importance: 4 },
      ...usageItems(usage),
      { label: 'UP', text: format.age(totals.uptime), importance: 6 },
      ...hostItem(sample),
      ...whereItems(sample),
    ],
  ];
}

/** Share of busy cores in the last minute, or in the known part of it. */
function usageItems(usage: Observation['usage']): Item[] {
  const minute = usage.find(({ stretch }) => stretch === 'minute') ?? usage[0];
  if (!minute) return [];
  return [{ label: 'BUSY/MIN', text: format.wholePercent(minute.busy).padStart(4), importance: 4 }];
}

/** Cores that are held by WebSockets and other intentionally long requests, if there are any. */
function longItem({ coresLong }: Totals): Item[] {
  return coresLong ? [{ label: 'LONG', text: format.count(coresLong), importance: 4 }] : [];
}

/** CPU use of all workers, if the kernel reports it. */
const cpuItem = memoize(({ host }: AppSample): Item[] => {
  const known = [...(host?.processes.values() ?? [])].flatMap(({ cpu }) => cpu ?? []);
  if (known.length === 0) return [];
  return [
    { label: 'CPU', text: format.wholePercent(known.reduce((sum, cpu) => sum + cpu, 0)), importance: 3 },
  ];
});

/** Resources of the machine, if the server runs on this machine. */
function hostItem({ host }: AppSample): Item[] {
  if (host === null) return [];
  const { processors, available, load } = host.resources;
  const facts = [
    `${processors} cpu`,
    ...(available === null ? [] : [`${format.size(available)} free`]),
    ...(load === null ? [] : [`load ${load.toFixed(1)}`]),
  ];
  return [{ label: 'MACHINE', text: facts.join(', '), importance: 7 }];
}

/** Minimum width in cells of the numbers that change most often, so that the following items do not move. */
const RATE_WIDTH = 6;

/** Each sparkline takes one eighth of the line. */
const CELLS_OF_A_CURVE = 8;

/** Minimum terminal width for the most important sparklines, and for all sparklines. */
const NARROW = 72;
const WIDE = 120;

function whereItems({ snapshot }: Sample): Item[] {
  const { uid, gid, cwd } = snapshot.server;
  return [
    { label: 'uid:gid', text: `${uid ?? format.UNKNOWN}:${gid ?? format.UNKNOWN}`, importance: 9 },
    { label: 'cwd', text: cwd ?? format.UNKNOWN, importance: 8 },
  ];
}

function perSecond(rate: number | null): string {
  return rate === null ? format.UNKNOWN : `${format.size(rate)}/s`;
}

function queue({ queue, maxQueue }: Totals): Pick<Item, 'text' | 'role'> {
  const full = queue !== null && maxQueue !== null && queue >= maxQueue;
  const role = full ? 'critical' : queue ? 'warning' : 'plain';
  return { text: format.outOf(queue, maxQueue), role };
}

/** A counter of undesired events, with its increase in the last interval. */
function event(total: number | null, gained: number | null, role: Role): Pick<Item, 'text' | 'role'> {
  const text = gained ? `${format.count(total)} ${format.change(gained)}` : format.count(total);
  return { text, role: gained ? role : 'plain' };
}

const STATUSES = [
  ['busy', 'busy'],
  ['idle', 'idle'],
  ['loading', 'warning'],
  ['cheap', 'cheap'],
  ['paused', 'pause'],
  ['down', 'critical'],
  ['other', 'signal'],
] as const satisfies readonly (readonly [keyof Glyphs['bar'], Role])[];

/** Whether every core is in a request. */
function full({ coresBusy, cores }: Totals): boolean {
  return cores !== null && cores > 0 && coresBusy === cores;
}

function statusWords(totals: Totals): string {
  return STATUSES.filter(([status]) => totals[status] > 0 || status === 'busy')
    .map(([status]) => `${totals[status]} ${status}`)
    .join(' ');
}

/**
 * Maximum width of the bar in cells, and its divisor of the line width. The text after the bar must fit into 80
 * columns.
 */
const BAR = 20;
const PART_OF_THE_LINE = 8;

/** One cell per worker or, if they do not fit, cells in proportion. Every status that occurs has at least one cell. */
function bar(totals: Totals, glyphs: Glyphs, columns: number): Span[] {
  const cells = Math.min(BAR, Math.floor(columns / PART_OF_THE_LINE));
  const scale = Math.min(1, cells / Math.max(1, totals.workers));
  return STATUSES.map(([status, role]) => {
    const size = totals[status] === 0 ? 0 : Math.max(1, Math.round(totals[status] * scale));
    // Highlight the bar if no core is free.
    return {
      text: glyphs.bar[status].repeat(size),
      role: role === 'busy' && full(totals) ? 'warning' : role,
    };
  });
}

/** Memoized, because there can be thousands of texts and every frame of a document shows them. */
const words = memoize((all: readonly string[]): string => all.join(' '));

function emperorItems(sample: EmperorSample): Item[][] {
  return [
    [
      { label: 'VASSALS', text: String(sample.snapshot.vassals.length), role: 'title', importance: 1 },
      { text: stateCounts(sample.snapshot.vassals).join(' '), importance: 2 },
      { label: 'BLACKLIST', ...event(sample.snapshot.blacklist.length, null, 'critical'), importance: 3 },
    ],
    [
      { label: 'EMPEROR', text: words(sample.snapshot.monitors) || format.UNKNOWN, importance: 1 },
      { label: 'tyrant', text: format.yesNo(sample.snapshot.tyrant), importance: 2 },
      { label: 'throttle', text: format.age(sample.snapshot.throttle), importance: 3 },
    ],
    whereItems(sample),
  ];
}

function routerItems(sample: RouterSample): Item[][] {
  return [
    [
      { label: 'ROUTER', text: sample.snapshot.plugin ?? format.UNKNOWN, role: 'title', importance: 1 },
      { label: 'SESSIONS', text: format.count(sample.snapshot.activeSessions), role: 'title', importance: 2 },
      { label: 'cheap', text: format.yesNo(sample.snapshot.cheap), importance: 3 },
    ],
    [{ label: 'LISTENS', text: words(sample.snapshot.addresses) || format.UNKNOWN, importance: 1 }],
    whereItems(sample),
  ];
}
