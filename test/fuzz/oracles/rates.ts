import { coreSamples } from '../../../src/rates/rates.ts';
import type { Sample } from '../../../src/rates/sample.ts';
import type { Check } from '../oracle.ts';

/** Every rate, difference and share of an interval is unknown, or finite and not negative. */
export const hasSaneRates: Check = ({ samples }) => {
  for (const [place, sample] of samples.entries()) {
    const wrong = faultOf(sample);
    if (wrong !== null) return `${ORDERS[place]}: ${wrong}`;
  }
  return null;
};

const ORDERS = ['the first sample', 'after the original', 'the original after it'];

const RATE = /Delta$|Rate$|^rps$|^share$|^intervalShare$|^responseTime$|^uptime$|^interval$/;

function faultOf(sample: Sample): string | null {
  const { snapshot: _, ...own } = sample;
  const cores = sample.kind === 'app' ? sample.workers.map((worker) => coreSamples(sample, worker)) : [];
  return (
    insane(own, '') ?? insane(cores, 'cores') ?? (sample.interval === null ? known(sample) : tooMuch(sample))
  );
}

function insane(value: unknown, path: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, each] of Object.entries(value)) {
    const at = `${path}.${key}`;
    // These objects come from the snapshot and are not computed.
    if (key === 'worker' || key === 'before' || key === 'node' || key === 'core') continue;
    if (RATE.test(key) && each !== null && !(typeof each === 'number' && Number.isFinite(each) && each >= 0))
      return `${at} is ${String(each)}`;
    const inside = insane(each, at);
    if (inside !== null) return inside;
  }
  return null;
}

/** A first sample has no rates. */
function known(sample: Sample): string | null {
  const rates = sample.kind === 'app' ? [sample.totals.rps, ...sample.workers.map(({ rps }) => rps)] : [];
  return rates.every((rate) => rate === null) ? null : 'a first sample has rates';
}

/** Sums of fractions are inexact. */
const ROUNDING = 1e-9;

function tooMuch(sample: Sample): string | null {
  if (sample.kind !== 'app') return null;
  for (const { share, intervalShare, worker } of sample.workers) {
    if ((share ?? 0) > 1 + ROUNDING || (intervalShare ?? 0) > 1 + ROUNDING)
      return `worker ${worker.id} has a larger share than all workers: ${share}, ${intervalShare}`;
  }
  return null;
}
