import { wrongs } from '../rates/finding.ts';
import { residentMemory } from '../rates/history.ts';
import { onceFor } from '../rates/once.ts';
import { oldestRequest } from '../rates/requests.ts';
import type { AppSample, EmperorSample, RouterSample, Sample, Totals } from '../rates/sample.ts';
import { flow, type Item } from './flow.ts';
import * as format from './format.ts';
import type { Line, Role, Span } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import { keyOf } from './help.ts';
import { intervalOf, type Live, type ViewState } from './live.ts';
import { requestLine } from './request-line.ts';
import { sparkline } from './sparkline.ts';
import { ageRole } from './tables/requests.ts';
import { stateCounts } from './tables/vassal-columns.ts';
import { clean, toWidth, width } from './text.ts';
import { filterError } from './views.ts';

/** Lines above the table, at most `rows` of them. The last one is a message or, without one, the oldest request. */
export function header(live: Live, columns: number, rows: number): Line[] {
  const { glyphs, mask } = live.view;
  const line = (items: readonly Item[]) =>
    flow(
      items.map((item) => ({ ...item, text: mask.text(item.text) })),
      columns,
      glyphs.ellipsis,
    );
  const facts = [titleItems(live), ...(live.sample ? sampleItems(live.sample, live, columns) : [])];
  const stale = live.connection.state === 'lost';
  const lines = facts.map((items, index): Line => ({ ...line(items), stale: stale && index > 0 }));
  const note = message(live, columns) ?? worst(live) ?? oldest(live);
  const shown = lines.slice(0, note ? rows - 1 : rows);
  while (shown.length < rows - (note ? 1 : 0)) shown.push({ spans: [] });
  return note ? [...shown, line([note])] : shown;
}

function titleItems({ target, node, sample, connection, view }: Live): Item[] {
  return [
    { text: 'statstop', role: 'title', importance: 5 },
    { text: target, role: 'title', importance: 2 },
    ...(sample ? serverItems(sample) : []),
    { text: node, importance: 6 },
    ...(view.filter === null ? [] : [filterItem({ sample, view }, view.filter)]),
    ...timeItems(connection.state === 'saved', sample?.time ?? null, view),
  ];
}

function filterItem(live: Pick<Live, 'sample' | 'view'>, text: string): Item {
  const wrong = filterError(live);
  return wrong === null
    ? { label: 'filter', text, importance: 4 }
    : { label: 'filter', text: `${text} (${wrong})`, role: 'critical', importance: 4 };
}

/** When the document was read; of one that was saved, also the day. */
function timeItems(saved: boolean, time: number | null, view: ViewState): Item[] {
  const clock = format.timeOfDay(time);
  if (saved)
    return [
      { label: 'saved', text: `${format.day(time)} ${clock}`, role: 'warning', importance: 1, right: true },
    ];
  return [
    { text: clock, role: 'title', importance: 1, right: true },
    { text: `${intervalOf(view)}s`, role: view.fast ? 'warning' : 'plain', importance: 3 },
  ];
}

function serverItems({ kind, snapshot }: Sample): Item[] {
  const { version, pid } = snapshot.server;
  return [
    { text: version === null ? 'uWSGI' : `uWSGI ${version.replace(/-.*/, '')}`, importance: 4 },
    { label: KIND_OF_PID[kind], text: format.orUnknown(String)(pid), importance: 7 },
  ];
}

const KIND_OF_PID = { app: 'master', emperor: 'emperor', router: 'router' } as const;

function sampleItems(sample: Sample, live: Live, columns: number): Item[][] {
  switch (sample.kind) {
    case 'app':
      return appItems(sample, live, columns);
    case 'emperor':
      return emperorItems(sample);
    case 'router':
      return routerItems(sample);
  }
}

