import { randomBytes } from 'node:crypto';
import { lstat, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { Ss } from '../host/ss.ts';
import { type Format, PROMETHEUS } from '../outputs/prometheus/exposition.ts';
import { memoize } from '../rates/memoize.ts';
import { createMetricsServer, listen } from '../serve/http.ts';
import { Pool } from '../serve/pool.ts';
import { socketOf } from '../serve/probe.ts';
import { exporterRoutes } from '../serve/routes.ts';
import { MistakenError } from '../sources/errors.ts';
import { reasonOf } from '../text/reason.ts';
import { type ListenAddress, listenOn } from './export-options.ts';
import { LocalServers } from './local-servers.ts';
import { type Chosen, maskOf } from './options.ts';
import { composed, OutputError, write } from './output.ts';
import { fail, warn } from './report.ts';
import { isRegular } from './resolve-target.ts';
import type { Selected } from './selected.ts';
import { targetsOf } from './targets.ts';
import { UsageError } from './usage-error.ts';
import { SHARED_SECONDS, watched } from './watched.ts';

/** Options of `statstop export`. */
export interface ExportOptions extends Chosen {
  listen?: ListenAddress;
  collectCores?: boolean;
  probeAllow?: readonly string[];
  format?: Format;
  to?: string;
}

/**
 * `statstop export`: serves the metrics of servers for Prometheus until a signal ends it, or prints them once. Without a
 * target, the servers are those of this machine.
 */
export async function exportMetrics(texts: readonly string[], options: ExportOptions): Promise<void> {
  if (options.interval === 0) throw new UsageError('export needs an interval from 0.1 to 3600');
  if (options.to !== undefined && options.format === undefined) throw new UsageError('--to needs --format');
  const { settings, long, timeout, interval } = options;
  const pool = new Pool({
    timeoutSeconds: timeout,
    interval,
    observe: { levels: settings.findings ?? {}, long },
    fail: (error) => {
      throw error;
    },
  });
  const ss = new Ss('ss', SHARED_SECONDS);
  // A server that still runs keeps its object, so that it is not interrupted.
  const watchedOf = memoize((each: Selected) => watched(each, hostname(), { ss }));
  const local = texts.length > 0 ? null : new LocalServers((text) => warn([text]));
  const selected = local === null ? await given(texts, options) : await local.all();
  pool.observe(selected.map(watchedOf));
  try {
    if (options.format !== undefined) {
      await printOnce(pool, options.format, options);
      await end(pool, local);
      return;
    }
    await serve(pool, ss, options);
  } catch (error) {
    await end(pool, local);
    throw error;
  }
  if (local === null) return;
  for await (const all of local.changes(selected, new AbortController().signal))
    pool.observe(all.map(watchedOf));
}

/** Ends the process without waiting for reads, for the search for servers, or for `ss`. */
async function end(pool: Pool, local: LocalServers | null): Promise<void> {
  pool.stop();
  await local?.close();
  setImmediate(() => process.exit());
}

/** The servers of the command line. Only a single print reads files. */
async function given(texts: readonly string[], { format }: ExportOptions): Promise<Selected[]> {
  const selected = await targetsOf(texts);
  if (format !== undefined) return selected;
  if (selected.some(({ target }) => target?.kind === 'stdin'))
    throw new UsageError('standard input has one document only. Use --format to print its metrics');
  return Promise.all(selected.map(asServer));
}

/** A server that is never read as a file. While its path is that of a file, its error says so. */
async function asServer(each: Selected): Promise<Selected> {
  const { server, target } = each;
  if (target?.kind !== 'path' || !(await isRegular(target.path)))
    return { ...each, target: target && socketOf(target) };
  const again = async () => {
    if (await isRegular(target.path)) throw new MistakenError(server.target, FILE);
    return socketOf(target);
  };
  return { ...each, target: null, again };
}

const FILE = {
  what: 'it is a file, not the socket of a server',
  advice: 'Use --format to print the metrics of a file.',
};

async function serve(pool: Pool, ss: Ss, options: ExportOptions): Promise<void> {
  const { collectCores = false, probeAllow = [] } = options;
  const routes = exporterRoutes({
    pool,
    allowed: probeAllow,
    output: { mask: maskOf(options), collectCores },
    version: manifest.version,
    watch: (target) => {
      const { text } = target;
      const selected = { server: { target: text, name: text }, target, bound: target };
      return pool.probe(watched(selected, hostname(), { ss }));
    },
  });
  const server = createMetricsServer(routes, ({ message }) =>
    fail([{ message: `internal error: ${message}`, status: 1 }]),
  );
  const address = listenOn(options.listen);
  const url = await listen(server, address).catch((error: NodeJS.ErrnoException) => {
    const { host, port } = address;
    throw new OutputError(
      `cannot listen on ${host}:${port}: ${LISTEN_ERRORS[error.code ?? ''] ?? error.message}`,
    );
  });
  await write(`listening on ${url}/metrics\n`);
}

const LISTEN_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is in use. Choose another one with --listen',
  EADDRNOTAVAIL: 'this machine does not have the address. Choose another one with --listen',
  EACCES: 'no permission. Choose a port from 1024 on with --listen',
  ENOTFOUND: 'the name is unknown. Use an address of this machine with --listen',
};

/** Prints the metrics after two readings of each server, so that there are findings. */
async function printOnce(pool: Pool, format: Format, options: ExportOptions): Promise<void> {
  const { targets } = pool;
  await pool.until(
    () => targets.every((target) => isSettled(pool, target)),
    3 * (options.interval + options.timeout),
  );
  const { collectCores = false, to } = options;
  const text = composed(() =>
    PROMETHEUS.write(pool.observation(targets), { mask: maskOf(options), format, collectCores }),
  );
  await (to === undefined ? write(text) : replace(to, text));
}

/** Whether further readings are not needed. */
function isSettled(pool: Pool, target: string): boolean {
  const { connection, sample } = pool.of(target) ?? {};
  if (connection?.state === 'connecting') return false;
  return connection?.state !== 'live' || sample?.interval != null || sample?.reset === true;
}

/**
 * Writes a file beside the given one, and gives it its name. So a reader sees either the old or the new content. A device
 * or a link is not replaced.
 */
async function replace(path: string, text: string): Promise<void> {
  const next = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const known = await lstat(path).catch(() => null);
    if (known !== null && !known.isFile()) throw new Error('it is not a regular file');
    await writeFile(next, text, { flag: 'wx', mode: 0o644 });
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true }).catch(() => {});
    throw new OutputError(`cannot write ${path}: ${reasonOf(error)} (folder ${dirname(path)})`);
  }
}
