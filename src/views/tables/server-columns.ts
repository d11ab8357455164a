import { responseTimeOf } from '../../monitor/figures.ts';
import type { Connection, Figures, Member, Observation } from '../../monitor/observation.ts';
import { type Finding, SEVERITIES, wrongs } from '../../rates/finding.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, words } from '../column.ts';
import { CONNECTIONS } from '../connections.ts';
import type { Role } from '../frame.ts';
import { levelRole } from '../thresholds.ts';

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
export function serverColumn<Row>(importance: number, nameOf: (row: Row) => string): Column<Row> {
  return words<Row>({
    name: 'server',
    title: 'SERVER',
    width: 10,
    roomyWidth: 20,
    importance,
    description: 'name of the server',
    value: nameOf,
  });
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

function share(part: number | null, whole: number | null): number | null {
  return part === null || !whole ? null : part / whole;
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
  numbers<ServerRow>(format.rate, {
    name: 'rps',
    title: 'RPS',
    key: 'P',
    width: 7,
    importance: 2,
    description: 'requests per second',
    value: ({ figures }) => figures.rps,
  }),
  numbers<ServerRow>(format.responseTime, {
    name: 'responseTime',
    title: 'RESP',
    key: 'E',
    width: 6,
    importance: 3,
    description: 'mean duration of the requests that ended in the last interval, without static files',
    value: ({ figures }) => responseTimeOf(figures),
  }),
  {
    ...counts<ServerRow>({
      name: 'busy',
      title: 'BUSY',
      key: 'B',
      width: 7,
      importance: 3.5,
      description: 'cores in a request, of those that can take one',
      value: ({ figures }) => figures.busy,
      role: ({ figures }) => levelRole('cores', share(figures.busy, figures.cores)),
    }),
    text: ({ figures }) => format.outOf(figures.busy, figures.cores, 7),
  },
  {
    ...counts<ServerRow>({
      name: 'queue',
      title: 'QUEUE',
      width: 7,
      importance: 2.5,
      description: 'connections that wait in the listen queue, of those that fit into it',
      value: ({ figures }) => figures.queue,
      role: ({ figures }) => levelRole('queue', share(figures.queue, figures.maxQueue)),
    }),
    text: ({ figures }) => format.outOf(figures.queue, figures.maxQueue, 7),
  },
  numbers<ServerRow>(format.perMinute, {
    name: 'exceptions',
    title: 'EXC',
    key: 'X',
    width: 7,
    importance: 6,
    description: 'exceptions in the last minute',
    value: ({ figures }) => figures.exceptions,
    role: ({ figures }) => levelRole('exceptions', figures.exceptions),
  }),
  numbers<ServerRow>(format.perMinute, {
    name: 'harakiris',
    title: 'HARAKIRI',
    width: 9,
    importance: 9,
    description: 'harakiris in the last minute',
    value: ({ figures }) => figures.harakiris,
    role: ({ figures }) => levelRole('harakiris', figures.harakiris),
  }),
  numbers<ServerRow>(format.wholePercent, {
    name: 'cpu',
    title: 'CPU',
    width: 5,
    importance: 7,
    description: 'CPU time of the workers; 100% is one processor',
    value: ({ figures }) => figures.cpu,
  }),
  numbers<ServerRow>(format.size, {
    name: 'rss',
    title: 'RSS',
    key: 'R',
    width: 6,
    importance: 8,
    description: 'resident memory of the workers',
    value: ({ figures }) => figures.memory,
  }),
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
  {
    ...words<ServerRow>({
      name: 'worst',
      title: 'WORST',
      width: 12,
      preferredWidth: 24,
      grows: true,
      phrase: true,
      importance: 5,
      description: 'the worst finding of the server',
      value: ({ worst }) => worst?.text ?? null,
      text: ({ worst }, { mask }) => (worst === null ? '' : mask.text(worst.text)),
      sortKey: ({ observation, worst }) =>
        observation?.connection.state === 'lost'
          ? SEVERITIES.length
          : worst === null
            ? 0
            : SEVERITIES.indexOf(worst.severity),
      role: ({ worst }) => (worst === null || worst.severity === 'hint' ? null : worst.severity),
    }),
    descending: true,
  },
];

function uptimeOf({ observation }: ServerRow): number | null {
  if (observation?.connection.state === 'lost') return null;
  const sample = observation?.sample;
  return sample?.kind === 'app' ? sample.totals.uptime : null;
}
