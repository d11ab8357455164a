import { placeOf } from './addresses.ts';
import { isEmperor, ownName } from './arguments.ts';
import { candidates } from './candidates.ts';
import { startsOf } from './configuration.ts';
import { requireDescriptors } from './descriptors.ts';
import { type Family, families, type Member } from './family.ts';
import { type Context, serverOf } from './found.ts';
import { readGuarded } from './guarded.ts';
import { byAge, type Identity, ownerOf } from './identity.ts';
import { type Inspected, inspect } from './inspect.ts';
import { type Instance, instanceOf } from './instance.ts';
import { inSlices } from './now.ts';
import { readHostProperties } from './resources.ts';
import { ProcError } from './search-error.ts';
import type { Server } from './server.ts';
import { userNames } from './users.ts';

/** What was found about one instance of uWSGI. */
export interface Group {
  /** Identifies its processes. */
  key: string;
  instance: Instance;
  /** The master or emperor first, then routers. Empty for a process that is no server. */
  servers: readonly Server[];
}

export type Scan = readonly Group[];

/**
 * Reads all instances of uWSGI on this machine.
 *
 * @param before an earlier scan. Its groups with stats sockets are kept while their processes are the same: a reload
 *   executes the program again, which changes `Identity.image`
 * @throws DescriptorError if some may be missing
 * @throws ProcError without a usable `/proc`
 */
export async function scan(proc: string, before: Scan = []): Promise<Scan> {
  if (process.platform !== 'linux') return [];
  requireDescriptors();
  try {
    return await groupsOf(proc, before);
  } finally {
    requireDescriptors();
  }
}

async function groupsOf(proc: string, before: Scan): Promise<Scan> {
  const certain = before.filter(isCertain);
  const known = new Map(certain.map((group) => [group.key, group]));
  const found = families(
    await membersOf(
      proc,
      certain.flatMap(({ instance }) => instance.members),
    ),
  );
  const { bootTime } = await readHostProperties(proc).catch((error) => {
    throw new ProcError(proc, error);
  });
  const fresh = found.filter((family) => !known.has(keyOf(family)));
  const context: Context = {
    proc,
    bootTime,
    names: await userNames(),
    here: await placeOf(`${proc}/self`),
    listening: new Map(),
  };
  const roots = fresh.map(({ root }) => root);
  const inspected = await inspect(roots, proc);
  const starts = await startsOf(roots, proc);
  const instances = new Map<number, Instance>();
  for (const family of found) {
    const { pid } = family.root;
    const old = known.get(keyOf(family))?.instance;
    instances.set(pid, old ?? (await instanceOf(family, inspected.has(pid), starts.get(pid), proc)));
  }
  const byPid = new Map(
    [...instances.values()].flatMap((each) => each.members.map(({ pid }) => [pid, each] as const)),
  );
  for (const { above } of instances.values()) {
    const parent = above && byPid.get(above.pid);
    if (parent) parent.hasVassals = true;
  }
  const parts = await inspect(
    fresh.flatMap(({ root }) => instances.get(root.pid)?.parts ?? []),
    proc,
  );
  const groups: Group[] = [];
  for (const family of found) {
    const key = keyOf(family);
    const instance = instances.get(family.root.pid);
    if (!instance) continue;
    const servers =
      known.get(key)?.servers ??
      (await serversOf(instance, byPid, new Map([...inspected, ...parts]), context));
    groups.push({ key, instance, servers });
  }
  return groups;
}

/** Whether all servers of a group can be read. Others may be starting. */
function isCertain({ servers }: Group): boolean {
  return servers.length > 0 && servers.every(({ sockets }) => sockets[0]?.target);
}

function keyOf({ root, forks, above }: Family): string {
  return [above?.pid ?? '', ...[root, ...forks].map(identifier)].join(' ');
}

/**
 * The processes that may be uWSGI, with their users and command lines.
 *
 * @param before processes that need not be read again
 */
async function membersOf(proc: string, before: readonly Member[]): Promise<Member[]> {
  const known = new Map(before.map((each) => [identifier(each), each]));
  const members: Member[] = [];
  const fresh: Omit<Member, 'words'>[] = [];
  await inSlices(await candidates(proc), (identity) => {
    const old = known.get(identifier(identity));
    const owner = old ? null : ownerOf(`${proc}/${identity.pid}`);
    if (old) members.push({ ...old, ...identity });
    else if (owner !== null) fresh.push({ ...identity, ...owner });
  });
  const pathOf = (pid: number) => `${proc}/${pid}/cmdline`;
  const lines = await readGuarded(fresh.map(({ pid, uid }) => ({ path: pathOf(pid), uid })));
  for (const each of fresh) {
    const line = lines.get(pathOf(each.pid)) ?? '';
    members.push({ ...each, words: line.replace(/\0+$/, '').split('\0') });
  }
  return members.sort(byAge);
}

/** Identifies a process and the program that it has executed. */
function identifier({ pid, startedAfterBoot, image }: Identity): string {
  return `${pid}:${startedAfterBoot}:${image}`;
}

async function serversOf(
  instance: Instance,
  byPid: ReadonlyMap<number, Instance>,
  inspections: ReadonlyMap<number, Inspected>,
  context: Context,
): Promise<Server[]> {
  const { root, above } = instance;
  const own = inspections.get(root.pid);
  const main = await serverOf(root, instance, own, context);
  const others: Server[] = [];
  for (const part of instance.parts) {
    const inspected = inspections.get(part.pid);
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
