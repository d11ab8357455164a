import type { Server } from '../app/state.ts';
import type { HostReading } from '../host/reading.ts';
import type { Source, SourceEvent } from '../sources/source.ts';
import type { AppSnapshot } from '../stats/snapshot.ts';
import type { Target } from '../targets/target.ts';
import type { EffectContext } from './effects.ts';

/** A server of the live view, and how to read it. */
export interface WatchedServer extends Pick<EffectContext, 'stacksOf'> {
  server: Server;
  /** `null` for a server that cannot be read, or whose address `again` may find. */
  target: Target | null;
  /** What it reads (`identityOf`). Absent for a server that cannot be read, or whose address `again` may find. */
  identity?: string;
  /** See `SourceOptions`. */
  again?(): Promise<Target>;
  /**
   * Returns what this machine's kernel reports about the server, or `null` if it does not run here. Never rejects.
   *
   * @param lookedAt id of the worker whose detail is shown
   */
  hostOf(snapshot: AppSnapshot, clock: number, lookedAt: number | null): Promise<HostReading | null>;
}

interface Reader {
  watched: WatchedServer;
  source: Source;
  stop: AbortController;
}

interface ReadersOptions {
  open(watched: WatchedServer): Source;
  take(target: string, event: SourceEvent): void;
  fail(error: Error): void;
}

/** Reads servers at the same time, each with a source of its own. Servers can be added and removed. */
export class Readers {
  readonly #options: ReadersOptions;
  readonly #readers = new Map<string, Reader>();
  #isStopped = true;

  constructor(options: ReadersOptions) {
    this.#options = options;
  }

  /** Whether a document of any server is due or arriving. */
  get receiving(): boolean {
    for (const { source } of this.#readers.values()) if (source.receiving) return true;
    return false;
  }

  /** The server with this target, if it can be read. */
  find(target: string): WatchedServer | undefined {
    return this.#readers.get(target)?.watched;
  }

  /** Reads these servers from now on. A server that was read before, and is the same object, is not interrupted. */
  read(servers: readonly WatchedServer[]): void {
    for (const [key, { watched, stop }] of this.#readers) {
      if (servers.includes(watched)) continue;
      stop.abort();
      this.#readers.delete(key);
    }
    for (const watched of servers) {
      const { server, target, again } = watched;
      if ((target === null && !again) || this.#readers.has(server.target)) continue;
      const reader = { watched, source: this.#options.open(watched), stop: new AbortController() };
      this.#readers.set(server.target, reader);
      if (!this.#isStopped) this.#follow(reader);
    }
  }

  /** Starts reading, or continues after `stop`. */
  start(): void {
    this.#isStopped = false;
    for (const reader of this.#readers.values()) {
      reader.stop = new AbortController();
      this.#follow(reader);
    }
  }

  /** Aborts all reads in progress. */
  stop(): void {
    this.#isStopped = true;
    for (const { stop } of this.#readers.values()) stop.abort();
  }

  /** Call this after a change of the interval. */
  reschedule(): void {
    for (const { source } of this.#readers.values()) source.reschedule();
  }

  #follow({ source, watched, stop }: Reader): void {
    const follow = async () => {
      for await (const event of source.events(stop.signal)) {
        if (stop.signal.aborted) return;
        this.#options.take(watched.server.target, event);
      }
    };
    follow().catch(this.#options.fail);
  }
}
