import { type History, NO_HISTORY, remember } from '../rates/history.ts';
import type { LongPatterns } from '../rates/long.ts';
import { memoryGrowth } from '../rates/memory.ts';
import { sampleOf } from '../rates/rates.ts';
import type { Reading, Sample } from '../rates/sample.ts';
import { usageOf } from '../rates/usage.ts';
import { type Assessment, assess, type LevelChanges, NOTHING_FOUND } from './assess.ts';

/** What is known of a server that is read again and again. */
export interface Watched {
  /** The last one. */
  reading: Reading | null;
  /** Of that reading, with what its past and the rules say of it. */
  sample: Sample | null;
  history: History;
  assessment: Assessment;
}

export const NOTHING_WATCHED: Watched = {
  reading: null,
  sample: null,
  history: NO_HISTORY,
  assessment: NOTHING_FOUND,
};

/** What the user set: from when on something is a finding (see `assess`), and what is long on purpose. */
export interface Watching {
  levels?: LevelChanges;
  patience?: number;
  long?: LongPatterns;
}

/** What is known after one more reading. @param target its name, carried into the sample */
export function watch(
  before: Watched,
  target: string,
  reading: Reading,
  { levels, patience, long }: Watching = {},
): Watched & { sample: Sample } {
  const sample = sampleOf(target, reading, before.reading, long);
  const history = remember(before.history, sample);
  const assessment = assess(before.assessment, { sample, history }, levels, patience);
  return { reading, history, assessment, sample: looked(sample, history, assessment) };
}

/** The sample with what its past, and the rules, say of it. */
export function looked(sample: Sample, history: History, { findings }: Assessment): Sample {
  return sample.kind === 'app'
    ? {
        ...sample,
        findings,
        usage: usageOf(history),
        restarts: history.restarts,
        growth: memoryGrowth(history.hour, sample.workers.length),
      }
    : { ...sample, findings };
}
