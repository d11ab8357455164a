import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { statstop } from '../commands/run.ts';
import { skipWithout } from '../lab/available.ts';
import { readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

const VASSALS = fileURLToPath(new URL('../../fixtures/lab/vassals/', import.meta.url));

describe.skipIf(skipWithout())('a real emperor', () => {
  for (const statsHttp of [false, true]) {
    const name = statsHttp ? 'with --stats-http' : 'raw';
    test(`${name}: vassals have ids and pids, and the broken vassal is on the blacklist`, async () => {
      const server = await serverOf({ emperor: true, statsHttp });
      const reader = readerOf(server.target);
      const { snapshot, time, reset } = await vi.waitFor(
        async () => {
          const { sample, protocol } = await reader.emperor();
          const { snapshot } = sample;
          expect(protocol).toBe(statsHttp ? 'http' : 'raw');
          const ready = snapshot.vassals.filter((vassal) => vassal.ready).map(({ id }) => id);
          expect(ready.sort()).toEqual(['blog.ini', 'shop.ini']);
          // uWSGI writes the first failure as attempt 0 and the second as attempt 2.
          expect(snapshot.blacklist[0]?.attempts).toBeGreaterThanOrEqual(2);
          return sample;
        },
        { timeout: TIMEOUT_MS, interval: 200 },
      );

      // --stats-http implies a master, and the emperor is then its child.
      if (!statsHttp) expect(snapshot.server.pid).toBe(server.pid());
      expect(reset).toBe(false);
      expect(snapshot.monitors).toHaveLength(1);
      for (const id of ['blog.ini', 'shop.ini']) {
        const vassal = snapshot.vassals.find((each) => each.id === id);
        expect(vassal?.pid).toBeGreaterThan(0);
        expect(vassal?.accepting).toBe(true);
        expect(vassal?.cursedAt).toBeNull();
        // `born` is the modification time of the file, despite its name.
        expect(vassal?.born).toBe(Math.floor(mtimeOf(id)));
        expect(time - (vassal?.firstRun ?? 0)).toBeLessThan(60);
      }
      expect(snapshot.blacklist.map(({ id }) => id)).toEqual(['broken.ini']);
      const [broken] = snapshot.blacklist;
      // The throttle grows by one second per failure (--emperor-throttle is 1000 ms).
      expect(broken?.throttle).toBeCloseTo(broken?.attempts ?? Number.NaN, 2);
      expect(time - (broken?.lastAttempt ?? 0)).toBeLessThan(60);

      // A vassal is an ordinary app server, and the emperor knows the pid of its master.
      const blog = (await readerOf(`${server.folder}/blog.stats`).app()).sample;
      expect(blog.totals.workers).toBe(2);
      expect(blog.snapshot.server.pid).toBe(snapshot.vassals.find(({ id }) => id === 'blog.ini')?.pid);
    });
  }

  test('--once and check report the same broken vassal, and the rows contain vassals only', async () => {
    const server = await serverOf({ emperor: true });
    const BROKEN = /^(critical: |UWSGI CRITICAL - )vassal broken\.ini failed to start \d+ times, /m;
    await vi.waitFor(
      async () => {
        const { stdout } = await statstop(['--once', server.target]);
        const lines = stdout.toString().trimEnd().split('\n');
        expect(lines.at(-1)).toMatch(BROKEN);
        expect(lines.filter((line) => /^(?:VASSAL|BLACKLIST) /.test(line))).toHaveLength(2);
      },
      { timeout: 15_000, interval: 200 },
    );
    const { status, stdout } = await statstop(['check', server.target]);
    expect([status, stdout.toString()]).toEqual([2, expect.stringMatching(BROKEN)]);
    const rows = (await statstop(['--once', '--no-header', server.target])).stdout.toString();
    // The broken vassal is also in the list of vassals while the emperor retries it.
    const names = rows.split('\n').map((row) => row.split(' ')[0]);
    expect(names.filter((name) => name !== 'broken.ini')).toEqual(['blog.ini', 'shop.ini', '']);
  });

  test('a dead vassal is started again with another pid', async () => {
    const server = await serverOf({ emperor: true });
    const reader = readerOf(server.target);
    const blog = () =>
      reader.emperor().then(({ sample }) => sample.snapshot.vassals.find(({ id }) => id === 'blog.ini'));
    const before = await vi.waitFor(async () => {
      const vassal = await blog();
      expect(vassal?.ready).toBe(true);
      return vassal;
    }, TIMEOUT_MS);
    process.kill(before?.pid ?? Number.NaN, 'SIGKILL');
    await vi.waitFor(
      async () => {
        const vassal = await blog();
        expect(vassal?.ready).toBe(true);
        expect(vassal?.pid).not.toBe(before?.pid);
      },
      { timeout: TIMEOUT_MS, interval: 200 },
    );
  });
});

/** The modification time of the file of a vassal, in Unix seconds. */
function mtimeOf(vassal: string): number {
  return statSync(join(VASSALS, vassal)).mtimeMs / 1000;
}
