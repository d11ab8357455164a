import type { HostReading } from '../host/reading.ts';
import { knownFigures, responseTimeOf } from '../monitor/figures.ts';
import type { Figures, FleetSample } from '../monitor/observation.ts';
import { ratio } from '../rates/delta.ts';
import type { History } from '../rates/history.ts';
import { memoize } from '../rates/memoize.ts';
import type { AppSample, EmperorSample, RouterSample, Totals } from '../rates/sample.ts';
import { joined } from '../text/bounds.ts';
import * as format from '../text/format.ts';
import type { Mask } from '../text/secrets.ts';
import type { Role, Span } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import type { Measure } from './measures.ts';
import { stateCounts } from './tables/vassal-columns.ts';
import { levelRole } from './thresholds.ts';

/** The input of the facts. */
export interface Source<Of> {
  sample: Of;
  history: History;
  glyphs: Glyphs;
  /** Limited to the length of a cell. */
  mask: Mask;
}

/** A number or a text of the header, with its label. */
export interface Fact<Of> {
  label: string;
  align?: 'right';
  /** Masked, but not clean. Numbers are abbreviated to fit `width` cells; other texts can be longer. */
  text(of: Source<Of>, width: number): string;
  /** `null`: not highlighted. */
  role?(of: Source<Of>): Role | null;
  /** Cells after the text, `width` at most. */
  spans?(of: Source<Of>, width: number): readonly Span[];
  /** The measure whose curve can follow. */
  curve?: Measure['name'];
  /** The lowest value that can be at the top of the curve; 0 if absent. */
  curveTop?(of: Source<Of>): number;
}

function define<Of, Name extends string>(facts: Record<Name, Fact<Of>>): Record<Name, Fact<Of>> {
  return facts;
}

/** Width in cells of the number of workers, before the bar. */
const WORKERS_WIDTH = 4;

/** Share of the limit of a queue that can be at the top of its curve. Up to the whole limit, most queues are flat. */
const QUEUE_TOP = 1 / 4;

/** The numbers of an app server, or of a fleet. */
interface Numbers extends Omit<Figures, 'timedRps' | 'runningTime'> {
  responseTime: number | null;
  /** What the kernel of this machine reports; `null` for a server of another machine. */
  machine: HostReading['resources'] | null;
  /** Processors that `cpu` is a part of; `null` if it is not shown as a part. */
  processors: number | null;
}

/** The facts that app servers and fleets have at the same places. */
function mainFacts<Of>(
  numbersOf: (source: Source<Of>) => Numbers,
  workers: Fact<Of>,
): Record<AppFact, Fact<Of>> {
  return {
    rps: {
      label: 'RPS',
      align: 'right',
      text: (source, width) => format.rate(numbersOf(source).rps, width),
      curve: 'rps',
    },
    responseTime: {
      label: 'RESP',
      align: 'right',
      text: (source, width) => format.responseTime(numbersOf(source).responseTime, width),
      curve: 'responseTime',
    },
    cores: {
      label: 'CORES',
      ...partOf(numbersOf, 'cores', 'busy', 'cores'),
      curve: 'busy',
      // The measure is the share of busy cores.
      curveTop: () => 1,
    },
    queue: {
      label: 'QUEUE',
      ...partOf(numbersOf, 'queue', 'queue', 'maxQueue'),
      curve: 'queue',
      curveTop: (source) => (numbersOf(source).maxQueue ?? 0) * QUEUE_TOP,
    },
    workers,
    memory: { label: 'RSS', text: (source) => format.size(numbersOf(source).memory) },
    cpu: {
      label: 'CPU',
      text: (source, width) => format.wholePercent(numbersOf(source).cpu, width),
      role: (source) => {
        const { cpu, processors } = numbersOf(source);
        return levelRole('cpu', ratio(cpu, processors));
      },
    },
    long: { label: 'LONG', text: (source, width) => format.count(numbersOf(source).long, width) },
    exceptions: { ...eventsOf('EXC', (source) => numbersOf(source).exceptions, 'exceptions') },
    harakiris: { ...eventsOf('HARAKIRI', (source) => numbersOf(source).harakiris, 'harakiris') },
    sent: { label: 'TX', align: 'right', text: (source) => perSecond(numbersOf(source).tx) },
    respawns: {
      label: 'RESPAWN',
      align: 'right',
      text: (source, width) => format.perMinute(numbersOf(source).respawns, width),
    },
    load: {
      label: 'LOAD',
      align: 'right',
      text: (source, width) => format.rate(numbersOf(source).machine?.load ?? null, width),
    },
    available: {
      label: 'FREE',
      align: 'right',
      text: (source) => format.size(numbersOf(source).machine?.available ?? null),
    },
  };
}

function partOf<Of>(
  numbersOf: (source: Source<Of>) => Numbers,
  name: 'cores' | 'queue',
  part: 'busy' | 'queue',
  whole: 'cores' | 'maxQueue',
): Pick<Fact<Of>, 'text' | 'role'> {
  return {
    text: (source, width) => format.outOf(numbersOf(source)[part], numbersOf(source)[whole], width),
    role: (source) => levelRole(name, ratio(numbersOf(source)[part], numbersOf(source)[whole])),
  };
}

function eventsOf<Of>(
  label: string,
  count: (source: Source<Of>) => number | null,
  level: 'exceptions' | 'harakiris',
): Fact<Of> {
  return {
    label,
    align: 'right',
    text: (source, width) => format.perMinute(count(source), width),
    role: (source) => levelRole(level, count(source)),
  };
}