function appItems(sample: AppSample, { history, view }: Live, columns: number): Item[][] {
  const { totals } = sample;
  /** The curve of a number, behind it, on terminals that are wide enough. */
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
      { label: 'WORKERS', text: `${totals.workers} `, spans: bar(totals, view.glyphs), importance: 2 },
      { text: statusWords(totals), importance: 1 },
      {
        label: 'CORES',
        text: format.outOf(totals.coresBusy, totals.cores),
        role: full(totals) ? 'warning' : 'plain',
        importance: 3,
      },
      ...recent('busy', 6, NARROW),
      { label: 'TX', text: perSecond(totals.txRate), importance: 4 },
      ...recent('tx', 8),
      ...cpuItem(sample),
      { label: 'RSS', text: format.size(residentMemory(sample)), importance: 5 },
      ...recent('memory', 9),
    ],
    [
      { label: 'EXC', ...event(totals.exceptions, totals.exceptionsDelta, 'warning'), importance: 1 },
      ...recent('exceptions', 9),
      { label: 'HARAKIRI', ...event(totals.harakiris, totals.harakirisDelta, 'critical'), importance: 2 },
      { label: 'RESPAWN', ...event(totals.respawns, totals.respawnsDelta, 'warning'), importance: 3 },
      { label: 'REQ', text: format.count(totals.requests), importance: 4 },
      ...usageItems(sample),
      { label: 'UP', text: format.age(totals.uptime), importance: 5 },
      ...machineItem(sample),
      ...whereItems(sample),
    ],
  ];
}

/** Of the last minute, or as much of it as is known: how busy the cores were, and what they could do besides. */
function usageItems({ usage }: AppSample): Item[] {
  const minute = usage.find(({ stretch }) => stretch === 'minute') ?? usage[0];
  if (!minute) return [];
  const { busyByTime, busyBySample, spare } = minute;
  const busy = busyByTime === null ? busyBySample : Math.max(busyByTime, busyBySample ?? 0);
  return [
    { label: 'USE', text: format.wholePercent(busy).padStart(4), importance: 4 },
    ...(spare === null ? [] : [{ label: 'SPARE', text: `${format.rate(spare)}/s`, importance: 6 }]),
  ];
}

/** Of all workers, where the kernel is asked. */
const cpuItem = onceFor(({ host }: AppSample): Item[] => {
  const known = [...(host?.processes.values() ?? [])].flatMap(({ cpu }) => cpu ?? []);
  if (known.length === 0) return [];
  return [
    { label: 'CPU', text: format.wholePercent(known.reduce((sum, cpu) => sum + cpu, 0)), importance: 5 },
  ];
});

/** What the machine has, where the server runs on this one. */
function machineItem({ host }: AppSample): Item[] {
  if (host === null) return [];
  const { processors, available, load } = host.machine;
  const facts = [
    `${processors} cpu`,
    ...(available === null ? [] : [`${format.size(available)} free`]),
    ...(load === null ? [] : [`load ${load.toFixed(1)}`]),
  ];
  return [{ label: 'MACHINE', text: facts.join(', '), importance: 6 }];
}

/** Cells of the numbers that change most, so that what follows stands still. */
const RATE_WIDTH = 6;

/** What part of a line each curve gets. */
const CELLS_OF_A_CURVE = 8;

/** Columns from which there is room for the curves that matter most, and for all of them. */
const NARROW = 72;
const WIDE = 120;

