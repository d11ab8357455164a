import { setTimeout as sleep } from 'node:timers/promises';
import { type SocketFolder, socketFolder } from './folder.ts';
import { type Serve, serveAsUwsgi } from './serve.ts';
import { type DemoServer, type ServerOptions, startServer } from './server.ts';
import { TRAFFIC_DEFAULTS, type TrafficOptions } from './traffic.ts';

export interface FleetOptions extends Partial<TrafficOptions>, Pick<ServerOptions, 'http'> {
  /** Number of servers, at least 2. */
  servers: number;
  /** Seconds for which the mortal server runs, and for which it is gone. */
  life?: { up: number; down: number };
}

/** Running stats servers. */
export interface DemoFleet {
  /** The targets with which statstop reads them. */
  readonly addresses: readonly string[];
  /** Stops all servers, and removes their sockets and the folder. */
  close(): Promise<void>;
}

/** A server of the fleet. Its name is that of its socket. */
interface Member extends Omit<TrafficOptions, 'seed'> {
  name: string;
  kind?: 'emperor';
  /** Seconds before it answers, as a busy master does. */
  delay?: number;
  /** It ends regularly, and starts again some seconds later. */
  isMortal?: true;
}

/** The first ones are different in kind, so that a small fleet also has them. */
const MEMBERS: readonly Member[] = [
  { name: 'shop', workers: 8, cores: 2, rate: 60 },
  { name: 'search', workers: 4, cores: 2, rate: 12, delay: 0.8 },
  { name: 'reports', workers: 2, cores: 1, rate: 2, isMortal: true },
  { name: 'emperor', kind: 'emperor', workers: 1, cores: 1, rate: 1 },
  { name: 'api', workers: 6, cores: 4, rate: 40 },
  { name: 'blog', workers: 2, cores: 2, rate: 5 },
  { name: 'auth', workers: 4, cores: 1, rate: 20 },
  { name: 'images', workers: 4, cores: 4, rate: 25 },
  { name: 'mail', workers: 1, cores: 1, rate: 0.5 },
  { name: 'docs', workers: 2, cores: 1, rate: 3 },
  { name: 'admin', workers: 2, cores: 2, rate: 1 },
  { name: 'tickets', workers: 3, cores: 2, rate: 8 },
];

/** The others of a larger fleet: usual app servers with numbers in their names. */
const USUAL = MEMBERS.filter(({ kind, delay, isMortal }) => !kind && !delay && !isMortal);

const LIFE = { up: 40, down: 15 };

/** Seconds from the start of a server to its first rush: different for each, so that not all have a rush at once. */
const calmOf = (place: number) => 10 + ((place * 7) % 30);

/** Distance of the seeds of two servers. A server that starts again has the next seed. */
const SEEDS = 1000;

/**
 * Starts several stats servers with different names and loads. One of them answers slowly, one ends and starts again
 * regularly, and one is an emperor. Given workers, cores and rates are those of each app server.
 *
 * @throws RangeError for invalid numbers
 */
export async function startFleet({
  servers,
  seed = TRAFFIC_DEFAULTS.seed,
  life = LIFE,
  ...given
}: FleetOptions): Promise<DemoFleet> {
  if (!Number.isInteger(servers) || servers < 2)
    throw new RangeError('servers must be a whole number above 1');
  const folder = await socketFolder();
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const starts = Array.from({ length: servers }, (_, place) => {
    const member = { ...memberAt(place), ...known };
    const start = starter(member, folder, { seed: seed + place * SEEDS, calm: calmOf(place) });
    return member.isMortal ? mortal(start, life) : start(0);
  });
  const results = await Promise.allSettled(starts);
  const running = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const close = async () => {
    await Promise.all(running.map((server) => server.close()));
    folder.remove();
  };
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  return { addresses: running.map(({ address }) => address), close };
}

function memberAt(place: number): Member {
  const more = place - MEMBERS.length;
  const member = more < 0 ? MEMBERS[place] : USUAL[more % USUAL.length];
  if (!member) throw new RangeError(`there is no server ${place}`);
  return more < 0 ? member : { ...member, name: `${member.name}-${2 + Math.floor(more / USUAL.length)}` };
}

/** Starts a server for the first time (`life` is 0), or again. */
type Start = (life: number) => Promise<Pick<DemoServer, 'address' | 'close'>>;

function starter(
  { name, delay, isMortal: _, ...options }: Member,
  folder: SocketFolder,
  { seed, calm }: { seed: number; calm: number },
): Start {
  const address = folder.place(name);
  const serve = delay === undefined ? serveAsUwsgi : afterDelay(delay);
  return (life) => startServer({ ...options, address, calm, seed: seed + life, warm: life === 0 }, { serve });
}

function afterDelay(seconds: number): Serve {
  return async (client) => {
    await sleep(seconds * 1000, undefined, { ref: false });
    if (!client.socket.destroyed) await serveAsUwsgi(client);
  };
}

/** A server that ends and starts again, until it is closed. */
async function mortal(start: Start, { up, down }: typeof LIFE): ReturnType<Start> {
  let server = await start(0);
  const { address } = server;
  const ended = new AbortController();
  const passed = (seconds: number) =>
    sleep(seconds * 1000, true, { ref: false, signal: ended.signal }).catch(() => false);
  const lives = async () => {
    for (let life = 1; await passed(up); life += 1) {
      await server.close();
      if (!(await passed(down))) return;
      server = await start(life);
    }
    await server.close();
  };
  // It stays away if a program that cleans temporary files has removed the folder.
  const living = lives().catch(() => {});
  return {
    address,
    close() {
      ended.abort();
      return living;
    },
  };
}