/** The facts about an app server. */
export const APP_FACTS = mainFacts<AppSample>(
  memoize(({ sample, history }) => {
    const { resources: machine = null } = sample.host ?? {};
    return {
      ...knownFigures(sample, history),
      responseTime: sample.totals.responseTime,
      machine,
      processors: machine?.processors ?? null,
    };
  }),
  {
    label: 'WORKERS',
    text: ({ sample }) => format.count(sample.totals.workers, WORKERS_WIDTH).padEnd(WORKERS_WIDTH),
    spans: ({ sample, glyphs }, width) => bar(sample.totals, glyphs, width - WORKERS_WIDTH),
  },
);

export type AppFact =
  | 'rps'
  | 'responseTime'
  | 'cores'
  | 'queue'
  | 'workers'
  | 'memory'
  | 'cpu'
  | 'long'
  | 'exceptions'
  | 'harakiris'
  | 'sent'
  | 'respawns'
  | 'load'
  | 'available';

function perSecond(bytes: number | null): string {
  return bytes === null ? format.UNKNOWN : `${format.size(bytes)}/s`;
}

const STATES = [
  ['busy', 'busy'],
  ['idle', 'idle'],
  ['loading', 'warning'],
  ['cheap', 'cheap'],
  ['paused', 'pause'],
  ['down', 'critical'],
  ['other', 'signal'],
] as const satisfies readonly (readonly [keyof Glyphs['bar'], Role])[];

/** The workers by state, as texts: `3 busy`, `1 idle`. */
export function stateWords(totals: Totals): string {
  return STATES.filter(([state]) => totals[state] > 0)
    .map(([state]) => `${format.count(totals[state])} ${state}`)
    .join(', ');
}

/** One cell per worker or, if they do not fit, cells in proportion. Every state that occurs has at least one cell. */
function bar(totals: Totals, glyphs: Glyphs, cells: number): Span[] {
  const sizes = inProportion(
    STATES.map(([state]) => totals[state]),
    cells,
  );
  return STATES.flatMap(([state, role], at) => {
    const text = glyphs.bar[state].repeat(sizes[at] ?? 0);
    return text === '' ? [] : [{ text, role }];
  });
}

/**
 * Scales numbers down so that their sum is `most`, if it is higher. A number above 0 stays above 0.
 *
 * @param most at least the number of `numbers`
 */
function inProportion(numbers: readonly number[], most: number): readonly number[] {
  const total = numbers.reduce((sum, number) => sum + number, 0);
  if (total <= most) return numbers;
  const sizes = numbers.map((number) =>
    number === 0 ? 0 : Math.max(1, Math.floor((number * most) / total)),
  );
  // The largest number takes the difference that rounding leaves.
  const largest = numbers.indexOf(Math.max(...numbers));
  const used = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.with(largest, (sizes[largest] ?? 0) + most - used);
}

/** The facts about a fleet. */
export const FLEET_FACTS = mainFacts<FleetSample>(
  memoize(({ sample }) => ({
    ...sample.totals,
    responseTime: responseTimeOf(sample.totals),
    machine: hostOf(sample),
    processors: null,
  })),
  { label: 'SERVERS', text: ({ sample }) => format.count(sample.members.length, WORKERS_WIDTH) },
);

/** What the kernel of this machine reports, if any of the servers runs here. */
function hostOf({ members }: FleetSample): HostReading['resources'] | null {
  for (const { observation } of members)
    if (observation.sample?.kind === 'app' && observation.sample.host)
      return observation.sample.host.resources;
  return null;
}

export type EmperorFact = 'vassals' | 'blacklist' | 'states' | 'throttle' | 'tyrant' | 'monitors';

/** The facts about an emperor. */
export const EMPEROR_FACTS = define<EmperorSample, EmperorFact>({
  vassals: {
    label: 'VASSALS',
    text: ({ sample }, width) => format.count(sample.snapshot.vassals.length, width),
  },
  blacklist: {
    label: 'BLACKLIST',
    text: ({ sample }, width) => format.count(sample.snapshot.blacklist.length, width),
    role: ({ sample }) => levelRole('blacklist', sample.snapshot.blacklist.length),
  },
  states: {
    label: 'STATES',
    text: ({ sample }) => stateCounts(sample.snapshot.vassals).join(', ') || format.UNKNOWN,
  },
  throttle: {
    label: 'THROTTLE',
    text: ({ sample }, width) => format.age(sample.snapshot.throttle, width),
  },
  tyrant: { label: 'TYRANT', text: ({ sample }) => format.yesNo(sample.snapshot.tyrant) },
  monitors: {
    label: 'EMPEROR',
    text: ({ sample, mask }) => joined(sample.snapshot.monitors, mask.text) || format.UNKNOWN,
  },
});

export type RouterFact = 'router' | 'cheap' | 'sessions' | 'nodes' | 'listens' | 'cwd';

/** The facts about a router. */
export const ROUTER_FACTS = define<RouterSample, RouterFact>({
  router: {
    label: 'ROUTER',
    text: ({ sample, mask }) => mask.text(sample.snapshot.plugin ?? format.UNKNOWN),
  },
  cheap: { label: 'CHEAP', text: ({ sample }) => format.yesNo(sample.snapshot.cheap) },
  sessions: {
    label: 'SESSIONS',
    text: ({ sample }, width) => format.count(sample.snapshot.activeSessions, width),
  },
  nodes: {
    label: 'NODES',
    text: ({ sample }, width) => format.count(sample.nodes.length + sample.staticNodes.length, width),
  },
  listens: {
    label: 'LISTENS',
    text: ({ sample, mask }) => joined(sample.snapshot.addresses, mask.text) || format.UNKNOWN,
  },
  cwd: { label: 'CWD', text: ({ sample, mask }) => mask.text(sample.snapshot.server.cwd ?? format.UNKNOWN) },
});
