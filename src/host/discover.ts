import { realpath } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { listeningIn, type Place, placeOf, reach } from './addresses.ts';
import {
  configurationNames,
  hasMore,
  isEmperor,
  nameOf,
  ownName,
  roleOf,
  type Setting,
  settingsOf,
} from './arguments.ts';
import { candidates } from './candidates.ts';
import { readConfigurations, startsOf } from './configuration.ts';
import { type Family, families, type Member } from './family.ts';
import { readGuarded } from './guarded.ts';
import { type Inspected, inspect } from './inspect.ts';
import { linkTo, statusOf } from './proc.ts';
import { readHostProperties } from './resources.ts';
import type { Kind, Server, ServerSocket } from './server.ts';
import { type Listening, type StatsSocket, statsSockets } from './stats-socket.ts';
import { userNames } from './users.ts';

/**
 * Finds the uWSGI servers of this machine, by reading `/proc` only: no socket is connected to. The oldest comes first. A
 * server that starts or ends during the scan may be missing.
 *
 * @param proc replaces `/proc`
 * @returns an empty list on systems other than Linux
 */
export async function discover(proc = '/proc'): Promise<Server[]> {
  if (process.platform !== 'linux') return [];
  const { bootTime } = await readHostProperties(proc);
  const found = families(await membersOf(proc));
  const context: Context = {
    proc,
    bootTime,
    names: await userNames(),
    here: await placeOf(`${proc}/self`),
    listening: new Map(),
  };
  const inspected = await inspect(
    found.map(({ root }) => root),
    proc,
  );
  const starts = await startsOf(
    found.map(({ root }) => root),
    proc,
  );
  const instances = await Promise.all(found.map((family) => instanceOf(family, inspected, starts, proc)));
  const byPid = new Map(instances.flatMap((each) => each.members.map(({ pid }) => [pid, each] as const)));
  for (const { above } of instances) {
    const parent = above && byPid.get(above.pid);
    if (parent) parent.hasVassals = true;
  }
  const parts = await inspect(
    instances.flatMap(({ parts }) => parts),
    proc,
  );
  const servers: Server[] = [];
  for (const instance of instances)
    servers.push(...(await serversOf(instance, byPid, inspected, parts, context)));
  return servers;
}

/** The server whose master, worker or other process has that pid. `null` for another process. */
export async function masterOf(pid: number, proc = '/proc'): Promise<Server | null> {
  const members = await membersOf(proc);
  const family = families(members).find(({ root, forks }) =>
    [root, ...forks].some((each) => each.pid === pid),
  );
  if (!family) return null;
  const servers = await discover(proc);
  return (
    servers.find((each) => each.pid === pid) ?? servers.find((each) => each.pid === family.root.pid) ?? null
  );
}

/**
 * The servers that were started with a configuration file: on their command line is a name that leads to the same file
 * here. The oldest comes first.
 */
export async function runningWith(configuration: string, proc = '/proc'): Promise<Server[]> {
  const wanted = await realpath(configuration).catch(() => configuration);
  const isWanted = (file: string) =>
    realpath(file).then(
      (path) => path === wanted,
      () => false,
    );
  const servers = await discover(proc);
  const fits = await Promise.all(
    servers.map(async ({ configurations, isElsewhere }) =>
      isElsewhere ? false : (await Promise.all(configurations.map(isWanted))).includes(true),
    ),
  );
  return servers.filter((_, place) => fits[place]);
}

/** What is the same for all servers of one scan. */
interface Context {
  proc: string;
  bootTime: number;
  names: ReadonlyMap<number, string>;
  here: Place;
  /** Listening sockets, by network namespace. */
  listening: Map<string, ReadonlyMap<string, Listening>>;
}

/** The processes that may be uWSGI, with their users and command lines. */
async function membersOf(proc: string): Promise<Member[]> {
  const statuses = await Promise.all(
    (await candidates(proc)).map(async (identity) => {
      const status = await statusOf(`${proc}/${identity.pid}`).catch(() => null);
      return status && { ...identity, uid: status.fsUid, pids: status.pids };
    }),
  );
  const known = statuses.flatMap((each) => each ?? []);
  const pathOf = (pid: number) => `${proc}/${pid}/cmdline`;
  const lines = await readGuarded(known.map(({ pid, uid }) => ({ path: pathOf(pid), uid })));
  return known.flatMap((each) => {
    const line = lines.get(pathOf(each.pid)) ?? '';
    return [{ ...each, words: line.replace(/\0+$/, '').split('\0') }];
  });
}

