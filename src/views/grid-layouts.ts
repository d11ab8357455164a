import { memoize, memoizeLast } from '../rates/memoize.ts';
import type { AppFact, EmperorFact, RouterFact } from './facts.ts';

/** The places of the facts in the header. They depend only on the width of the terminal, never on a value. */

/** The place of one fact in its group, in cells. */
export interface Slot<Name> {
  name: Name;
  /** Width of the label. One blank follows it. */
  label: number;
  /** Width of the value. */
  value: number;
}

/** Facts that stand one above the other. */
export interface Group<Name> {
  /** One or two lines of slots, with one blank between two slots. */
  lines: readonly (readonly Slot<Name>[])[];
  /** A curve of the first fact follows on each line. The curves share the cells that no group needs. */
  curves?: true;
  /** Blanks before the group; `GAP` if absent. */
  gap?: number;
  /** The last value of each line takes the rest of the line. Only for the last group. */
  grows?: true;
}

/** The groups of a grid for terminals of at least `from` columns. */
export interface Layout<Name> {
  from: number;
  groups: readonly Group<Name>[];
}

/** The layouts of one kind of server, widest first. */
export interface Layouts<Name> {
  two: readonly Layout<Name>[];
  /** Layouts with a single line, for low terminals. */
  one: readonly Layout<Name>[];
}

/** Usual blanks before a group. */
const GAP = 2;

function slot<Name>(name: Name, label: number, value: number): Slot<Name> {
  return { name, label, value };
}

type AppGroup = Group<AppFact>;

const RATES: AppGroup = { lines: [[slot('rps', 4, 6)], [slot('responseTime', 4, 6)]] };
const LOAD: AppGroup = { lines: [[slot('cores', 5, 9)], [slot('queue', 5, 9)]] };
const PROCESSES: AppGroup = {
  lines: [[slot('workers', 7, 11)], [slot('memory', 3, 5), slot('cpu', 3, 5)]],
};
const MORE_PROCESSES: AppGroup = {
  lines: [[slot('workers', 7, 24)], [slot('memory', 3, 6), slot('cpu', 3, 6), slot('long', 4, 5)]],
};
const EVENTS: AppGroup = { lines: [[slot('exceptions', 3, 12)], [slot('harakiris', 8, 7)]] };
const OUTPUT: AppGroup = { lines: [[slot('sent', 2, 12)], [slot('respawns', 7, 7)]] };
const HOST: AppGroup = { lines: [[slot('load', 4, 5)], [slot('available', 4, 5)]] };

const withCurves = (group: AppGroup): AppGroup => ({ ...group, curves: true });
const near = <Name>(group: Group<Name>): Group<Name> => ({ ...group, gap: 1 });
const alone = <Name>(name: Name, label: number, value: number): Group<Name> => ({
  lines: [[slot(name, label, value)]],
});

const ONE_RPS = alone<AppFact>('rps', 3, 6);
const ONE_RESPONSE_TIME = alone<AppFact>('responseTime', 4, 6);
const ONE_QUEUE = alone<AppFact>('queue', 5, 9);
const ONE_CORES = alone<AppFact>('cores', 5, 9);
const ONE_EXCEPTIONS = alone<AppFact>('exceptions', 3, 7);
const ONE_HARAKIRIS = alone<AppFact>('harakiris', 8, 7);
const ONE_CPU = alone<AppFact>('cpu', 3, 5);
const SHORT_RATES: readonly Slot<AppFact>[] = [slot('rps', 3, 5), slot('responseTime', 4, 5)];

export const APP_LAYOUTS: Layouts<AppFact> = {
  two: [
    {
      from: 160,
      groups: [withCurves(RATES), withCurves(LOAD), MORE_PROCESSES, EVENTS, OUTPUT, HOST],
    },
    { from: 120, groups: [withCurves(RATES), withCurves(LOAD), PROCESSES, EVENTS, OUTPUT] },
    { from: 66, groups: [withCurves(RATES), withCurves(LOAD), PROCESSES, near(EVENTS)] },
    {
      from: 57,
      groups: [RATES, LOAD, { lines: [[slot('memory', 3, 5)], [slot('cpu', 3, 5)]] }, EVENTS],
    },
    {
      from: 39,
      groups: [RATES, near(LOAD), near({ lines: [[slot('exceptions', 3, 7)], [slot('cpu', 3, 5)]] })],
    },
    { from: 28, groups: [RATES, LOAD] },
    { from: 0, groups: [{ lines: [SHORT_RATES, [slot('queue', 5, 9)]] }] },
  ],
  one: [
    {
      from: 99,
      groups: [ONE_RPS, ONE_RESPONSE_TIME, ONE_QUEUE, ONE_CORES, ONE_EXCEPTIONS, ONE_HARAKIRIS, ONE_CPU],
    },
    { from: 70, groups: [ONE_RPS, ONE_RESPONSE_TIME, ONE_QUEUE, ONE_CORES, ONE_EXCEPTIONS] },
    { from: 57, groups: [ONE_RPS, ONE_RESPONSE_TIME, ONE_QUEUE, ONE_CORES] },
    { from: 38, groups: [ONE_RPS, near(ONE_RESPONSE_TIME), near(ONE_QUEUE)] },
    { from: 0, groups: [{ lines: [SHORT_RATES] }] },
  ],
};

