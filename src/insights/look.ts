import type { Finding } from '../rates/finding.ts';
import { harakiriOf } from '../rates/harakiri.ts';
import type { History } from '../rates/history.ts';
import type { Sample } from '../rates/sample.ts';
import { usageOf } from '../rates/usage.ts';

/** The sample with what its past, and the rules, say of it. */
export function looked(sample: Sample, history: History, findings: readonly Finding[]): Sample {
  return sample.kind === 'app'
    ? { ...sample, findings, usage: usageOf(history), harakiri: harakiriOf(sample, history) }
    : { ...sample, findings };
}
