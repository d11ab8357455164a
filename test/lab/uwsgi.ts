import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';
import { answers, freePort, type StatsAddress, type StatsForm, statsAddress } from './addresses.ts';
import { available, howToInstall } from './available.ts';
import { guard } from './guard.ts';
import type { HttpEndpoint } from './load.ts';
import { inRoot } from './root.ts';
import type { Version } from './versions.ts';

export interface UwsgiOptions {
  /** Default: the installed one. */
  version?: Version;
  /** Default: 2. */
  processes?: number;
  /** Cores of each process, as threads. */
  threads?: number;
  /** Cores of each process, as greenlets. */
  gevent?: number;
  /** The minimum number of running processes. */
  cheaper?: number;
  /** Default: a unix path. */
  stats?: StatsForm;
  statsHttp?: boolean;
  memoryReport?: boolean;
  /** Accepts requests over TCP too. uWSGI knows its listen queue only then. */
  httpPort?: boolean;
  /** Starts an emperor with the vassals of fixtures/lab/vassals, without an application of its own. */
  emperor?: boolean;
  /** A file of fixtures/lab that replaces the configuration of the application or the emperor. */
  ini?: string;
  /** Seconds that the application takes to load. */
  importSeconds?: number;
  /** Folders to create in the server's folder before it starts. */
  folders?: readonly string[];
  /** Additional arguments of uWSGI. */
  args?: readonly string[];
}

/** A running server. It ends with `stop()`, or with this process. */
export interface Uwsgi {
  /** Its stats server, as a target of statstop. */
  readonly target: string;
  /** The address for requests. */
  readonly http: HttpEndpoint;
  /** Contains `app.sock`, the uwsgi socket, and the sockets of the vassals, such as `blog.stats`. */
  readonly folder: string;
  /** Pid of the started process: the master, or the emperor if it has no master. */
  pid(): number;
  /** The whole log, across restarts. */
  log(): string;
  /** Ends the server and starts it again at the same addresses, with some options changed. */
  restart(changes: Partial<UwsgiOptions>): Promise<void>;
  /** Ends all processes of the server and removes its folder. */
  stop(): Promise<void>;
}

const CONFIGS = fileURLToPath(new URL('../../fixtures/lab/', import.meta.url));

/**
 * Starts a real uWSGI in a separate folder and waits until its stats server answers.
 *
 * @throws Error with the server's log when it does not start
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
  /** The port for requests over TCP. */
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
    // A separate process group, so that the whole group can be ended.
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
  const deadline = performance.now() + TIMEOUT_MS;
  while (!(await isReady())) {
    const ended = hasEnded(child);
    if (ended || performance.now() > deadline) {
      await end();
      const why = ended ? 'uWSGI ended at once' : `uWSGI was not ready in ${TIMEOUT_SECONDS} s`;
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

/** Ends the group of master, workers and vassals. uWSGI starts no session for these processes. */
async function endGroup(child: ChildProcess, group: number): Promise<void> {
  const ended = hasEnded(child) ? null : once(child, 'exit');
  child.ref();
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // The group has no processes left.
  }
  await ended;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function logOf(folder: string): string {
  return readFileSync(join(folder, 'log'), 'utf8');
}
