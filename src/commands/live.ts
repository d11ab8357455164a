import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { initialState } from '../app/state.ts';
import { Ss } from '../host/ss.ts';
import type { Fleet } from '../monitor/fleet.ts';
import { memoize } from '../rates/memoize.ts';
import { isRecording } from '../recordings/recognize.ts';
import { isThere, writeSettings } from '../settings/file.ts';
import { settingsFrom } from '../settings/save.ts';
import { SYSTEM_CLOCK } from '../sources/source.ts';
import type { Target } from '../targets/target.ts';
import { isDumb, terminalType } from '../terminal/blessed/terminfo.ts';
import type { Keeper } from '../terminal/effects.ts';
import { type Ending, type LoopOptions, runLoop } from '../terminal/loop.ts';
import { endBy } from '../terminal/signals.ts';
import { unblocked } from '../terminal/unblocked.ts';
import { initialView } from './initial-view.ts';
import { liveRecorder } from './live-recorder.ts';
import type { LocalServers } from './local-servers.ts';
import { nodeOf } from './node-of.ts';
import type { Chosen } from './options.ts';
import type { Selected } from './selected.ts';
import { stacksReader } from './stacks-reader.ts';
import { NONE, targetsOf } from './targets.ts';
import { UsageError } from './usage-error.ts';
import { SHARED_SECONDS, watched } from './watched.ts';

/** Shows the live view of one or more targets until it ends. Without a target, it shows the servers of this machine. */
export async function live(texts: readonly string[], options: Chosen): Promise<void> {
  const path = texts.find(isRecording);
  if (path !== undefined) await leave(watchRecording(path, texts, options));
  else await leave(texts.length === 0 ? watchLocal(options) : watch(texts, options));
}

/**
 * Shows targets. Resolves when the terminal has been restored.
 *
 * @param instead what to use without a terminal
 */
export async function watch(
  texts: readonly string[],
  options: Chosen,
  { keeper = keeperOf(options), instead = OUTPUTS }: { keeper?: Keeper; instead?: string } = {},
): Promise<Ending> {
  const selected = await targetsOf(texts);
  for (const { target } of selected) refuseWithoutTerminal(target, options, instead);
  const nodes = new Map(
    await Promise.all(selected.map(async (each) => [each, await nodeOf(each.target)] as const)),
  );
  return run(selected, options, keeper, {
    nodeOf: (each) => nodes.get(each) ?? hostname(),
    async *changes(signal, fleet) {
      // Only a document shows whether there are vassals, and the first frame needs no search.
      await sleep(SEARCH_AFTER_MS, null, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) yield* (await localServers()).withVassals(selected, fleet, signal);
    },
  });
}

/** Shows the servers of this machine, as they start and end. */
async function watchLocal(options: Chosen): Promise<Ending> {
  refuseWithoutTerminal(null, options);
  const local = await localServers();
  const servers = await local.all();
  if (servers.length === 0) throw new UsageError(NONE);
  return run(servers, options, keeperOf(options), {
    nodeOf: () => hostname(),
    changes: (signal) => local.changes(servers, signal),
  });
}

/** Shows a recording. */
async function watchRecording(path: string, texts: readonly string[], options: Chosen): Promise<Ending> {
  refuseWithoutTerminal(null, options);
  const { replayed } = await import('./replay.ts');
  return runLoop({
    ...replayed(path, texts, options),
    timeoutSeconds: options.timeout,
    keeper: keeperOf(options),
    recorder: liveRecorder(options),
    ...screenOf(options),
  });
}

async function localServers(): Promise<LocalServers> {
  const { LocalServers } = await import('./local-servers.ts');
  return new LocalServers();
}

interface Watching {
  /** Returns the machine of a server. */
  nodeOf(selected: Selected): string;
  /** Yields all servers whenever some have started or ended. */
  changes(signal: AbortSignal, fleet: () => Fleet): AsyncIterable<readonly Selected[]>;
}

function run(
  selected: readonly Selected[],
  options: Chosen,
  keeper: Keeper,
  { nodeOf, changes }: Watching,
): Promise<Ending> {
  const shared = new Ss('ss', SHARED_SECONDS);
  const isAlone = (each: Selected) => selected.length === 1 && selected.includes(each) && !each.again;
  // A server that still runs keeps its object, so that it is not interrupted.
  const watchedOf = memoize((each: Selected) =>
    watched(each, nodeOf(each), {
      ss: isAlone(each) ? undefined : shared,
      stacksOf: (bound) => stacksReader(bound, options),
    }),
  );
  const servers = selected.map(watchedOf);
  return runLoop({
    servers,
    async *changes(signal, fleet) {
      for await (const all of changes(signal, fleet)) yield all.map(watchedOf);
    },
    timeoutSeconds: options.timeout,
    keeper,
    recorder: liveRecorder(options),
    state: initialState({
      servers: servers.map(({ server }) => server),
      node: hostname(),
      now: SYSTEM_CLOCK.wall(),
      view: initialView(options),
    }),
    ...screenOf(options),
  });
}

/** The terminal of the live view. */
function screenOf(options: Chosen): Pick<LoopOptions, 'streams' | 'terminal'> {
  // A last error message goes there. It must not block if the terminal accepts no output.
  if (process.stderr.isTTY) unblocked(process.stderr);
  return {
    streams: { input: process.stdin, output: unblocked(process.stdout) },
    terminal: {
      ...terminalType(process.env),
      theme: options.theme,
      ...(options.color ? {} : { colors: 0 }),
    },
  };
}

/** Milliseconds until the vassals of a shown emperor are searched. */
const SEARCH_AFTER_MS = 500;

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

/** What to use without a terminal. */
const OUTPUTS = 'Use --once for a table or --json for a document.';

function refuseWithoutTerminal(target: Target | null, { interval }: Chosen, instead = OUTPUTS): void {
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
