import { describe, expect, test } from 'vitest';
import { createHost } from '../../src/host/host.ts';
import { nothingObserved, type Observation } from '../../src/monitor/observation.ts';
import { observe } from '../../src/monitor/observe.ts';
import { growthOf } from '../../src/rates/memory.ts';
import { openSource } from '../../src/sources/open.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { statstop } from '../commands/run.ts';
import { skipWithout } from '../lab/available.ts';
import { insideOf } from '../lab/inside.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';

/** Bytes that the worker leaks per second, and per minute. */
const LEAK = 2_300_000;
const LEAK_PER_MINUTE = 60 * LEAK;
/** Seconds between the reads. */
const INTERVAL = 2;
/**
 * Seconds that `check` observes. The rule needs a minute for the start of a worker, a window of 90 s, and up to 14 s
 * until the last point of ten seconds is complete.
 */
const LOOK = 180;

/** Reads a server until the rule finds growth of memory. */
async function untilGrowth(text: string): Promise<Observation> {
  const target = parseTarget(text);
  const host = createHost({ target, whole: true });
  const source = openSource(target, {
    timeoutSeconds: TIMEOUT_SECONDS,
    interval: () => INTERVAL,
    hostOf: (...args) => host.read(...args),
  });
  let known = nothingObserved(text);
  for await (const event of source.events(new AbortController().signal)) {
    expect(event).toMatchObject({ kind: 'document', host: expect.anything() });
    known = observe(known, event);
    if (known.findings.some(({ rule }) => rule === 'memory')) break;
  }
  return known;
}

describe.skipIf(skipWithout())('a real worker that leaks memory between its requests', () => {
  test('is reported as growing by the memory from the kernel, also with memory-report', async () => {
    const server = await insideOf({
      processes: 2,
      memoryReport: true,
      args: ['--enable-threads'],
    });
    const { core } = await server.ask(`/leak/${LEAK}`);
    const leaking = Number(/^(\d+):/.exec(core)?.[1]) - 1;
    const check = statstop(['check', '-i', String(INTERVAL), '--for', String(LOOK), server.target]);
    const [{ history }, { status, stdout }] = await Promise.all([untilGrowth(server.target), check]);
    const growth = growthOf(history);
    expect(growth[leaking]).toBeGreaterThan(LEAK_PER_MINUTE * 0.5);
    expect(growth[leaking]).toBeLessThan(LEAK_PER_MINUTE * 1.2);
    expect(growth[1 - leaking]).toBeLessThan(LEAK_PER_MINUTE / 20);
    const grows = `^UWSGI (WARNING|CRITICAL) - worker ${leaking + 1} .*grows `;
    expect(stdout.toString()).toMatch(new RegExp(grows));
    expect(status).toBeGreaterThan(0);
  });
});
