import { setTimeout as sleep } from 'node:timers/promises';
import { read } from '../client/read.ts';
import type { Host } from '../host/host.ts';
import { NOTHING_WATCHED, type Watched, watch } from '../insights/watch.ts';
import { withKernel } from '../rates/kernel.ts';
import type { Reading, Sample } from '../rates/sample.ts';
import { writingTimeOf } from '../rates/written.ts';
import type { Protocol, Target } from '../targets/target.ts';
import { snapshotOf } from './failure.ts';
import type { Chosen } from './options.ts';

/**
 * A sample of a target, with what the kernel of this machine knows of its server: two readings, `interval` seconds
 * apart, so that it has rates. With an interval of 0, and of a file, which does not change, one reading.
 *
 * @throws TargetError
 */
export async function readSample(target: Target, options: Timing): Promise<Sample> {
  let watched: Watched = NOTHING_WATCHED;
  for await (const reading of readings(target, { ...options, whole: true })) {
    const isFirst = watched.reading === null;
    watched = watch(watched, target.text, reading);
    if (!isFirst) break;
  }
  if (!watched.sample) throw new Error('there is always a first reading');
  return watched.sample;
}

type Timing = Pick<Chosen, 'interval' | 'timeout'>;

interface ReadingsOptions extends Timing {
  /** The kernel says everything anew each time, as for few readings (`host/host`). */
  whole?: boolean;
}

/**
 * One reading after the other, `interval` seconds apart, for as long as they are asked for; one where the interval is 0,
 * and of a file. What the kernel of this machine knows of a server is in them.
 *
 * @throws TargetError
 */
export async function* readings(target: Target, options: ReadingsOptions): AsyncGenerator<Reading> {
  const { interval, timeout, whole = false } = options;
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
      const written = answer.live ? { time } : writingTimeOf(snapshot, time);
      yield { snapshot, ...written, clock, clockError };
    }
    if (interval === 0 || !answer.live) return;
    // A server that was slow is left alone for as long as it was held.
    const due = Math.max(answer.clock + interval, ended + (ended - started));
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
