import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDiscovery } from '../host/discover.ts';
import { openStats } from '../host/open-stats.ts';
import { SearchError } from '../host/search-error.ts';
import type { Server, ServerSocket } from '../host/server.ts';
import type { Fleet } from '../monitor/fleet.ts';
import { noteOf } from '../outputs/servers.ts';
import { parseTarget } from '../targets/parse.ts';
import { addressOf, type Target } from '../targets/target.ts';
import { LIST, type Selected } from './selected.ts';

/** Seconds between two searches. A search takes some 100 ms of CPU time with 2,000 processes. */
const INTERVAL = 5;

/** Seconds until the next look for an emperor, which does not search. */
const LOOK_INTERVAL = 1;

/** A server and its stats socket; `null` without one. */
interface Found {
  server: Server;
  socket: ServerSocket | null;
}

/**
 * The uWSGI servers of this machine. `host/discover` finds them by reading `/proc`. Only checked stats sockets are
 * connected to, never those of an application.
 */
export class LocalServers {
  readonly #discover = createDiscovery();
  readonly #say: (text: string) => void;
  /** Servers of the last search. A server that still runs keeps its object, so that it is not interrupted. */
  #known = new Map<string, Selected>();

  /** @param say receives a message when searches begin to fail, and when one succeeds again */
  constructor(say: (text: string) => void = () => {}) {
    this.#say = say;
  }

  /** Searches once. Servers that cannot be read are in the list, too, with the reason. @throws SearchError */
  async all(): Promise<Selected[]> {
    return this.#update((await this.#discover()).flatMap(socketsOf));
  }

  /**
   * Yields all servers whenever some have started or ended, until the signal aborts.
   *
   * @param before the servers of the last search
   */
  async *changes(before: readonly Selected[], signal: AbortSignal): AsyncGenerator<readonly Selected[]> {
    yield* this.#whenever(signal, before, async () => ({ servers: await this.all(), wait: INTERVAL }));
  }

  /**
   * Yields these servers, and the vassals of the emperors among them that run on this machine, whenever that list
   * changes.
   */
  async *withVassals(
    servers: readonly Selected[],
    fleet: () => Fleet,
    signal: AbortSignal,
  ): AsyncGenerator<readonly Selected[]> {
    const paths = new Set(servers.flatMap(({ target }) => (target ? pathsOf(target) : [])));
    yield* this.#whenever(signal, servers, async () => {
      const emperors = new Set(emperorsOf(servers, fleet()));
      if (emperors.size === 0) return { servers, wait: LOOK_INTERVAL };
      const found = await this.#discover();
      const pids = new Set(
        found.filter(({ sockets }) => sockets.some(({ name }) => emperors.has(name))).map(({ pid }) => pid),
      );
      const vassals = found
        .filter(({ vassalOf }) => vassalOf !== null && pids.has(vassalOf))
        .flatMap(socketsOf)
        .filter(({ socket }) => socket?.target != null && !paths.has(socket.name));
      return { servers: [...servers, ...(await this.#update(vassals))], wait: INTERVAL };
    });
  }

  /** Closes the files of the sockets. The servers can no longer be read. */
  async close(): Promise<void> {
    const known = [...this.#known.values()];
    this.#known = new Map();
    await Promise.all(known.map(({ close }) => close?.()));
  }

  async *#whenever(
    signal: AbortSignal,
    first: readonly Selected[],
    list: () => Promise<{ servers: readonly Selected[]; wait: number }>,
  ): AsyncGenerator<readonly Selected[]> {
    let before = first;
    let seconds = LOOK_INTERVAL;
    let isFailing = false;
    for (;;) {
      await sleep(seconds * 1000, null, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      const found = await list().catch((error: Error) => {
        if (!(error instanceof SearchError)) throw error;
        if (!isFailing) this.#say(`servers that start or end are not noticed: ${error.message}`);
        return null;
      });
      if (signal.aborted) return;
      if (isFailing && found) this.#say('the search for servers continues');
      isFailing = found === null;
      const { servers, wait } = found ?? { servers: before, wait: INTERVAL };
      if (before.length !== servers.length || servers.some((each, at) => each !== before[at])) yield servers;
      before = servers;
      seconds = wait;
    }
  }

  async #update(found: readonly Found[]): Promise<Selected[]> {
    const before = this.#known;
    const known = new Map<string, Selected>();
    const names = new Set<string>();
    for (const each of found) {
      const key = keyOf(each);
      const name = uniqueName(each, names);
      names.add(name);
      const old = before.get(key);
      // The check of a socket can fail because there was no free file descriptor.
      const mustCheck = old?.target === null && each.socket?.target != null;
      known.set(key, old && !mustCheck ? old : await this.#begin(each, name, old));
    }
    this.#known = known;
    for (const [key, { close }] of before) if (!known.has(key)) await close?.();
    return [...known.values()];
  }

  /** @param before the same server, if its socket could not be checked before */
  async #begin(found: Found, name: string, before?: Selected): Promise<Selected> {
    const { server, socket } = found;
    const opened = socket && (await openStats(server, socket));
    const text = socket?.target ?? `pid:${server.pid}`;
    const member = { target: text, name, pid: server.ownPid };
    if (opened !== null && socket?.target != null) {
      const target = { ...parseTarget(opened.target), text };
      return { server: member, target, bound: parseTarget(socket.target), close: () => opened.close() };
    }
    if (before) return before;
    const why = noteOf(server) ?? 'its stats socket could not be checked';
    return { server: { ...member, closed: { why, advice: LIST } }, target: null, bound: null };
  }
}

function socketsOf(server: Server): Found[] {
  const { sockets } = server;
  return sockets.length === 0 ? [{ server, socket: null }] : sockets.map((socket) => ({ server, socket }));
}

function keyOf({ server, socket }: Found): string {
  return `${server.pid} ${server.startedAfterBoot} ${socket?.inode} ${socket?.target}`;
}

/** The name of a server; with its pid if another server has the same name. */
function uniqueName({ server, socket }: Found, used: ReadonlySet<string>): string {
  const names = [server.name, `${server.name}:${server.pid}`, `${server.name}:${server.pid}:${socket?.name}`];
  return names.find((name) => !used.has(name)) ?? server.name;
}

/** The addresses of the emperors among the servers, as a server binds them. */
function emperorsOf(servers: readonly Selected[], { servers: observed }: Fleet): string[] {
  return servers.flatMap(({ server, target }) => {
    const { sample, connection } = observed.get(server.target) ?? {};
    const isEmperor = sample?.kind === 'emperor' && connection?.state === 'live';
    return isEmperor && target ? pathsOf(target) : [];
  });
}

/** The names that a server may have given to the socket of a target: the path as it is, and the absolute one. */
function pathsOf(target: Target): string[] {
  const address = addressOf(target);
  return address?.family === 'unix' ? [address.path, resolve(address.path)] : [];
}
