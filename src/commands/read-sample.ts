import { setTimeout as sleep } from 'node:timers/promises';
import { jittered } from '../client/jitter.ts';
import { read } from '../client/read.ts';
import type { Host } from '../host/host.ts';
import type { LevelChanges } from '../insights/assess.ts';
import { NOTHING_WATCHED, type Watched, watch } from '../insights/watch.ts';
import { withKernel } from '../rates/kernel.ts';
import type { Reading, Sample } from '../rates/sample.ts';
import { isUntimed } from '../rates/untimed.ts';
import { writingTimeOf } from '../rates/written.ts';
import type { Protocol, Target } from '../targets/target.ts';
import { snapshotOf } from './failure.ts';
import type { Chosen } from './options.ts';

interface Timing extends Pick<Chosen, 'interval' | 'timeout'> {}

interface LookOptions extends Timing {
  /** Seconds to look at least; absent: one interval. */
  seconds?: number;
  /** More readings while there is no rate, because this program could not run when it should have read: see `isUntimed`. */
  tries?: number;
  /** Levels of findings that are not the defaults. */
  levels?: LevelChanges;
  /** Paths of requests that are long on purpose. */
  long?: readonly string[] | undefined;
}

/** Share of an interval by which the last reading of a look may be early: see `jittered`. */
const EARLY = 0.1;

/**
 * The last sample of a look at a target, with what the kernel of this machine knows of its server, and with what was
 * found. A look has two readings, `interval` seconds apart, so that there are rates, or more in a longer time. With an
 * interval of 0, and of a file, which does not change, it has one reading.
 *
 * @throws TargetError
 */
export async function readSample(target: Target, options: LookOptions): Promise<Sample> {
  const { interval, levels = {}, long = [] } = options;
  const seconds = Math.max(interval, options.seconds ?? 0);
  // What must hold for longer than the look must hold all the time.
  const patience = seconds - interval * EARLY;
  let watched: Watched = NOTHING_WATCHED;
  let first: Reading | null = null;
  let { tries = 0 } = options;
  for await (const current of readings(target, { ...options, whole: seconds <= interval })) {
    first ??= current;
    const now = watch(watched, target.text, current, { levels, patience, long });
    watched = now;
    const isEnough = seconds > interval ? current.clock - first.clock >= patience : current !== first;
    if (isEnough && !(isUntimed(now.sample) && tries-- > 0)) break;
  }
  const { reading, sample } = watched;
  if (!first || !sample) throw new Error('there is always a first reading');
  // Of a single reading nothing can be waited for.
  return reading === first
    ? watch(NOTHING_WATCHED, target.text, first, { levels, patience: 0, long }).sample
    : sample;
}

interface ReadingsOptions extends Timing {
  /** The kernel says everything anew each time, as for few readings (`host/host`). */
  whole?: boolean;
  /** Instead of `Math.random`: see `jittered`. */
  random?: () => number;
}

/**
 * One reading after the other, `interval` seconds apart, for as long as they are asked for; one where the interval is 0,
 * and of a file. What the kernel of this machine knows of a server is in them.
 *
 * @throws TargetError
 */
export async function* readings(target: Target, options: ReadingsOptions): AsyncGenerator<Reading> {
  const { interval, timeout, whole = false, random } = options;
  let host: Host | null = null;
  let protocol: Protocol | null = null;
  for (;;) {
    const started = now();
    const answer = await read(target, { timeoutSeconds: timeout, protocol });
    const ended = now();
    protocol = answer.protocol;
    const snapshot = snapshotOf(target.text, answer);
    const { time, clock, clockError } = answer;
    if (answer.live && snapshot.kind === 'app') {
      host ??= await hostOf(target, whole);
      const kernel = await host.read(snapshot, clock);
      yield { snapshot: withKernel(snapshot, kernel), time, clock, clockError, host: kernel };
    } else {
      const written = answer.live ? { time } : writingTimeOf(snapshot, answer);
      yield { snapshot, ...written, clock, clockError };
    }
    if (interval === 0 || !answer.live) return;
    // A server that was slow is left alone for as long as it was held.
    const due = Math.max(answer.clock + jittered(interval, random), ended + (ended - started));
    await sleep(Math.max(0, due - now()) * 1000);
  }
}

/** Loaded when there is a server to ask about. */
async function hostOf(target: Target, whole: boolean): Promise<Host> {
  const { createHost } = await import('../host/host.ts');
  return createHost({ target, whole });
}

function now(): number {
  return performance.now() / 1000;
}
