import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, read } from '../client/read.ts';
import { sampleOf } from '../rates/rates.ts';
import type { Reading, Sample } from '../rates/sample.ts';
import type { Target } from '../targets/target.ts';
import { snapshotOf } from './failure.ts';
import type { Chosen } from './options.ts';

/**
 * A sample of a target: two readings, `interval` seconds apart, so that it has rates. With an interval of 0, and of a
 * file, which does not change, one reading.
 *
 * @throws TargetError
 */
export async function readSample(
  target: Target,
  { interval, timeout }: Pick<Chosen, 'interval' | 'timeout'>,
): Promise<Sample> {
  const started = now();
  const first = await read(target, { timeoutSeconds: timeout });
  const ended = now();
  const before = reading(target, first);
  if (interval === 0 || !first.live) return sampleOf(target.text, before, null);
  // A server that was slow is left alone for as long as it was held.
  const due = Math.max(first.clock + interval, ended + (ended - started));
  await sleep(Math.max(0, due - now()) * 1000);
  const second = await read(target, { timeoutSeconds: timeout, protocol: first.protocol });
  return sampleOf(target.text, reading(target, second), before);
}

function now(): number {
  return performance.now() / 1000;
}

function reading(target: Target, answer: Answer): Reading {
  return { snapshot: snapshotOf(target.text, answer), time: answer.time, clock: answer.clock };
}
