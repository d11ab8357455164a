import { describe, expect, test } from 'vitest';
import { readings } from '../../src/commands/read-sample.ts';
import { NOTHING_WATCHED, type Watched, watch } from '../../src/insights/watch.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { statstop } from '../commands/run.ts';
import { skipWithout } from '../lab/available.ts';
import { insideOf } from '../lab/inside.ts';
import { PATIENCE_SECONDS } from '../patience.ts';

/** Bytes that the worker keeps each second, and in a minute. */
const LEAK = 2_300_000;
const LEAK_PER_MINUTE = 60 * LEAK;
/** Seconds between the reads. */
const INTERVAL = 2;
/**
 * Seconds that `check` looks. The rule needs a minute for the start of a worker, a window of 90 s, and up to 14 s until the
 * last point of ten seconds is complete.
 */
const LOOK = 180;

/** Reads a server until the rule finds growth of memory. */
async function untilGrowth(target: string): Promise<Watched> {
  let watched = NOTHING_WATCHED;
  const options = { interval: INTERVAL, timeout: PATIENCE_SECONDS, whole: true };
  for await (const reading of readings(parseTarget(target), options)) {
    expect(reading.host).not.toBeNull();
    watched = watch(watched, target, reading);
    if (watched.assessment.findings.some(({ rule }) => rule === 'memory')) break;
  }
  return watched;
}

describe.skipIf(skipWithout())('a real worker that leaks between its requests', () => {
  test('is found to grow by the memory that the kernel tells, also with memory-report', async () => {
    const server = await insideOf({
      processes: 2,
      memoryReport: true,
      args: ['--enable-threads'],
    });
    const { core } = await server.ask(`/leak/${LEAK}`);
    const leaking = Number(/^(\d+):/.exec(core)?.[1]) - 1;
    const check = statstop(['check', '-i', String(INTERVAL), '--for', String(LOOK), server.target]);
    const [{ sample }, { status, stdout }] = await Promise.all([untilGrowth(server.target), check]);
    const growth = sample?.kind === 'app' ? sample.growth : [];
    expect(growth[leaking]).toBeGreaterThan(LEAK_PER_MINUTE * 0.5);
    expect(growth[leaking]).toBeLessThan(LEAK_PER_MINUTE * 1.2);
    expect(growth[1 - leaking]).toBeLessThan(LEAK_PER_MINUTE / 20);
    const grows = `^UWSGI (WARNING|CRITICAL) - worker ${leaking + 1} .*grows by `;
    expect(stdout.toString()).toMatch(new RegExp(grows));
    expect(status).toBeGreaterThan(0);
  });
});