/** One uWSGI with what its command line and configurations say. */
interface Instance extends Family {
  members: readonly Member[];
  settings: readonly Setting[];
  configurations: readonly string[];
  isComplete: boolean;
  /** Forks that may have stats of their own. */
  parts: readonly Member[];
  hasVassals: boolean;
}

async function instanceOf(
  family: Family,
  inspected: ReadonlyMap<number, Inspected>,
  starts: ReadonlyMap<number, string>,
  proc: string,
): Promise<Instance> {
  const { root, forks, above } = family;
  const folder = `${proc}/${root.pid}`;
  const words = root.words.slice(1);
  // An emperor starts its vassals in its own directory.
  const directories = [above && linkTo(`${proc}/${above.pid}/cwd`), starts.get(root.pid)];
  const names = configurationNames(words);
  const files = inspected.has(root.pid)
    ? await readConfigurations(
        folder,
        names,
        directories.flatMap((each) => each ?? []),
      )
    : names.filter(isAbsolute).map((path) => ({ path, settings: null }));
  const configured = files.flatMap(({ settings }) => settings ?? []);
  const configurations = files.map(({ path }) => path);
  const settings = [...settingsOf(words), ...configured];
  const isComplete =
    files.every((file) => file.settings !== null) && !hasMore(configured) && ownName(root.words) === null;
  const hasParts = isEmperor(settings) || settings.some((each) => roleOf(each) === 'router');
  const parts = forks.filter((each) => hasParts || isRouter(each));
  return {
    ...family,
    members: [root, ...forks],
    settings,
    configurations,
    isComplete,
    parts,
    hasVassals: false,
  };
}

const ROUTERS: ReadonlySet<string> = new Set(['http', 'fastrouter', 'rawrouter', 'sslrouter']);

function isRouter({ words }: Member): boolean {
  return ROUTERS.has(ownName(words)?.role ?? '');
}

async function serversOf(
  instance: Instance,
  byPid: ReadonlyMap<number, Instance>,
  roots: ReadonlyMap<number, Inspected>,
  parts: ReadonlyMap<number, Inspected>,
  context: Context,
): Promise<Server[]> {
  const { root, above } = instance;
  const own = roots.get(root.pid);
  const main = await serverOf(root, instance, own, context);
  const others: Server[] = [];
  for (const part of instance.parts) {
    const inspected = parts.get(part.pid);
    if (!inspected || !own) continue;
    // A fork has inherited the sockets of its master.
    const bound = inspected.bound.filter((inode) => !own.open.has(inode));
    const server =
      bound.length === 0 ? null : await serverOf(part, instance, { ...inspected, bound }, context);
    if (server && server.missing === null) others.push({ ...server, partOf: root.pid });
  }
  const emperor = above && byPid.get(above.pid);
  const isVassal = emperor && (isEmperor(emperor.settings) || ownName(emperor.root.words) !== null);
  if (main) main.vassalOf = isVassal ? (above?.pid ?? null) : null;
  // The master of an emperor has no requests.
  const isOnlyMaster = main?.missing === 'none' && others.some(({ kind }) => kind === 'emperor');
  return main && !isOnlyMaster ? [main, ...others] : others;
}

/** @returns `null` for a process that is no server, such as `uwsgi --reload` */
async function serverOf(
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
    user: { id: uid, name: names.get(uid) ?? null },
    command: words,
    configurations,
    vassalOf: null,
    partOf: null,
  };
  const unknown: Kind | null = isEmperor(settings) ? 'emperor' : forks.length > 0 ? 'app' : null;
  const place = await placeOf(folder).catch(() => null);
  if (!inspected || !place) {
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
    missing: first ? null : stats === 'unclear' ? 'unclear' : 'none',
  };
}

function kindOf(sockets: readonly StatsSocket[]): Kind | null {
  return sockets[0]?.role ?? null;
}

function nameOfSocket({ address }: Listening): string {
  return address.family === 'tcp' ? `${address.host}:${address.port}` : address.path;
}
