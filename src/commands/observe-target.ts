import type { Host, HostOptions } from '../host/host.ts';
import type { Ss } from '../host/ss.ts';
import type { LevelChanges } from '../insights/assess.ts';
import { nothingObserved, type Observed } from '../monitor/observation.ts';
import { observeDocument } from '../monitor/observe.ts';
import { isUntimed } from '../rates/untimed.ts';
import { openSource } from '../sources/open.ts';
import type { DocumentEvent } from '../sources/source.ts';
import type { Target } from '../targets/target.ts';
import type { Chosen } from './options.ts';
import { readable, type Selected } from './selected.ts';

export interface LookOptions extends Pick<Chosen, 'interval' | 'timeout'> {
  /** Minimum seconds of observation; default: one interval. */
  seconds?: number;
  /**
   * Maximum number of extra readings while there is no rate because this process could not run on time: see
   * `isUntimed`.
   */
  tries?: number;
  /** Levels of findings that differ from the defaults. */
  levels?: LevelChanges;
  /** Paths of requests that are intentionally long. */
  long?: readonly string[] | undefined;
  /** Patterns of paths that are counted together. */
  paths?: readonly string[] | undefined;
  /** Runs `ss` for several servers; absent for a single one. */
  ss?: Ss;
  /** Replaces `Math.random`: see `jittered`. */
  random?: () => number;
  /** The name of the server in the output; default: that of the target. */
  text?: string;
  /** The address as the server has bound it; default: the target. */
  bound?: Target;
}

/** Share of an interval by which the last reading of an observation may be early: see `jittered`. */
const EARLY = 0.1;

/**
 * Observes one of the servers of a command, which is not read any more afterwards.
 *
 * @throws TargetError
 */
export async function observeSelected(selected: Selected, options: LookOptions): Promise<Observed> {
  const { target, bound } = readable(selected);
  try {
    return await observeTarget(target, { ...options, text: selected.server.target, bound });
  } finally {
    await selected.close?.();
  }
}

/**
 * Observes a server for a limited time. There are two readings, `interval` seconds apart, so that there are rates; a
 * longer time has more readings. With an interval of 0, or for a file or a pipe, there is one reading.
 *
 * @throws TargetError
 */
export async function observeTarget(target: Target, options: LookOptions): Promise<Observed> {
  const { interval, levels, long, paths, text = target.text } = options;
  const seconds = Math.max(interval, options.seconds ?? 0);
  // A condition that must hold for longer than the observation must hold during the whole observation.
  const maxWait = seconds - interval * EARLY;
  const nothing = nothingObserved(text);
  let { tries = 0 } = options;
  let first: DocumentEvent | null = null;
  let observed: Observed | null = null;
  for await (const event of sourceOf(target, options, seconds).events(new AbortController().signal)) {
    if (event.kind === 'failure') throw event.error;
    // A single reading cannot show how long a condition holds.
    const isOnly = interval === 0 || event.origin !== 'server';
    const wait = isOnly ? 0 : maxWait;
    observed = observeDocument(observed ?? nothing, event, { levels, maxWait: wait, long, paths });
    if (isOnly) break;
    first ??= event;
    const isEnough = seconds > interval ? event.clock - first.clock >= maxWait : event !== first;
    if (isEnough && !(isUntimed(observed.sample) && tries-- > 0)) break;
  }
  if (observed === null) throw new Error('a source has a first event');
  return observed;
}

function sourceOf(
  target: Target,
  { interval, timeout, random, ss, bound = target }: LookOptions,
  seconds: number,
) {
  const host = lazyHost({ target: bound, whole: seconds <= interval, ...(ss ? { ss } : {}) });
  return openSource(target, {
    timeoutSeconds: timeout,
    interval: () => interval,
    intervalFrom: 'arrival',
    hostOf: async (snapshot, clock) => (await host()).read(snapshot, clock),
    random,
  });
}

/** Loads the host module only when there is a server to read. */
function lazyHost(options: HostOptions): () => Promise<Host> {
  let host: Promise<Host> | null = null;
  const load = async () => (await import('../host/host.ts')).createHost(options);
  return () => {
    host ??= load();
    return host;
  };
}
