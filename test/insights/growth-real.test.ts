import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { app, worker } from '../rates/builders.ts';
import { frame } from './cases.ts';
import { type Frame, look } from './looks.ts';

/**
 * RSS of two workers of a real uWSGI 2.0.21, as the kernel reports it every 5 s: seconds, and the RSS of each. One
 * worker leaks 2.3 MB per second from `leaksFrom` on, without requests.
 */
const {
  leaksFrom,
  worker: leaking,
  rows,
} = JSON.parse(readFileSync(new URL('../../fixtures/memory/leak.json', import.meta.url), 'utf8')) as {
  leaksFrom: number;
  worker: number;
  rows: [number, number, number][];
};

it('a real worker that leaks 2.3 MB per second is reported within two minutes, and not before the leak', () => {
  const frames: Frame[] = rows.map(([second, ...memory], place) =>
    frame(
      app(memory.map((rss, at) => worker({ rss, pid: 101 + at }))),
      second - (rows[place - 1]?.[0] ?? second),
    ),
  );
  const looks = look(frames);
  const found = looks.filter(({ findings }) => findings.some(({ rule }) => rule === 'memory'));
  const first = found[0];
  expect((first?.at ?? 0) - leaksFrom).toBeGreaterThan(80);
  expect((first?.at ?? Number.NaN) - leaksFrom).toBeLessThan(120);
  expect(first?.findings[0]?.text).toMatch(
    new RegExp(`^worker ${leaking} \\(pid 10${leaking}\\) grows 1[23]\\d`),
  );
});
