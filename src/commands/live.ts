import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { initialState } from '../app/state.ts';
import { createHost } from '../host/host.ts';
import { isLocal } from '../host/local.ts';
import { Ss } from '../host/ss.ts';
import { isThere, writeSettings } from '../settings/file.ts';
import { settingsFrom } from '../settings/save.ts';
import { SYSTEM_CLOCK } from '../sources/source.ts';
import { addressOf, type Target } from '../targets/target.ts';
import { isDumb, terminalType } from '../terminal/blessed/terminfo.ts';
import type { Keeper } from '../terminal/effects.ts';
import { type Ending, type LoopOptions, runLoop } from '../terminal/loop.ts';
import type { WatchedServer } from '../terminal/readers.ts';
import { endBy } from '../terminal/signals.ts';
import { unblocked } from '../terminal/unblocked.ts';
import { UNKNOWN } from '../text/format.ts';
import { initialView } from './initial-view.ts';
import type { LocalServers } from './local-servers.ts';
import type { Chosen } from './options.ts';
import { stacksReader } from './stacks-reader.ts';
import { targetsOf } from './targets.ts';
import { UsageError } from './usage-error.ts';

/** Shows the live view of one or more targets until it ends. Without a target, it shows the servers of this machine. */
export async function live(texts: readonly string[], options: Chosen): Promise<void> {
  await leave(texts.length === 0 ? watchLocal(options) : watch(texts, options));
}

/** Shows targets. Resolves when the terminal has been restored. */
export async function watch(
  texts: readonly string[],
  options: Chosen,
  keeper = keeperOf(options),
): Promise<Ending> {
  const selected = await targetsOf(texts);
  for (const { target } of selected) refuseWithoutTerminal(target, options);
  const ss = selected.length > 1 ? new Ss('ss', SHARED_SECONDS) : undefined;
  const servers = await Promise.all(
    selected.map(async ({ target, name }) => {
      const server = { target: target.text, name, node: await nodeOf(target) };
      return watched(server, target, target, options, ss);
    }),
  );
  const changes: LoopOptions['changes'] = async function* (signal, fleet) {
    yield* (await localServers(options)).withVassals(servers, fleet, signal);
  };
  return run(servers, changes, options, keeper);
}

/** Shows the servers of this machine, as they start and end. */
async function watchLocal(options: Chosen): Promise<Ending> {
  refuseWithoutTerminal(null, options);
  const local = await localServers(options);
  const servers = await local.all();
  if (servers.length === 0)
    throw new UsageError(
      'no target, and no uWSGI server was found on this machine. Give the address of `stats = ...` in the uWSGI configuration, as in: statstop /run/app.stats',
    );
  return run(servers, (signal) => local.changes(servers, signal), options, keeperOf(options));
}

async function localServers(options: Chosen): Promise<LocalServers> {
  const { LocalServers } = await import('./local-servers.ts');
  const ss = new Ss('ss', SHARED_SECONDS);
  return new LocalServers(hostname(), (server, target, bound) => watched(server, target, bound, options, ss));
}

function run(
  servers: readonly WatchedServer[],
  changes: LoopOptions['changes'],
  options: Chosen,
  keeper: Keeper,
): Promise<Ending> {
  const type = terminalType(process.env);
  // A last error message goes there. It must not block if the terminal accepts no output.
  if (process.stderr.isTTY) unblocked(process.stderr);
  return runLoop({
    servers,
    ...(changes ? { changes } : {}),
    timeoutSeconds: options.timeout,
    keeper,
    state: initialState({
      servers: servers.map(({ server }) => server),
      node: hostname(),
      now: SYSTEM_CLOCK.wall(),
      view: initialView(options),
    }),
    streams: { input: process.stdin, output: unblocked(process.stdout) },
    terminal: { ...type, theme: options.theme, ...(options.color ? {} : { colors: 0 }) },
  });
}

/** Seconds for which several servers share what `ss` prints. */
const SHARED_SECONDS = 1.5;

/**
 * @param target how the server is read; `null` if it cannot be read
 * @param bound its address, which the kernel compares with the sockets of processes
 * @param ss shared by all servers; absent for a single one
 */
function watched(
  server: WatchedServer['server'],
  target: Target | null,
  bound: Target | null,
  options: Chosen,
  ss?: Ss,
): WatchedServer {
  if (bound === null) return { server, target: null, hostOf: async () => null, stacksOf: async () => [] };
  const host = createHost(ss ? { target: bound, ss } : { target: bound });
  return {
    server,
    target,
    hostOf: (...args) => host.read(...args),
    stacksOf: stacksReader(bound, options),
  };
}

/** Returns the keeper that writes the choices of the live view to the setting file. */
function keeperOf({ settingPath }: Pick<Chosen, 'settingPath'>): Keeper {
  return {
    async question() {
      if (settingPath === null || !(await isThere(settingPath))) return null;
      return `write settings to ${withoutHome(settingPath)}?`;
    },
    async save(view) {
      if (settingPath === null)
        throw new Error('settings not written: --no-config was given, or HOME is not set');
      await writeSettings(settingPath, (file) => settingsFrom(view, file));
      return `settings written to ${settingPath}`;
    },
  };
}

/** Abbreviates the home directory in a path to `~`, as a shell does. */
function withoutHome(path: string): string {
  const { HOME: home = '' } = process.env;
  return home.startsWith('/') && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** Ends the process. If a signal ended the view, the process ends by that signal too. */
export async function leave(ended: Promise<Ending>): Promise<void> {
  try {
    const ending = await ended;
    if (ending !== 'quit') endBy(ending);
  } finally {
    // Do not wait for a terminal that accepts no output, or for the lookup of a host name, which cannot be aborted.
    setImmediate(() => process.exit());
  }
}

function refuseWithoutTerminal(target: Target | null, { interval }: Chosen): void {
  const instead = 'Use --once for a table or --json for a document.';
  if (!process.stdout.isTTY)
    throw new UsageError(`the live view needs a terminal on standard output. ${instead}`);
  if (target?.kind === 'stdin')
    throw new UsageError(`the live view reads keys, not documents, from standard input. ${instead}`);
  if (!process.stdin.isTTY)
    throw new UsageError(`the live view needs a terminal on standard input. ${instead}`);
  if (isDumb(process.env))
    throw new UsageError(`the live view cannot use a terminal of type '${process.env.TERM}'. ${instead}`);
  if (interval === 0)
    throw new UsageError(
      'the live view needs an interval from 0.1 to 3600. Use 0 only with --once or --json',
    );
}

/** Maximum milliseconds to wait for the lookup of a name. The view starts even without a result. */
const LOOKUP_MS = 100;

/**
 * Returns the machine of a target: the host name of this machine, or the name or address of another one. A command can
 * reach any machine.
 */
async function nodeOf(target: Target): Promise<string> {
  if (target.kind === 'ssh') return target.login.host;
  if (target.kind === 'exec') return UNKNOWN;
  const address = addressOf(target);
  if (address?.family !== 'tcp') return hostname();
  const isOurs = await Promise.race([isLocal(target), sleep(LOOKUP_MS, false, { ref: false })]);
  return isOurs ? hostname() : address.host;
}