export const EMPEROR_LAYOUTS: Layouts<EmperorFact> = {
  two: [
    {
      from: 60,
      groups: [
        { lines: [[slot('vassals', 8, 6)], [slot('throttle', 8, 6)]] },
        { lines: [[slot('blacklist', 9, 6)], [slot('tyrant', 9, 6)]] },
        { lines: [[slot('states', 7, 0)], [slot('monitors', 7, 0)]], grows: true },
      ],
    },
    {
      from: 32,
      groups: [
        { lines: [[slot('vassals', 7, 6), slot('blacklist', 9, 6)], [slot('states', 7, 0)]], grows: true },
      ],
    },
    { from: 0, groups: [{ lines: [[slot('vassals', 9, 6)], [slot('blacklist', 9, 6)]] }] },
  ],
  one: [
    {
      from: 50,
      groups: [
        {
          lines: [[slot('vassals', 7, 6), slot('blacklist', 9, 6), slot('states', 6, 0)]],
          grows: true,
        },
      ],
    },
    { from: 31, groups: [{ lines: [[slot('vassals', 7, 6), slot('blacklist', 9, 6)]] }] },
    { from: 0, groups: [alone<EmperorFact>('blacklist', 9, 6)] },
  ],
};

export const ROUTER_LAYOUTS: Layouts<RouterFact> = {
  two: [
    {
      from: 60,
      groups: [
        { lines: [[slot('router', 6, 10)], [slot('cheap', 6, 10)]] },
        { lines: [[slot('sessions', 8, 6)], [slot('nodes', 8, 6)]] },
        { lines: [[slot('listens', 7, 0)], [slot('cwd', 7, 0)]], grows: true },
      ],
    },
    {
      from: 34,
      groups: [
        { lines: [[slot('router', 7, 10), slot('sessions', 8, 6)], [slot('listens', 7, 0)]], grows: true },
      ],
    },
    { from: 0, groups: [{ lines: [[slot('sessions', 8, 6)], [slot('nodes', 8, 6)]] }] },
  ],
  one: [
    {
      from: 50,
      groups: [
        {
          lines: [[slot('router', 6, 10), slot('sessions', 8, 6), slot('listens', 7, 0)]],
          grows: true,
        },
      ],
    },
    { from: 0, groups: [alone<RouterFact>('sessions', 8, 6)] },
  ],
};

/** Shortest and longest curve, in cells. */
const SHORTEST_CURVE = 4;
const LONGEST_CURVE = 60;

/** A fact with its place on the screen. Columns count from 0. */
export interface Place<Name> {
  name: Name;
  line: number;
  label: number;
  value: number;
  width: number;
  curve: { at: number; width: number } | null;
}

/** The places of a line of `columns` cells. */
export function placesAt<Name>(layouts: readonly Layout<Name>[], columns: number): readonly Place<Name>[] {
  return placesIn(layouts)(columns) as readonly Place<Name>[];
}

const placesIn = memoize((layouts: readonly Layout<unknown>[]) =>
  memoizeLast((columns: number) => newPlaces(layouts, columns)),
);

function newPlaces<Name>(layouts: readonly Layout<Name>[], columns: number): Place<Name>[] {
  const { groups = [] } = layouts.find(({ from }) => from <= columns) ?? {};
  const curves = groups.filter((group) => group.curves).length;
  const fixed = groups.reduce((sum, group, at) => sum + gapOf(group, at) + widthOf(group), 0);
  const longest = Math.min(LONGEST_CURVE, Math.floor((columns - fixed) / Math.max(1, curves)) - 1);
  const curve = longest < SHORTEST_CURVE ? 0 : longest;
  const found: Place<Name>[] = [];
  let start = 0;
  for (const [at, group] of groups.entries()) {
    start += gapOf(group, at);
    const end = start + widthOf(group);
    for (const [line, slots] of group.lines.entries())
      found.push(
        ...placesOf(slots, line, { start, end: group.grows ? columns : end }, group.curves ? curve : 0),
      );
    start = end + (group.curves && curve > 0 ? 1 + curve : 0);
  }
  return found;
}

function placesOf<Name>(
  slots: readonly Slot<Name>[],
  line: number,
  { start, end }: { start: number; end: number },
  curve: number,
): Place<Name>[] {
  let at = start;
  return slots.map(({ name, label, value }, index) => {
    const place = {
      name,
      line,
      label: at,
      value: at + label + 1,
      // The width 0 stands for the rest of the line.
      width: value === 0 ? Math.max(0, end - at - label - 1) : value,
      curve: index === 0 && curve > 0 ? { at: end + 1, width: curve } : null,
    };
    at = place.value + value + 1;
    return place;
  });
}

function gapOf({ gap = GAP }: Group<unknown>, at: number): number {
  return at === 0 ? 0 : gap;
}

function widthOf({ lines }: Group<unknown>): number {
  return Math.max(
    ...lines.map((slots) =>
      slots.reduce((sum, { label, value }) => sum + label + 1 + value, slots.length - 1),
    ),
  );
}
