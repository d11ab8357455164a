import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createHost } from '../../src/host/host.ts';
import { NO_HISTORY, remember } from '../../src/rates/history.ts';
import { withKernel } from '../../src/rates/kernel.ts';
import { memoryGrowth } from '../../src/rates/memory.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { Reading } from '../../src/rates/sample.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { statstop } from '../commands/run.ts';
import { skipWithout } from '../lab/available.ts';
import { insideOf } from '../lab/inside.ts';
import { readerOf } from '../lab/reader.ts';

/** What the worker keeps each second. */
const LEAK = 2_300_000;
/** Seconds: a minute for the start of a worker, a window of 90 s, and as much again as a busy machine may need. */
const PATIENCE = 210;

describe.skipIf(skipWithout())('a real worker that leaks between its requests', () => {
  test('is seen to grow with the memory that the kernel tells, also with memory-report', async () => {
    const server = await insideOf({
      processes: 2,
      memoryReport: true,
      args: ['--enable-threads'],
    });
    const { core } = await server.ask(`/leak/${LEAK}`);
    const leaking = Number(/^(\d+):/.exec(core)?.[1]) - 1;
    const checked = statstop(['check', '-i', '2', '--for', String(PATIENCE), server.target]);
    const reader = readerOf(server.target);
    const host = createHost({ target: parseTarget(server.target), whole: true });
    let history = NO_HISTORY;
    let before: Reading | null = null;
    const deadline = performance.now() + PATIENCE * 1000;
    for (;;) {
      const { sample, to } = await reader.app();
      const kernel = await host.read(sample.snapshot, to);
      expect(kernel).not.toBeNull();
      const reading = {
        snapshot: withKernel(sample.snapshot, kernel),
        time: sample.time,
        clock: to,
        host: kernel,
      };
      history = remember(history, sampleOf('test', reading, before));
      before = reading;
      const growth = memoryGrowth(history.hour, 2);
      if (growth[leaking] != null) {
        const perMinute = LEAK * 60;
        expect(growth[leaking]).toBeGreaterThan(perMinute * 0.5);
        expect(growth[leaking]).toBeLessThan(perMinute * 1.2);
        expect(growth[1 - leaking]).toBeLessThan(perMinute / 20);
        const { status, stdout } = await checked;
        expect(stdout.toString()).toMatch(/^UWSGI (WARNING|CRITICAL) - worker \d .*grows by /);
        expect(status).toBeGreaterThan(0);
        return;
      }
      expect(performance.now()).toBeLessThan(deadline);
      await sleep(2000);
    }
  });
});
