import { describe, expect, it } from 'vitest';
import type { HostReading } from '../../src/host/reading.ts';
import { assess, NOTHING_FOUND } from '../../src/insights/assess.ts';
import type { Worker } from '../../src/stats/snapshot.ts';
import { app, core, hostReading, NEVER_RAN, NOW, worker } from '../rates/builders.ts';
import { frame, seconds } from './cases.ts';
import { evidenceOf, foundAfter } from './looks.ts';

const rulesOf = (...args: Parameters<typeof foundAfter>) => foundAfter(...args).map(({ rule }) => rule);

describe('the hint about memory-report', () => {
  const silent = (...workers: Worker[]) => seconds(61, () => app(workers));
  const unknown = worker({ rss: null });

  it('appears for a server that reports no memory of any worker', () => {
    expect(foundAfter(silent(unknown, unknown))).toMatchObject([
      { rule: 'memory-report', severity: 'hint', text: 'worker memory unknown: memory-report is off' },
    ]);
    expect(rulesOf(silent(unknown, worker({ rss: 4096 })))).toEqual([]);
  });

  it('appears after a minute, because a new server may turn out to run on this host', () => {
    expect(rulesOf(seconds(59, () => app([unknown])))).toEqual([]);
  });

  it('does not appear without running workers', () => {
    expect(rulesOf(silent({ ...NEVER_RAN, rss: null }))).toEqual([]);
    expect(rulesOf(silent())).toEqual([]);
  });

  it('does not appear if there is a host reading', () => {
    const { sample, history } = evidenceOf([frame(app([unknown]), 0)]);
    if (sample.kind !== 'app') throw new Error('no app');
    const found = (host: HostReading | null) =>
      assess(NOTHING_FOUND, { sample: { ...sample, host }, history }, {}, 0).findings.length;
    expect([found(null), found(hostReading())]).toEqual([1, 0]);
  });
});

it('hints are last, even if they are older than a warning', () => {
  const slow = core({ inRequest: true, requestStart: NOW + 50 });
  const frames = seconds(70, (second) =>
    app([worker({ rss: null }), worker({ rss: null, cores: second < 50 ? [core()] : [slow] })]),
  );
  const found = foundAfter(frames);
  expect(found.map(({ rule }) => rule)).toEqual(['stuck', 'memory-report']);
  expect(found[1]?.since).toBeLessThan(found[0]?.since ?? 0);
});
