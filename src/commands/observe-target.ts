import type { Host } from '../host/host.ts';
import type { LevelChanges } from '../insights/assess.ts';
import { nothingObserved, type Observed } from '../monitor/observation.ts';
import { observeDocument } from '../monitor/observe.ts';
import { isUntimed } from '../rates/untimed.ts';
import { openSource } from '../sources/open.ts';
import type { DocumentEvent } from '../sources/source.ts';
import type { Target } from '../targets/target.ts';
import type { Chosen } from './options.ts';

interface LookOptions extends Pick<Chosen, 'interval' | 'timeout'> {
  /** Seconds to look at least; absent: one interval. */
  seconds?: number;
  /** More readings while there is no rate, because this program could not run when it should have read: see `isUntimed`. */
  tries?: number;
  /** Levels of findings that are not the defaults. */
  levels?: LevelChanges;
  /** Paths of requests that are long on purpose. */
  long?: readonly string[] | undefined;
  /** Instead of `Math.random`: see `jittered`. */
  random?: () => number;
}

/** Share of an interval by which the last reading of a look may be early: see `jittered`. */
const EARLY = 0.1;

/**
 * What is known of a server after a look at it. A look has two readings, `interval` seconds apart, so that there are
 * rates, or more in a longer time. With an interval of 0, and of a file or pipe, it has one reading.
 *
 * @throws TargetError
 */
export async function observeTarget(target: Target, options: LookOptions): Promise<Observed> {
  const { interval, levels, long } = options;
  const seconds = Math.max(interval, options.seconds ?? 0);
  // What must hold for longer than the look must hold all the time.
  const maxWait = seconds - interval * EARLY;
  const nothing = nothingObserved(target.text);
  let { tries = 0 } = options;
  let first: DocumentEvent | null = null;
  let observed: Observed | null = null;
  for await (const event of sourceOf(target, options, seconds).events(new AbortController().signal)) {
    if (event.kind === 'failure') throw event.error;
    // Of a single reading nothing can be waited for.
    const isOnly = interval === 0 || event.origin !== 'server';
    observed = observeDocument(observed ?? nothing, event, { levels, maxWait: isOnly ? 0 : maxWait, long });
    if (isOnly) break;
    first ??= event;
    const isEnough = seconds > interval ? event.clock - first.clock >= maxWait : event !== first;
    if (isEnough && !(isUntimed(observed.sample) && tries-- > 0)) break;
  }
  if (observed === null) throw new Error('a source has a first event');
  return observed;
}

function sourceOf(target: Target, { interval, timeout, random }: LookOptions, seconds: number) {
  const host = lazyHost(target, seconds <= interval);
  return openSource(target, {
    timeoutSeconds: timeout,
    interval: () => interval,
    intervalFrom: 'arrival',
    hostOf: async (snapshot, clock) => (await host()).read(snapshot, clock),
    random,
  });
}

/** Loaded when there is a server to ask about. */
function lazyHost(target: Target, whole: boolean): () => Promise<Host> {
  let host: Promise<Host> | null = null;
  const load = async () => (await import('../host/host.ts')).createHost({ target, whole });
  return () => {
    host ??= load();
    return host;
  };
}
