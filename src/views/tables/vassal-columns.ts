import { NO_FIGURES } from '../../monitor/figures.ts';
import { findingsOf, isLost } from '../../monitor/fleet.ts';
import type { Member } from '../../monitor/observation.ts';
import { type Finding, wrongs } from '../../rates/finding.ts';
import { memoize } from '../../rates/memoize.ts';
import { ageOf, type WritingTime } from '../../rates/written.ts';
import type { Vassal } from '../../stats/snapshot.ts';
import { joined } from '../../text/bounds.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, timestamps, words } from '../column.ts';
import type { Role } from '../frame.ts';
import { figureColumns, worstColumn } from './figure-columns.ts';

/** States of a vassal. The first one whose test is true applies, so the most specific states come first. */
const STATES: readonly [state: string, holds: (vassal: Vassal) => boolean, role: Role][] = [
  ['cursed', ({ cursedAt }) => cursedAt !== null, 'critical'],
  ['suspended', ({ suspended }) => suspended === true, 'pause'],
  ['on-demand', ({ pid, onDemand }) => pid === null && onDemand !== null, 'cheap'],
  ['stopped', ({ pid }) => pid === null, 'critical'],
  ['loyal', ({ loyal }) => loyal === true, 'good'],
  ['accepting', ({ accepting }) => accepting === true, 'good'],
  ['ready', ({ ready }) => ready === true, 'busy'],
  ['starting', () => true, 'warning'],
];

/** Roles of states in the order of the column STATE: what needs attention first. */
const URGENCY: readonly Role[] = ['critical', 'warning', 'pause', 'busy', 'good', 'cheap'];

function vassalState(vassal: Vassal): { state: string; role: Role } {
  const [state = 'starting', , role = 'warning'] = STATES.find(([, holds]) => holds(vassal)) ?? [];
  return { state, role: role as Role };
}

/** Returns the number of vassals in each state: `2 accepting`, `1 cursed`. */
export const stateCounts = memoize((vassals: readonly Vassal[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const vassal of vassals) {
    const { state } = vassalState(vassal);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return [...counts].map(([state, count]) => `${count} ${state}`);
});

export interface VassalRow {
  vassal: Vassal;
  at: WritingTime;
  /** The vassal as a server; `null` if its statistics are not read. */
  member: Member | null;
}

function uptime({ vassal, at }: VassalRow): number | null {
  return vassal.pid === null ? null : ageOf(at, vassal.lastRun);
}

/** The main numbers of a vassal. They are more important than its pid. */
const NUMBERS = figureColumns<VassalRow>(({ member }) => member?.figures ?? NO_FIGURES).map(
  ({ key: _, ...column }) => ({ ...column, importance: 2 + column.importance / 100 }),
);

function worstFinding({ member }: VassalRow): Finding | null {
  return (member && wrongs(findingsOf(member))[0]) ?? null;
}

/** The role of the state, or of the worst finding if that is more urgent. */
function urgency(row: VassalRow): Role {
  const roles = [vassalState(row.vassal).role, worstFinding(row)?.severity];
  return URGENCY.find((role) => roles.includes(role)) ?? 'warning';
}

const { grows: _, ...WORST } = worstColumn<VassalRow>(
  2.5,
  worstFinding,
  ({ member }) => member !== null && isLost(member),
);

/** Names of the columns that are known only if the statistics of the vassals are read. */
const OF_SERVERS = new Set([...NUMBERS, WORST].map(({ name }) => name));

/** The columns without those that are known only if the statistics of the vassals are read. */
export function withoutNumbers(columns: readonly Column<VassalRow>[]): readonly Column<VassalRow>[] {
  return columns.filter(({ name }) => !OF_SERVERS.has(name));
}

export const VASSAL_COLUMNS: readonly Column<VassalRow>[] = [
  words<VassalRow>({
    name: 'vassal',
    title: 'VASSAL',
    key: 'V',
    width: 12,
    grows: true,
    importance: 1,
    description: 'configuration of the vassal, as the emperor monitor names it',
    value: ({ vassal }) => vassal.id,
  }),
  {
    ...numbers<VassalRow>(format.orUnknown(String), {
      name: 'pid',
      title: 'PID',
      key: 'P',
      width: 7,
      importance: 3,
      description: 'process ID; - if no process runs',
      value: ({ vassal }) => vassal.pid,
    }),
    descending: false,
  },
  words<VassalRow>({
    name: 'state',
    title: 'STATE',
    key: 'E',
    width: 9,
    importance: 2,
    description:
      'starting, ready, accepting, loyal, on-demand (waits for a connection), suspended, cursed (must end), stopped',
    value: ({ vassal }) => vassalState(vassal).state,
    sortKey: (row) => URGENCY.indexOf(urgency(row)),
    role: urgency,
  }),
  ...NUMBERS,
  numbers(format.age, {
    name: 'uptime',
    title: 'UPTIME',
    key: 'M',
    width: 7,
    importance: 4,
    description: 'time since the last start',
    value: uptime,
  }),
  counts({
    name: 'respawns',
    title: 'RESPAWN',
    key: 'R',
    width: 8,
    importance: 5,
    description: 'how often it was reloaded',
    value: ({ vassal }) => vassal.respawns,
  }),
  timestamps({
    name: 'lastReady',
    title: 'LASTREADY',
    key: 'D',
    width: 10,
    importance: 6,
    description: 'when it last reported that it was ready',
    value: ({ vassal }) => vassal.lastReady,
  }),
  timestamps({
    name: 'lastAccepting',
    title: 'ACCEPTED',
    width: 10,
    importance: 10,
    description: 'when it last began to accept requests',
    value: ({ vassal }) => vassal.lastAccepting,
  }),
  timestamps({
    name: 'lastLoyal',
    title: 'LASTLOYAL',
    key: 'L',
    width: 10,
    importance: 9,
    description: 'when it last reported that it was loyal',
    value: ({ vassal }) => vassal.lastLoyal,
  }),
  timestamps({
    name: 'lastHeartbeat',
    title: 'BEAT',
    key: 'B',
    width: 10,
    importance: 12,
    description: 'time of the last heartbeat',
    value: ({ vassal }) => vassal.lastHeartbeat,
  }),
  timestamps({
    name: 'lastModified',
    title: 'MODIFIED',
    width: 10,
    importance: 11,
    description: 'when the configuration last changed',
    value: ({ vassal }) => vassal.lastModified,
  }),
  words<VassalRow>({
    name: 'owner',
    title: 'UID:GID',
    width: 9,
    importance: 7,
    description: 'user and group of the process',
    value: ({ vassal: { uid, gid } }) =>
      uid === null && gid === null ? null : `${uid ?? '?'}:${gid ?? '?'}`,
  }),
  words<VassalRow>({
    text: ({ vassal }, { mask }) =>
      joined(vassal.attributes, ({ name, value }) => `${mask.text(name)}=${mask.variable(name, value)}`) ||
      format.UNKNOWN,
    name: 'attributes',
    title: 'ATTRS',
    width: 12,
    importance: 8,
    description: 'attributes that the emperor collected',
    value: ({ vassal }) => vassal.attributes.map(({ name, value }) => `${name}=${value}`).join(' ') || null,
  }),
  WORST,
];
