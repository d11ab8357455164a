import { timely } from '../host/timely.ts';
import { type Fleet, fleetObservation, newFleet, withMembers, withServer } from '../monitor/fleet.ts';
import type { FleetSample, Observation, Observed } from '../monitor/observation.ts';
import { type ObserveOptions, observe } from '../monitor/observe.ts';
import { openSource } from '../sources/open.ts';
import { type Source, type SourceEvent, SYSTEM_CLOCK } from '../sources/source.ts';
import { Readers, type WatchedServer } from '../terminal/readers.ts';
import { uniqueText } from '../text/unique.ts';
import { type Raised, raisedAfter } from './raised.ts';

export interface PoolOptions {
  timeoutSeconds: number;
  /** Seconds between two reads of a server without scrapes. */
  interval: number;
  observe: ObserveOptions;
  /** Receives an error that is a defect of this program. */
  fail(error: Error): void;
}

/** Seconds for which all scrapers share the last read of a server. */
const FRESH = 1;

/** Milliseconds that a document waits for the kernel's values. No screen waits for it. */
const KERNEL_MS = 2000;

/** Maximum number of probed servers, and seconds after the last probe for which they are observed. */
const MOST_PROBED = 100;
const PROBED_SECONDS = 300;

/**
 * Observes servers all the time, because findings need several readings, and gives their current values to scrapers. A
 * scrape brings the next read of a server forward, but not closer than `FRESH` to the last one. The pauses of
 * `sources/schedule` for slow and failing servers remain.
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #readers: Readers;
  readonly #sources = new Map<string, Source>();
  /** Targets whose next read has been brought forward. */
  readonly #wanted = new Set<string>();
  /** Called after each event. */
  readonly #waiting = new Set<() => void>();
  #fleet = newFleet([], SYSTEM_CLOCK.wall());
  #given: readonly WatchedServer[] = [];
  /** When the last event of each server was taken, in monotonic seconds. */
  readonly #taken = new Map<string, number>();
  readonly #raised = new Map<string, Raised>();
  /**
   * Servers that are observed because of a probe, by `keyOf`, with the monotonic time of the last one; the oldest is
   * first.
   */
  readonly #probed = new Map<string, { watched: WatchedServer; at: number }>();

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#readers = new Readers({
      open: ({ server, target, again, hostOf }) => {
        const isWanted = () => this.#wanted.has(server.target);
        const source = openSource(target, {
          timeoutSeconds: options.timeoutSeconds,
          interval: () => (isWanted() ? Math.min(FRESH, options.interval) : options.interval),
          hostOf: timely((snapshot, clock) => hostOf(snapshot, clock, null), KERNEL_MS),
          again,
        });
        this.#sources.set(server.target, source);
        return source;
      },
      take: (target, event) => this.#take(target, event),
      fail: options.fail,
    });
    this.#readers.start();
  }

  /** Observes these servers from now on. A server that was observed before keeps its history. */
  observe(servers: readonly WatchedServer[]): void {
    this.#given = servers;
    this.#update();
  }

  /**
   * Observes a server that is probed, for some minutes after the last probe. Returns its target in this pool. It has a
   * number if it equals that of another server, because secrets are masked in both.
   */
  probe(watched: WatchedServer): string {
    const key = keyOf(watched);
    const given = this.#given.find((each) => keyOf(each) === key);
    if (given) return given.server.target;
    const known = this.#probed.get(key)?.watched;
    const probed = known ?? withUniqueTarget(watched, this.#fleet.servers);
    this.#probed.delete(key);
    this.#probed.set(key, { watched: probed, at: SYSTEM_CLOCK.monotonic() });
    const [oldest] = this.#probed.keys();
    if (this.#probed.size > MOST_PROBED && oldest !== undefined) this.#probed.delete(oldest);
    if (!known) this.#update();
    return probed.server.target;
  }

  /** The targets of the given servers. */
  get targets(): string[] {
    return this.#given.map(({ server }) => server.target);
  }

  /**
   * Waits until the values of these servers are at most `FRESH` seconds old, or it is known that they cannot be read, or
   * the time is over. Then some values are as old as the last read.
   */
  async refresh(targets: readonly string[], seconds: number): Promise<void> {
    const old = () => targets.filter((target) => !this.#isFresh(target));
    for (const target of old()) {
      this.#wanted.add(target);
      this.#sources.get(target)?.reschedule();
    }
    await this.until(() => old().length === 0, seconds);
  }

  /** Waits until a condition holds, which is checked after each event, or until the time is over. */
  async until(holds: () => boolean, seconds: number): Promise<void> {
    if (holds() || seconds <= 0) return;
    let timer: NodeJS.Timeout | undefined;
    let check = () => {};
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, seconds * 1000);
      check = () => holds() && resolve();
      this.#waiting.add(check);
    });
    clearTimeout(timer);
    this.#waiting.delete(check);
  }

  /** What is known about these servers now. */
  observation(targets: readonly string[]): Observed<FleetSample> {
    const servers = this.#watched().map(({ server }) => server);
    const members = targets.flatMap((target) => servers.find((server) => server.target === target) ?? []);
    return fleetObservation(withMembers(this.#fleet, members));
  }

  /** What is known about all servers now, also those that are probed. The same object until that changes. */
  get fleet(): Fleet {
    return this.#fleet;
  }

  /** What is known about a server now. */
  of(target: string): Observation | undefined {
    return this.#fleet.servers.get(target);
  }

  /** How often findings of each server began. */
  get raised(): ReadonlyMap<string, Raised> {
    return this.#raised;
  }

  stop(): void {
    this.#readers.stop();
  }

  #watched(): WatchedServer[] {
    return [...this.#given, ...[...this.#probed.values()].map(({ watched }) => watched)];
  }

  #update(): void {
    const since = SYSTEM_CLOCK.monotonic() - PROBED_SECONDS;
    const keys = new Set(this.#given.map(keyOf));
    const given = new Set(this.targets);
    for (const [key, { watched, at }] of this.#probed)
      if (at < since || keys.has(key) || given.has(watched.server.target)) this.#probed.delete(key);
    const all = this.#watched();
    this.#fleet = withMembers(
      this.#fleet,
      all.map(({ server }) => server),
    );
    this.#readers.read(all);
    for (const target of [...this.#sources.keys()])
      if (!this.#fleet.servers.has(target)) {
        this.#sources.delete(target);
        this.#wanted.delete(target);
        this.#raised.delete(target);
        this.#taken.delete(target);
      }
  }

  #take(target: string, event: SourceEvent): void {
    this.#wanted.delete(target);
    const before = this.#fleet.servers.get(target);
    if (before === undefined) return;
    const after = observe(before, event, this.#options.observe);
    this.#fleet = withServer(this.#fleet, after, SYSTEM_CLOCK.wall());
    this.#taken.set(target, SYSTEM_CLOCK.monotonic());
    this.#raised.set(target, raisedAfter(this.#raised.get(target) ?? new Map(), before, after));
    const [oldest] = this.#probed.values();
    if (oldest && SYSTEM_CLOCK.monotonic() - oldest.at > PROBED_SECONDS) this.#update();
    for (const check of [...this.#waiting]) check();
  }

  /** Whether a read would say nothing new, or cannot begin soon because the last one failed. */
  #isFresh(target: string): boolean {
    const known = this.#fleet.servers.get(target);
    switch (known?.connection.state) {
      case 'connecting':
        return false;
      case 'live':
        return SYSTEM_CLOCK.monotonic() - (this.#taken.get(target) ?? 0) < FRESH;
      default:
        return true;
    }
  }
}

/** Identifies a server. Two targets can have the same text, because secrets are masked in it. */
function keyOf({ identity, server }: WatchedServer): string {
  return identity ?? server.target;
}

/** The server with a target that is not one of the known ones. */
function withUniqueTarget(watched: WatchedServer, known: ReadonlyMap<string, unknown>): WatchedServer {
  const { server, target } = watched;
  const text = uniqueText(server.target, new Set(known.keys()));
  return {
    ...watched,
    server: { ...server, target: text, name: text },
    target: target && { ...target, text },
  };
}
