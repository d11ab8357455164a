import type { Connection, Figures, Member, Observation } from '../../monitor/observation.ts';
import { type Finding, wrongs } from '../../rates/finding.ts';
import * as format from '../../text/format.ts';
import { type Column, numbers, words } from '../column.ts';
import { CONNECTIONS } from '../connections.ts';
import type { Role } from '../frame.ts';
import { figureColumns, worstColumn } from './figure-columns.ts';

/** A server of a fleet, or the totals of all servers. */
export interface ServerRow {
  name: string;
  /** `null` for the totals. */
  observation: Observation | null;
  figures: Figures;
  /** The worst finding; `null` if nothing is wrong. */
  worst: Finding | null;
}

/** Name of the row with the totals. */
const TOTAL = 'Total';

export function totalRow(figures: Figures): ServerRow {
  return { name: TOTAL, observation: null, figures, worst: null };
}

/** @param findings of this server only */
export function serverRow({ name, observation, figures }: Member, findings: readonly Finding[]): ServerRow {
  // A server that cannot be read has only a hint.
  const [worst = null] = observation.connection.state === 'closed' ? findings : wrongs(findings);
  return { name, observation, figures, worst };
}

/** Defines the column with the name of the server to which a row belongs. */
export function serverColumn<Row>(importance: number, nameOf: (row: Row) => string | null): Column<Row> {
  return words<Row>({
    name: 'server',
    title: 'SERVER',
    width: 10,
    roomyWidth: 20,
    importance,
    description: 'name of the server',
    value: nameOf,
    cut: cutMiddle,
  });
}

/** Names of servers often differ only at their end. */
function cutMiddle(text: string, _row: unknown, columns: number, ellipsis: string): string {
  const end = Math.floor((columns - 1) / 2);
  return end < 1 ? text : `${text.slice(0, columns - 1 - end)}${ellipsis}${text.slice(-end)}`;
}

const ROLES: Readonly<Record<Connection['state'], Role>> = {
  live: 'good',
  saved: 'warning',
  connecting: 'dim',
  lost: 'critical',
  closed: 'dim',
};

function stateOf({ observation }: ServerRow): string | null {
  return observation && CONNECTIONS[observation.connection.state];
}

export const SERVER_COLUMNS: readonly Column<ServerRow>[] = [
  { ...serverColumn<ServerRow>(1, ({ name }) => name), key: 'V' },
  words<ServerRow>({
    name: 'state',
    title: 'STATE',
    width: 8,
    importance: 4,
    description:
      'up, lost (the last read failed), waiting for the first document, saved (a file), or no stats (not readable)',
    value: stateOf,
    text: (row) => stateOf(row) ?? '',
    role: ({ observation }) => observation && ROLES[observation.connection.state],
  }),
  ...figureColumns<ServerRow>(({ figures }) => figures),
  {
    ...numbers<ServerRow>(format.age, {
      name: 'uptime',
      title: 'UP',
      width: 6,
      importance: 10,
      description: 'time since the start of the master',
      value: uptimeOf,
    }),
    text: (row) => (row.observation === null ? '' : format.age(uptimeOf(row), 6)),
  },
  {
    ...words<ServerRow>({
      name: 'version',
      title: 'VERSION',
      width: 8,
      roomyWidth: 14,
      importance: 11,
      description: 'version of uWSGI',
      value: ({ observation }) => observation?.sample?.snapshot.server.version ?? null,
    }),
    text: ({ observation }, { mask }) =>
      observation === null ? '' : mask.text(observation.sample?.snapshot.server.version ?? format.UNKNOWN),
  },
  words<ServerRow>({
    name: 'kind',
    title: 'KIND',
    width: 8,
    importance: 12,
    description: 'app server, emperor or router',
    value: ({ observation }) => observation?.sample?.kind ?? null,
    text: ({ observation }) => (observation === null ? '' : (observation.sample?.kind ?? format.UNKNOWN)),
  }),
  worstColumn<ServerRow>(5, ({ worst }) => worst, isLost),
];

function isLost({ observation }: ServerRow): boolean {
  return observation?.connection.state === 'lost';
}

function uptimeOf({ observation }: ServerRow): number | null {
  if (observation?.connection.state === 'lost') return null;
  const sample = observation?.sample;
  return sample?.kind === 'app' ? sample.totals.uptime : null;
}
