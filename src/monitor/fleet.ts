import { byUrgency } from '../insights/assess.ts';
import type { Finding } from '../rates/finding.ts';
import { type History, NO_HISTORY } from '../rates/history.ts';
import { memoize } from '../rates/memoize.ts';
import { mergedEvents, namedEvents } from './events/merged.ts';
import { figuresOf, totalOf } from './figures.ts';
import { historyOfAll, lastSecond, withSecond } from './fleet-history.ts';
import {
  type FleetSample,
  type Member,
  nothingObserved,
  type Observation,
  type Observed,
} from './observation.ts';

/** Several servers that are observed together. */
export interface Fleet {
  /** Unix seconds. */
  time: number;
  servers: ReadonlyMap<string, Observation>;
  /** Names of the servers by target, and the pids of those that were found by their process. */
  names: ReadonlyMap<string, string>;
  pids: ReadonlyMap<string, number>;
  /** The totals of all servers, one point per second. */
  history: History;
}

/** A server before its first event. */
export interface NewMember {
  target: string;
  name: string;
  /** Pid of its master, if that is known before the first document. */
  pid?: number;
  /** Why it cannot be read; absent for a server that can. */
  closed?: { why: string; advice: string };
}

/** The fleet before the first event. */
export function newFleet(members: readonly NewMember[], time: number): Fleet {
  return withMembers(
    { time, names: new Map(), pids: new Map(), servers: new Map(), history: NO_HISTORY },
    members,
  );
}

/** The fleet with these servers instead of its own. A server that is in both keeps its observation. */
export function withMembers(fleet: Fleet, members: readonly NewMember[]): Fleet {
  return {
    ...fleet,
    names: new Map(members.map(({ target, name }) => [target, name])),
    pids: new Map(members.flatMap(({ target, pid }) => (pid === undefined ? [] : [[target, pid]]))),
    servers: new Map(members.map((member) => [member.target, observationOf(fleet, member)])),
  };
}

function observationOf({ servers }: Fleet, { target, closed }: NewMember): Observation {
  const before = servers.get(target);
  if (closed) return nothingObserved(target, { state: 'closed', ...closed });
  return before && before.connection.state !== 'closed' ? before : nothingObserved(target);
}

/** The fleet after an event of one server. An event of a server that is no longer part of it changes nothing. */
export function withServer(fleet: Fleet, server: Observation, time: number): Fleet {
  if (!fleet.servers.has(server.target)) return fleet;
  return { ...fleet, time, servers: new Map(fleet.servers).set(server.target, server) };
}

/** The fleet a second later. Its history has one more point: the sum of the last second of each server. */
export function ticked(fleet: Fleet, time: number): Fleet {
  const { last } = fleet.history;
  // After a pause of this process, the last second of the servers does not cover the time since the last point.
  const seconds = last && time - last.time < 2 && time > last.time ? time - last.time : 0;
  const servers = [...fleet.servers.values()].filter(({ connection }) => connection.state !== 'lost');
  const points = servers.flatMap(({ history: { near } }) => lastSecond(near) ?? []);
  const fresh = points.filter((point) => last !== null && point.time > last.time);
  const { totals } = fleetObservation(fleet).sample;
  const marks = fresh.flatMap(({ marks }) => marks);
  return { ...fleet, time, history: withSecond(fleet.history, { time, seconds, points, totals, marks }) };
}

/** The fleet at a time, with a history that is computed from those of its servers. */
export function withComputedHistory(fleet: Fleet, time: number): Fleet {
  const histories = [...fleet.servers.values()].map(({ history }) => history);
  return { ...fleet, time, history: historyOfAll(histories, time) };
}

/** The observation of a fleet, as that of one server. */
export const fleetObservation = memoize((fleet: Fleet): Observed<FleetSample> => {
  const members = [...fleet.servers.values()].map((observation) => memberOf(observation, fleet.names));
  const intervals = members.flatMap(({ observation: { sample } }) => sample?.interval ?? []);
  return {
    ...nothingObserved(members.length === 1 ? '1 server' : `${members.length} servers`),
    connection: { state: 'live' },
    sample: {
      kind: 'fleet',
      time: fleet.time,
      timeIsExact: true,
      saved: false,
      interval: intervals.length === 0 ? null : Math.max(...intervals),
      reset: false,
      members,
      totals: totalOf(members.map(({ figures }) => figures)),
    },
    history: fleet.history,
    events: mergedEvents(...members.map(namedEvents)),
    findings: findingsOfAll(members),
  };
});

/** The observation of an emperor, with the servers among which its vassals are, and with the findings of its vassals. */
export function withVassals(emperor: Observation, fleet: Fleet): Observation {
  return fleet.servers.size < 2 ? emperor : withMembersOf(fleet)(emperor);
}

const withMembersOf = memoize((fleet: Fleet) =>
  memoize((emperor: Observation): Observation => {
    if (emperor.sample?.kind !== 'emperor') return emperor;
    const vassals = membersByPid(fleet);
    const members = emperor.sample.snapshot.vassals.flatMap(({ pid }) =>
      pid === null ? [] : (vassals.get(pid) ?? []),
    );
    return { ...emperor, vassals, findings: findingsOfAll(members, emperor.findings) };
  }),
);

const membersByPid = memoize((fleet: Fleet): ReadonlyMap<number, Member> => {
  const { members } = fleetObservation(fleet).sample;
  return new Map(
    members.flatMap((member) => {
      const { target, sample } = member.observation;
      const pid = fleet.pids.get(target) ?? sample?.snapshot.server.pid ?? null;
      return pid === null ? [] : [[pid, member] as const];
    }),
  );
});

function memberOf(observation: Observation, names: Fleet['names']): Member {
  const name = names.get(observation.target) ?? observation.target;
  return { name, observation, figures: figures(observation) };
}

export function isLost({ observation }: Member): boolean {
  return observation.connection.state === 'lost';
}

/** Computed once for each event of a server, and not for each event of the fleet. */
const figures = memoize(figuresOf);

/** The findings of a server, with its name. If it cannot be read, this fact replaces findings that are out of date. */
export function findingsOf({ name, observation }: Member): Finding[] {
  const { connection, findings, target } = observation;
  const server = { target, name };
  const about = { rule: 'connection', subject: '', about: null, server };
  switch (connection.state) {
    case 'lost': {
      const { since, why, advice, retryAt } = connection;
      const text = `${since === null ? 'no data yet' : 'no data'}: ${why}`;
      return [{ ...about, severity: 'critical', since: since ?? retryAt, text, advice }];
    }
    case 'closed':
      return [{ ...about, severity: 'hint', since: 0, text: connection.why, advice: connection.advice }];
    default:
      return findings.map((finding) => ({ ...finding, server }));
  }
}

/** The findings of several servers, and others. Nothing is known about a lost server, so this comes first. */
function findingsOfAll(members: readonly Member[], others: readonly Finding[] = []): Finding[] {
  const known = members.filter((member) => !isLost(member)).flatMap(findingsOf);
  return [...members.filter(isLost).flatMap(findingsOf), ...byUrgency([...others, ...known])];
}
