import { describe, expect, it } from 'vitest';
import { app, core, NOW, worker } from '../rates/builders.ts';
import { seconds } from './cases.ts';
import { courseOf, look, looksAt } from './looks.ts';
import { type Rhythm, readingsOf } from './rhythm.ts';

/** Traffic in step with the readings, which find all cores busy each time. The rule must not report that. */

const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];

const lookAt = (rhythm: Rhythm, length = 60) => looksAt(readingsOf(rhythm, length));

const isAllBusy = ({ sample }: ReturnType<typeof lookAt>[number]) =>
  sample.kind === 'app' && sample.totals.coresBusy === sample.totals.cores;

describe('a worker that is 40 % busy with one request per second', () => {
  it('is not reported as busy, although each reading at exactly 1 Hz finds it in a request', () => {
    for (const run of EIGHT) {
      const looks = lookAt({ rate: 1, seconds: 0.4, phase: 0.02 + run * 0.05 });
      // Only the running time shows that it is not busy.
      expect(looks.every(isAllBusy)).toBe(true);
      expect([run, ...new Set(courseOf(looks, 'busy'))]).toEqual([run, '-']);
    }
  });

  it('is not reported as busy with random read times', () => {
    for (const seed of EIGHT) {
      const looks = lookAt({ rate: 1, seconds: 0.4, phase: 0.2, seed }, 300);
      expect([seed, ...new Set(courseOf(looks, 'busy'))]).toEqual([seed, '-']);
      // The readings have left the phase in which they began.
      expect(looks.every(isAllBusy)).toBe(false);
    }
  });

  it('does not lead to the advice of more workers', () => {
    for (const run of EIGHT) {
      const readings = readingsOf({ rate: 1, seconds: 0.4, phase: 0.02 + run * 0.05 }, 90).map((each, at) => {
        const { snapshot } = each;
        if (snapshot.kind !== 'app' || at > 0) return each;
        const cheap = worker({ status: 'cheap', pid: null, cores: [] });
        return { ...each, snapshot: app([...snapshot.workers, cheap]) };
      });
      expect([run, ...new Set(courseOf(looksAt(readings), 'cheaper'))]).toEqual([run, '-']);
    }
  });
});

it('four cores that are 50 % busy with the same rhythm are not reported', () => {
  const looks = lookAt({ rate: 2, seconds: 0.25, cores: 4, phase: 0.1 });
  expect(looks.every(isAllBusy)).toBe(true);
  expect(new Set(courseOf(looks, 'busy'))).toEqual(new Set(['-']));
});

describe('a server whose cores are really all busy', () => {
  it.each([0.02, 1, 3, 10, 50])('is found in time with %d requests per second', (rate) => {
    for (const phase of [0.05, 0.3, 0.55, 0.8, 0.95]) {
      const looks = lookAt({ rate, seconds: 0.01, fullFrom: 20, phase }, 60);
      const full = looks.filter(isAllBusy).map(({ sample }) => sample.time);
      const found = looks.find(({ findings }) => findings.some(({ rule }) => rule === 'busy'));
      const began = Math.max(NOW + 20, full.find((time) => time >= NOW + 20) ?? 0);
      // All cores are busy for 5 s, and one reading can pass until it is seen.
      expect(found?.sample.time).toBeLessThanOrEqual(began + 5.01);
      // The finding remains.
      const after = looks.filter(({ sample }) => sample.time >= (found?.sample.time ?? 0));
      expect(after.every(({ findings }) => findings.some(({ rule }) => rule === 'busy'))).toBe(true);
    }
  });

  it('is found although each of its requests ends with its process', () => {
    // Harakiri ends each request after 3 s: uWSGI adds no running time for it.
    const snapshot = (second: number) => {
      const life = Math.floor(second / 3);
      const running = core({ inRequest: true, requestStart: NOW + 3 * life });
      return app([
        worker({ pid: 101 + life, spawns: 1 + life, harakiris: life, cores: [running], status: 'busy' }),
      ]);
    };
    expect(courseOf(look(seconds(12, snapshot)), 'busy').at(6)).toBe('warning');
  });

  it('is found later if it serves files, whose time uWSGI does not count', () => {
    const files = (second: number) =>
      app([
        worker({
          status: 'busy',
          requests: second,
          cores: [core({ inRequest: true, requestStart: NOW + second, staticRequests: second })],
        }),
      ]);
    const course = courseOf(look(seconds(20, files)), 'busy');
    expect([course.at(6), course.at(12)]).toEqual(['-', 'warning']);
  });
});
