import { setTimeout as sleep } from 'node:timers/promises';
import { createDiscovery, openStats, type Server, type ServerSocket } from '../host/discover.ts';
import type { Fleet } from '../monitor/fleet.ts';
import { noteOf } from '../outputs/servers.ts';
import { parseTarget } from '../targets/parse.ts';
import { addressOf, type Target } from '../targets/target.ts';
import type { WatchedServer } from '../terminal/readers.ts';

/** How a server of this machine is watched, given how it is read and how it was bound. */
export type Watch = (
  server: WatchedServer['server'],
  target: Target | null,
  bound: Target | null,
) => WatchedServer;

/** Seconds between two searches. A search takes some 100 ms of CPU time with 2,000 processes. */
const INTERVAL = 5;

/** Seconds until the next look for an emperor, which does not search. */
const LOOK_INTERVAL = 1;

/** A server and its stats socket; `null` without one. */
interface Found {
  server: Server;
  socket: ServerSocket | null;
}

interface Known {
  watched: WatchedServer;
  close(): Promise<void>;
}

/**
 * The uWSGI servers of this machine, as the live view watches them. `host/discover` finds them by reading `/proc`. Only
 * checked stats sockets are connected to, never those of an application.
 */
export class LocalServers {
  readonly #discover = createDiscovery();
  readonly #watch: Watch;
  readonly #node: string;
  /** Servers of the last search. A server that still runs keeps its object, so that it is not interrupted. */
  #known = new Map<string, Known>();

  constructor(node: string, watch: Watch) {
    this.#node = node;
    this.#watch = watch;
  }

  /** Searches once. Servers that cannot be read are in the list, too, with the reason. */
  async all(): Promise<WatchedServer[]> {
    return this.#update((await this.#discover()).flatMap(socketsOf));
  }

  /**
   * Yields all servers whenever some have started or ended, until the signal aborts.
   *
   * @param before the servers of the last search
   */
  async *changes(
    before: readonly WatchedServer[],
    signal: AbortSignal,
  ): AsyncGenerator<readonly WatchedServer[]> {
    yield* this.#whenever(signal, before, async () => ({ servers: await this.all(), wait: INTERVAL }));
  }

  /**
   * Yields these servers, and the vassals of the emperors among them that run on this machine, whenever that list
   * changes.
   */
  async *withVassals(
    servers: readonly WatchedServer[],
    fleet: () => Fleet,
    signal: AbortSignal,
  ): AsyncGenerator<readonly WatchedServer[]> {
    const paths = new Set(servers.flatMap(({ target }) => (target ? (pathOf(target) ?? []) : [])));
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

  async *#whenever(
    signal: AbortSignal,
    first: readonly WatchedServer[],
    list: () => Promise<{ servers: readonly WatchedServer[]; wait: number }>,
  ): AsyncGenerator<readonly WatchedServer[]> {
    let before = first;
    let seconds = LOOK_INTERVAL;
    for (;;) {
      await sleep(seconds * 1000, null, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      const { servers, wait } = await list();
      if (signal.aborted) return;
      if (before.length !== servers.length || servers.some((each, at) => each !== before[at])) yield servers;
      before = servers;
      seconds = wait;
    }
  }

  async #update(found: readonly Found[]): Promise<WatchedServer[]> {
    const before = this.#known;
    const known = new Map<string, Known>();
    const names = new Set<string>();
    for (const each of found) {
      const key = keyOf(each);
      const name = uniqueName(each, names);
      names.add(name);
      known.set(key, before.get(key) ?? (await this.#begin(each, name)));
    }
    this.#known = known;
    for (const [key, { close }] of before) if (!known.has(key)) await close();
    return [...known.values()].map(({ watched }) => watched);
  }

  async #begin(found: Found, name: string): Promise<Known> {
    const { server, socket } = found;
    const opened = socket && (await openStats(server, socket));
    const text = socket?.target ?? `pid:${server.pid}`;
    const of = { target: text, name, node: this.#node, pid: server.ownPid };
    if (opened === null || socket?.target == null) {
      const why = noteOf(server) ?? 'its stats socket could not be checked';
      const advice = '`statstop servers` lists the servers of this machine, and what each needs.';
      return { watched: this.#watch({ ...of, closed: { why, advice } }, null, null), close: async () => {} };
    }
    const target = { ...parseTarget(opened.target), text };
    return { watched: this.#watch(of, target, parseTarget(socket.target)), close: () => opened.close() };
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
function emperorsOf(servers: readonly WatchedServer[], { servers: observed }: Fleet): string[] {
  return servers.flatMap(({ server, target }) => {
    const { sample, connection } = observed.get(server.target) ?? {};
    const isEmperor = sample?.kind === 'emperor' && connection?.state === 'live';
    return isEmperor && target ? (pathOf(target) ?? []) : [];
  });
}

function pathOf(target: Target): string | null {
  const address = addressOf(target);
  return address?.family === 'unix' ? address.path : null;
}
