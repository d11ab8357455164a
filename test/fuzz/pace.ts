import { CAPTURES } from './captures.ts';
import { randomOf } from './choose.ts';
import { caseOf } from './oracle.ts';
import { writesOutputs } from './oracles/outputs.ts';
import { drawsFrames } from './oracles/views.ts';
import { STATSTOP } from './subject.ts';
import type { Trial } from './trial.ts';

/** Processor time of this process in seconds. Other processes do not count. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Seconds that this machine currently needs to decode, compare, draw and write a large undamaged document. */
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

/**
 * Maximum duration of a case, as a multiple of the yardstick for its size. Undamaged documents take at most 5 times as
 * long.
 */
const MOST_TIMES = 30;

/** The duration of a case in seconds of processor time. */
export interface Taken {
  /** The size of the document relative to the yardstick's. */
  size: number;
  seconds: number;
  /** Runs the case again and returns its duration in seconds. */
  again(): Promise<number>;
}

/**
 * Distinguishes slow cases from a slow machine, whose speed changes from one second to the next. Before a case counts
 * as too slow, it runs again, and the yardstick is measured before and after it.
 */
export class Pace {
  private unit: number | null = null;
  private readonly measure: () => Promise<number>;

  constructor(measure = yardstick) {
    this.measure = measure;
  }

  /** Returns a message if a case is too slow, otherwise `null`. */
  async fault({ size, seconds, again }: Taken): Promise<string | null> {
    this.unit ??= await this.measure();
    if (seconds <= MOST_TIMES * size * this.unit) return null;
    const before = await this.measure();
    const taken = Math.min(seconds, await again());
    this.unit = Math.max(before, await this.measure());
    if (taken <= MOST_TIMES * size * this.unit) return null;
    const times = Math.round(taken / (size * this.unit));
    return `the case took ${taken.toFixed(1)} s, ${times} times as long as an undamaged document of its size`;
  }
}
