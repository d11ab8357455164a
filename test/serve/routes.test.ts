import { expect, it, onTestFinished } from 'vitest';
import { Pool } from '../../src/serve/pool.ts';
import { exporterRoutes } from '../../src/serve/routes.ts';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { createMask } from '../../src/text/secrets.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';
import { document, statsOf } from './stats.ts';

const asked = (accept = 'text/plain') => ({
  query: new URLSearchParams(),
  accept,
  patience: TIMEOUT_SECONDS,
});

it('scrapes of the same values share one answer, each format its own', async () => {
  const stats = await statsOf((socket, read) => socket.end(document(read)));
  const pool = new Pool({
    timeoutSeconds: TIMEOUT_SECONDS,
    interval: 3600,
    observe: {},
    fail: (error) => {
      throw error;
    },
  });
  onTestFinished(() => pool.stop());
  pool.observe([stats.watched]);
  const { '/metrics': metrics } = exporterRoutes({
    pool,
    allowed: [],
    output: { mask: createMask() },
    version: '0',
    watch: () => stats.target,
  });
  const from = SYSTEM_CLOCK.monotonic();
  const replies = await Promise.all(Array.from({ length: 100 }, () => metrics?.(asked())));
  // A machine that takes a second for them makes a new read, and then a new answer.
  expect(new Set(replies).size).toBeLessThanOrEqual(1 + 2 * (SYSTEM_CLOCK.monotonic() - from));
  expect((await metrics?.(asked('application/openmetrics-text')))?.body).toContain('# EOF');
  const [first] = replies;
  await expect.poll(() => metrics?.(asked())).not.toBe(first);
});
