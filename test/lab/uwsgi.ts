import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PATIENCE_MS, PATIENCE_SECONDS } from '../patience.ts';
import { answers, freePort, type StatsAddress, type StatsForm, statsAddress } from './addresses.ts';
import { available, howToInstall } from './available.ts';
import { guard } from './guard.ts';
import type { HttpEndpoint } from './load.ts';
import { inRoot } from './root.ts';
import type { Version } from './versions.ts';

export interface UwsgiOptions {
  /** The installed one when not given. */
  version?: Version;
  /** 2 when not given. */
  processes?: number;
  /** Cores of each process. */
  threads?: number;
  /** Cores of each process, as greenlets. */
  gevent?: number;
  /** The least number of running processes. */
  cheaper?: number;
  /** A unix path when not given. */
  stats?: StatsForm;
  statsHttp?: boolean;
  memoryReport?: boolean;
  /** Requests come in over TCP too: only then uWSGI knows its listen queue. */
  httpPort?: boolean;
  /** An emperor with the vassals of fixtures/lab/vassals, and no application of its own. */
  emperor?: boolean;
  /** Of fixtures/lab: another configuration than that of the application, or of the emperor. */
  ini?: string;
  /** Seconds that the application takes to load. */
  importSeconds?: number;
  /** Folders that are made in the one of the server before it starts. */
  folders?: readonly string[];
  /** More of uWSGI's own arguments. */
  args?: readonly string[];
}

/** A running server. It ends with `stop()`, or with this process. */
export interface Uwsgi {
  /** Its stats server, as statstop is told it. */
  readonly target: string;
  /** Where it takes requests. */
  readonly http: HttpEndpoint;
  /** Holds `app.sock`, the uwsgi socket, and the sockets of the vassals, `blog.stats` and so on. */
  readonly folder: string;
  /** Of the process that was started: the master; of an emperor that has no master, the emperor. */
  pid(): number;
  /** All that it wrote, over its restarts. */
  log(): string;
  /** Ends it and starts it again at the same addresses, with some options changed. */
  restart(changes: Partial<UwsgiOptions>): Promise<void>;
  /** Ends every process of it and removes its folder. */
  stop(): Promise<void>;
}

const CONFIGS = fileURLToPath(new URL('../../fixtures/lab/', import.meta.url));

/**
 * Starts a real uWSGI in a folder of its own and waits until its stats server answers.
 *
 * @throws Error with the server's log when it does not come up
 */
export async function startUwsgi(options: UwsgiOptions = {}): Promise<Uwsgi> {
  const missing = options.version ? options.version.missing : available() ? null : howToInstall();
  if (missing !== null) throw new Error(missing);
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'lab-'));
  for (const name of options.folders ?? []) await mkdir(join(folder, name));
  const address = await statsAddress(options.stats ?? 'unix', folder);
  const port = options.httpPort ? await freePort('127.0.0.1') : null;
  const place = { folder, address, port };
  const remove = () => rm(folder, { recursive: true, force: true });
  let life = await launch(options, place).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return {
    target: address.text,
    http: port === null ? { socketPath: join(folder, 'http.sock') } : { host: '127.0.0.1', port },
    folder,
    pid: () => life.pid,
    log: () => logOf(folder),
    async restart(changes) {
      await life.end();
      life = await launch({ ...options, ...changes }, place);
    },
    async stop() {
      await life.end();
      await remove();
    },
  };
}

interface Place {
  folder: string;
  address: StatsAddress;
  /** For requests over TCP. */
  port: number | null;
}

/** One run of the server, from start to end. */
interface Life {
  pid: number;
  end(): Promise<void>;
}

async function launch(options: UwsgiOptions, place: Place): Promise<Life> {
  const { folder, address } = place;
  const logFile = openSync(join(folder, 'log'), 'a');
  const logBefore = logOf(folder).length;
  const root = options.version?.root ?? null;
  const command = ['uwsgi', ...argumentsOf(options, place)];
  const [program = '', ...words] = root === null ? command : inRoot(root, folder, command);
  const child = spawn(program, words, {
    cwd: folder,
    // A group of its own, which can be ended as a whole.
    detached: true,
    stdio: ['ignore', logFile, logFile],
    env: {
      PATH: process.env.PATH,
      LAB_FOLDER: folder,
      LAB_IMPORT_SECONDS: String(options.importSeconds ?? 0),
    },
  });
  closeSync(logFile);
  const { pid } = child;
  if (pid === undefined) throw new Error(howToInstall());
  child.unref();
  const dismiss = guard(pid, folder);
  const end = async () => {
    await endGroup(child, pid);
    dismiss();
  };
  const isReady = () =>
    address.connection === null
      ? Promise.resolve(/stats server enabled/i.test(logOf(folder).slice(logBefore)))
      : answers(address.connection, options.statsHttp ?? false);
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isReady())) {
    const ended = hasEnded(child);
    if (ended || performance.now() > deadline) {
      await end();
      const why = ended ? 'uWSGI ended at once' : `uWSGI was not ready in ${PATIENCE_SECONDS} s`;
      throw new Error(`${why}: ${child.spawnargs.join(' ')}\n${logOf(folder)}`);
    }
    await sleep(50);
  }
  return { pid, end };
}

function argumentsOf(options: UwsgiOptions, { address, port }: Place): string[] {
  const given: readonly (readonly [string, string | number | boolean | null | undefined])[] = [
    ['--ini', join(CONFIGS, options.ini ?? (options.emperor ? 'emperor.ini' : 'app.ini'))],
    [options.emperor ? '--emperor-stats' : '--stats', address.text],
    ['--stats-http', options.statsHttp],
    ['--processes', options.emperor ? null : (options.processes ?? 2)],
    ['--threads', options.threads],
    ['--plugin', options.gevent && 'gevent_python3'],
    ['--gevent', options.gevent],
    ['--gevent-early-monkey-patch', options.gevent !== undefined],
    ['--cheaper', options.cheaper],
    ['--memory-report', options.memoryReport],
    ['--http-socket', port === null ? null : `127.0.0.1:${port}`],
  ];
  const words = given.flatMap(([option, value]) => {
    if (value === undefined || value === null || value === false) return [];
    return value === true ? [option] : [option, String(value)];
  });
  return [...words, ...(options.args ?? [])];
}

/** Master, workers and vassals are one group: uWSGI starts no session for any of them. */
async function endGroup(child: ChildProcess, group: number): Promise<void> {
  const ended = hasEnded(child) ? null : once(child, 'exit');
  child.ref();
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
  await ended;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function logOf(folder: string): string {
  return readFileSync(join(folder, 'log'), 'utf8');
}
