import { CAPTURES } from './captures.ts';
import { randomOf } from './choose.ts';
import { caseOf } from './oracle.ts';
import { writesOutputs } from './oracles/outputs.ts';
import { drawsFrames } from './oracles/views.ts';
import { STATSTOP } from './subject.ts';
import type { Trial } from './trial.ts';

/** Seconds of a processor that this process has used. Time that other processes use does not count. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Seconds that this machine takes now to read, compare, draw and write a large document in which nothing is wrong. */
export async function yardstick(): Promise<number> {
  const start = processorSeconds();
  const given = caseOf(SOUND, STATSTOP);
  for (const check of [drawsFrames, writesOutputs])
    await check({ ...given, random: randomOf(SOUND.seed, SOUND.number, 'pace') });
  return processorSeconds() - start;
}

const WORKERS = 1000;
const SOUND = soundTrial();

function soundTrial(): Trial {
  const capture = CAPTURES.find(({ name }) => name === 'many.1');
  if (!capture) throw new Error('there is no capture many.1');
  const document = JSON.parse(capture.bytes.toString());
  const { length } = document.workers;
  const workers = Array.from({ length: WORKERS }, (_, place) => document.workers[place % length]);
  const bytes = Buffer.from(JSON.stringify({ ...document, workers }));
  const damage = { kind: 'none' } as const;
  return { seed: 1, number: 1, capture: capture.name, original: bytes, mutations: [], damage, bytes };
}

/** A case may take so many times as long as the yardstick, for its size. Sound ones take 5 times as long at most. */
const MOST_TIMES = 30;

/** How long a case takes, in seconds of a processor. */
export interface Taken {
  /** How many times as large the document is as the yardstick's. */
  size: number;
  seconds: number;
  /** Runs the case once more, and returns the seconds that it takes then. */
  again(): Promise<number>;
}

/**
 * Tells cases that take too long from a machine that is slow. The pace of a machine changes from one second to the next: before
 * a case is called too slow, it is run once more, and the yardstick is measured before and after it.
 */
export class Pace {
  private unit: number | null = null;
  private readonly measure: () => Promise<number>;

  constructor(measure = yardstick) {
    this.measure = measure;
  }

  /** Says that a case takes too long; `null` if it does not. */
  async fault({ size, seconds, again }: Taken): Promise<string | null> {
    this.unit ??= await this.measure();
    if (seconds <= MOST_TIMES * size * this.unit) return null;
    const before = await this.measure();
    const taken = Math.min(seconds, await again());
    this.unit = Math.max(before, await this.measure());
    if (taken <= MOST_TIMES * size * this.unit) return null;
    const times = Math.round(taken / (size * this.unit));
    return `the case took ${taken.toFixed(1)} s, ${times} times as long as a sound document of its size`;
  }
}
