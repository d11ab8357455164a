import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { skipWithout } from '../lab/available.ts';
import { startLoad } from '../lab/load.ts';
import { readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';

describe.skipIf(skipWithout())('a real server that serves static files', () => {
  test('has the response time of its application, for any number of files', async () => {
    const server = await serverOf({
      processes: 2,
      threads: 4,
      folders: ['files'],
      args: ['--static-map', '/files=files'],
    });
    await writeFile(join(server.folder, 'files', 'style.css'), 'body {}\n');
    const reader = readerOf(server.target);
    const files = startLoad({
      to: server.http,
      path: '/files/style.css',
      connections: 2,
      rate: 90,
      seconds: 15,
    });
    await sleep(300);
    await reader.app();
    await sleep(1000);
    const alone = (await reader.app()).sample.totals;
    expect(alone.requestsDelta).toBeGreaterThan(0);
    expect(alone).toMatchObject({ timedRequestsDelta: 0, responseTime: null });

    const pages = startLoad({ to: server.http, path: '/sleep/0.1', connections: 4, rate: 20, seconds: 10 });
    await sleep(500);
    await reader.app();
    await sleep(2000);
    const { sample, from, to } = await reader.app();
    await Promise.all([files.stop(), pages.stop()]);
    const took = pages.between(from ?? 0, to).map((outcome) => outcome.took);
    // No request sleeps for less time. A client also measures the connection.
    expect(sample.totals.responseTime).toBeGreaterThan(0.0999);
    expect(sample.totals.responseTime).toBeLessThanOrEqual(Math.max(...took));
  });
});
