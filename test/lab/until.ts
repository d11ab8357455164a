import { setTimeout as sleep } from 'node:timers/promises';
import type { AppSample } from '../../src/rates/sample.ts';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';
import type { Reader } from './reader.ts';

const PAUSE_SECONDS = 0.05;

/**
 * Reads until a sample fits. Ignores failed reads, because a server is briefly unavailable during a reload.
 *
 * @throws Error with the last result, after `PATIENCE_SECONDS`
 */
export async function appUntil(reader: Reader, fits: (sample: AppSample) => boolean): Promise<AppSample> {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    const last = await reader.app().catch((error: unknown) => error);
    if (isTaken(last) && fits(last.sample)) return last.sample;
    if (performance.now() > deadline) {
      const seen = isTaken(last) ? `totals ${JSON.stringify(last.sample.totals)}` : String(last);
      throw new Error(`no sample fits after ${TIMEOUT_SECONDS} s; last seen: ${seen}`);
    }
    await sleep(PAUSE_SECONDS * 1000);
  }
}

function isTaken(value: unknown): value is { sample: AppSample } {
  return typeof value === 'object' && value !== null && 'sample' in value;
}
