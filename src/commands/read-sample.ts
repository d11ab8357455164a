import { setTimeout as sleep } from 'node:timers/promises';
import { read } from '../client/read.ts';
import { createHost, type Host } from '../host/host.ts';
import { withKernel } from '../rates/kernel.ts';
import { sampleOf } from '../rates/rates.ts';
import type { Reading, Sample } from '../rates/sample.ts';
import type { Protocol, Target } from '../targets/target.ts';
import { snapshotOf } from './failure.ts';
import type { Chosen } from './options.ts';

/**
 * A sample of a target: two readings, `interval` seconds apart, so that it has rates. With an interval of 0, and of a
 * file, which does not change, one reading. With what the kernel of this machine knows of the server.
 *
 * @throws TargetError
 */
export async function readSample(target: Target, options: Timing): Promise<Sample> {
  let previous: Reading | null = null;
  const host = createHost({ target });
  for await (const read of readings(target, options)) {
    const current = await known(read, host);
    if (previous) return sampleOf(target.text, current, previous);
    previous = current;
  }
  if (!previous) throw new Error('there is always a first reading');
  return sampleOf(target.text, previous, null);
}

/** With what the kernel of this machine knows. */
export async function known(reading: Reading, host: Host): Promise<Reading> {
  const { snapshot, clock } = reading;
  if (snapshot.kind !== 'app') return reading;
  const kernel = await host.read(snapshot, clock);
  return { ...reading, snapshot: withKernel(snapshot, kernel), host: kernel };
}

type Timing = Pick<Chosen, 'interval' | 'timeout'>;

/**
 * One reading after the other, `interval` seconds apart, for as long as they are asked for; one where the interval is 0,
 * and of a file.
 *
 * @throws TargetError
 */
export async function* readings(target: Target, { interval, timeout }: Timing): AsyncGenerator<Reading> {
  let protocol: Protocol | null = null;
  for (;;) {
    const started = now();
    const answer = await read(target, { timeoutSeconds: timeout, protocol });
    const ended = now();
    protocol = answer.protocol;
    yield { snapshot: snapshotOf(target.text, answer), time: answer.time, clock: answer.clock };
    if (interval === 0 || !answer.live) return;
    // A server that was slow is left alone for as long as it was held.
    const due = Math.max(answer.clock + interval, ended + (ended - started));
    await sleep(Math.max(0, due - now()) * 1000);
  }
}

function now(): number {
  return performance.now() / 1000;
}
