import { listeningIn, type Place, placeOf, reach } from './addresses.ts';
import { configurationNames, isEmperor, nameOf, roleOf } from './arguments.ts';
import type { Member } from './family.ts';
import type { Inspected } from './inspect.ts';
import { type Instance, isRouter } from './instance.ts';
import type { Kind, Server, ServerSocket } from './server.ts';
import { statOf } from './stat.ts';
import { type Listening, type StatsSocket, statsSockets } from './stats-socket.ts';

/** What is the same for all servers of one scan. */
export interface Context {
  proc: string;
  bootTime: number;
  names: ReadonlyMap<number, string>;
  here: Place;
  /** Listening sockets, by network namespace. */
  listening: Map<string, ReadonlyMap<string, Listening>>;
}

/**
 * Describes one process of an instance as a server.
 *
 * @param inspected its sockets. `undefined` without permission
 * @returns `null` for a process that is no server, such as `uwsgi --reload`
 */
export async function serverOf(
  member: Member,
  instance: Instance,
  inspected: Inspected | undefined,
  { proc, bootTime, names, here, listening }: Context,
): Promise<Server | null> {
  const { pid, pids, uid, words } = member;
  const { settings, configurations, root, forks, hasVassals } = instance;
  const folder = `${proc}/${pid}`;
  const base = {
    pid,
    ownPid: pids.at(-1) ?? pid,
    started: bootTime + member.startedAfterBoot,
    startedAfterBoot: member.startedAfterBoot,
    user: { id: uid, name: names.get(uid) ?? null },
    command: words,
    configurations,
    vassalOf: null,
    partOf: null,
  };
  const unknown: Kind | null = isEmperor(settings) ? 'emperor' : forks.length > 0 ? 'app' : null;
  const place = await placeOf(folder).catch(() => null);
  if (!inspected || !place) {
    // The files of a process that has ended cannot be read either.
    if (/^[ZX]?$/.test(statOf(folder)?.state ?? '')) return null;
    const socket = settings.find((each) => roleOf(each) === (unknown ?? 'app'))?.value ?? null;
    const name = nameOf(configurationNames(root.words.slice(1)), root.words, socket);
    const isElsewhere = pids.length > 1 ? true : null;
    return { ...base, name, kind: unknown, isElsewhere, sockets: [], missing: 'permission' };
  }
  if (!inspected.hasQueue) return null;
  const all = listening.get(place.network) ?? (await listeningIn(folder).catch(() => new Map()));
  listening.set(place.network, all);
  const stats = statsSockets({
    bound: inspected.bound.flatMap((inode) => all.get(inode) ?? []),
    settings,
    isComplete: instance.isComplete,
    hasForks: member === root && forks.length > 0,
    hasVassals,
    isRouter: isRouter(member),
  });
  const certain = stats === 'unclear' ? [] : stats;
  const sockets = await Promise.all(
    certain.map(async ({ listening }): Promise<ServerSocket> => {
      const { target, why } = await reach({ listening, folder, place, here, open: inspected.open, all });
      return { name: nameOfSocket(listening), inode: listening.inode, target, why };
    }),
  );
  const [first] = sockets;
  return {
    ...base,
    name: nameOf(configurations, root.words, first?.name ?? null),
    kind: kindOf(certain) ?? unknown,
    isElsewhere: pids.length > 1 || place.network !== here.network || place.mounts !== here.mounts,
    sockets,
    missing: first ? null : !inspected.isComplete ? 'unread' : stats === 'unclear' ? 'unclear' : 'none',
  };
}

function kindOf(sockets: readonly StatsSocket[]): Kind | null {
  return sockets[0]?.role ?? null;
}

function nameOfSocket({ address }: Listening): string {
  return address.family === 'tcp' ? `${address.host}:${address.port}` : address.path;
}