function whereItems({ snapshot }: Sample): Item[] {
  const { uid, gid, cwd } = snapshot.server;
  return [
    { label: 'uid:gid', text: `${uid ?? format.UNKNOWN}:${gid ?? format.UNKNOWN}`, importance: 8 },
    { label: 'cwd', text: cwd ?? format.UNKNOWN, importance: 7 },
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

/** A counter of things that should not happen, and what it gained. */
function event(total: number | null, gained: number | null, role: Role): Pick<Item, 'text' | 'role'> {
  const text = gained ? `${format.count(total)} ${format.change(gained)}` : format.count(total);
  return { text, role: gained ? role : 'plain' };
}

const STATUSES = [
  ['busy', 'busy'],
  ['idle', 'idle'],
  ['cheap', 'cheap'],
  ['paused', 'pause'],
  ['other', 'signal'],
] as const satisfies readonly (readonly [keyof Glyphs['bar'], Role])[];

/** Every core is in a request. */
function full({ coresBusy, cores }: Totals): boolean {
  return cores !== null && cores > 0 && coresBusy === cores;
}

function statusWords(totals: Totals): string {
  return STATUSES.filter(([status]) => totals[status] > 0 || status === 'busy')
    .map(([status]) => `${totals[status]} ${status}`)
    .join(' ');
}

const BAR = 20;

/** A cell a worker, or, when there are more than fit, a cell an equal part of them; no status that occurs is left out. */
function bar(totals: Totals, glyphs: Glyphs): Span[] {
  const scale = Math.min(1, BAR / Math.max(1, totals.workers));
  return STATUSES.map(([status, role]) => {
    const size = totals[status] === 0 ? 0 : Math.max(1, Math.round(totals[status] * scale));
    // A full house is no good sign.
    return {
      text: glyphs.bar[status].repeat(size),
      role: role === 'busy' && full(totals) ? 'warning' : role,
    };
  });
}

function emperorItems(sample: EmperorSample): Item[][] {
  return [
    [
      { label: 'VASSALS', text: String(sample.snapshot.vassals.length), role: 'title', importance: 1 },
      { text: stateCounts(sample.snapshot.vassals).join(' '), importance: 2 },
      { label: 'BLACKLIST', ...event(sample.snapshot.blacklist.length, null, 'critical'), importance: 3 },
    ],
    [
      { label: 'EMPEROR', text: sample.snapshot.monitors.join(' ') || format.UNKNOWN, importance: 1 },
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
    [{ label: 'LISTENS', text: sample.snapshot.addresses.join(' ') || format.UNKNOWN, importance: 1 }],
    whereItems(sample),
  ];
}

/** Seconds for which a reset stays on the screen, and what an action had to say. */
const RESET_SHOWN = 10;
const NOTICE_SHOWN = 4;

/** Whether something stands there, or stood there a moment ago, that goes by itself. */
export function isPassing({ notice, resetAt, now }: Pick<Live, 'notice' | 'resetAt' | 'now'>): boolean {
  return (
    (notice !== null && now - notice.at < NOTICE_SHOWN) || (resetAt !== null && now - resetAt < RESET_SHOWN)
  );
}

/** What must be known before any number is believed. */
function message(live: Live, columns: number): Item | null {
  const { connection, view, sample, resetAt, now, target, notice } = live;
  const { glyphs, mask } = view;
  if (notice !== null && now - notice.at < NOTICE_SHOWN) return { ...notice, importance: 1 };
  if (connection.state === 'lost') {
    const gone =
      connection.since === null ? 'no data yet' : `no data for ${format.age(now - connection.since)}`;
    const next = format.age(Math.max(0, connection.retryAt - now));
    const why = clean(mask.text(`${glyphs.cross} ${gone}: ${connection.why}`));
    const then = ` ${glyphs.dot} next try in ${next}`;
    // What is too long is the cause.
    const room = Math.min(width(why), columns - then.length);
    return { text: toWidth(why, room, 'left', glyphs.ellipsis) + then, role: 'critical', importance: 1 };
  }
  if (view.frozenAt !== null) {
    return {
      text: `frozen at ${format.timeOfDay(view.frozenAt)} ${glyphs.dot} ${keyOf(view.keys, 'freeze')} goes on`,
      role: 'warning',
      importance: 1,
    };
  }
  if (!sample) return { text: `connecting to ${target}${glyphs.ellipsis}`, importance: 1 };
  if (resetAt !== null && now - resetAt < RESET_SHOWN) {
    const text = `counters began anew at ${format.timeOfDay(resetAt)}: the server was reloaded or restarted`;
    return { text, role: 'warning', importance: 1 };
  }
  return null;
}

/** What is wrong, the worst of it. */
function worst({ sample, view }: Live): Item | null {
  const [finding, ...others] = wrongs(sample?.findings ?? []);
  if (!finding) return null;
  const more = others.length > 0 ? `  (${others.length} more: ${keyOf(view.keys, 'findings')})` : '';
  return {
    label: '!',
    text: `${view.mask.text(finding.text)}${more}`,
    role: finding.severity === 'critical' ? 'critical' : 'warning',
    importance: 1,
  };
}

/** The request to ask about when the site is slow. */
function oldest({ sample, view }: Live): Item | null {
  const request = sample?.kind === 'app' ? oldestRequest(sample) : null;
  if (!request) return null;
  const where = `on ${request.worker}:${request.core}`;
  const text = `${format.age(request.age)} ${where}  ${requestLine(request, view.mask)}`;
  return { label: 'OLDEST', text, role: ageRole(request.age, view) ?? 'plain', importance: 1 };
}
