import { describe, expect, it } from 'vitest';
import type { HostReading } from '../../src/host/reading.ts';
import { assess, NOTHING_FOUND } from '../../src/insights/assess.ts';
import type { Worker } from '../../src/stats/snapshot.ts';
import { app, core, hostReading, NEVER_RAN, NOW, worker } from '../rates/builders.ts';
import { CASES, frame, seconds } from './cases.ts';
import { evidenceOf, foundAfter } from './looks.ts';

const rulesOf = (...args: Parameters<typeof foundAfter>) => foundAfter(...args).map(({ rule }) => rule);

describe('the hint at memory-report', () => {
  const silent = (...workers: Worker[]) => seconds(61, () => app(workers));
  const unknown = worker({ rss: null });

  it('is for a server that tells the memory of no worker', () => {
    expect(foundAfter(silent(unknown, unknown))).toMatchObject([
      { rule: 'memory-report', severity: 'hint', text: 'the server does not tell the memory of its workers' },
    ]);
    expect(rulesOf(silent(unknown, worker({ rss: 4096 })))).toEqual([]);
  });

  it('takes a minute, as a server that was just found may be on this machine', () => {
    expect(rulesOf(seconds(59, () => app([unknown])))).toEqual([]);
  });

  it('is for workers that run', () => {
    expect(rulesOf(silent({ ...NEVER_RAN, rss: null }))).toEqual([]);
    expect(rulesOf(silent())).toEqual([]);
  });

  it('is none where the kernel knows', () => {
    const { sample, history } = evidenceOf([frame(app([unknown]), 0)]);
    if (sample.kind !== 'app') throw new Error('no app');
    const found = (host: HostReading | null) =>
      assess(NOTHING_FOUND, { sample: { ...sample, host }, history }, {}, 0).findings.length;
    expect([found(null), found(hostReading())]).toEqual([1, 0]);
  });
});

describe('the hint at harakiri', () => {
  const running = (age: number, ...others: Partial<Worker>[]) => [
    frame(
      app([
        worker({ cores: [core(), core({ id: 1, inRequest: true, requestStart: NOW - age })] }),
        ...others.map(worker),
      ]),
      0,
    ),
  ];

  it('is for a request that nothing has ended for a minute', () => {
    expect(foundAfter(running(60))).toMatchObject([
      { rule: 'stuck', severity: 'critical' },
      {
        rule: 'no-harakiri',
        severity: 'hint',
        since: NOW - 60,
        text: 'nothing has ended a request that runs for 1m00s: no worker has had a harakiri',
      },
    ]);
    expect(rulesOf(running(59))).toEqual(['stuck']);
  });

  it('is none where the limit is known', () => {
    const limited = running(70).map((each) => ({ ...each, host: hostReading([], { harakiri: 120 }) }));
    expect(rulesOf(limited)).toEqual(['stuck']);
  });

  it('is none where a worker has had one, or may have', () => {
    expect(rulesOf(running(600, { harakiris: 1 }))).toEqual(['stuck']);
    expect(rulesOf(running(600, { harakiris: null }))).toEqual(['stuck']);
    expect(rulesOf(running(600, { harakiris: 0 }))).toEqual(['stuck', 'no-harakiri']);
  });
});

it('hints stand last, however long they are so', () => {
  const since = (rule: string) => CASES[rule]?.at(60) ?? [];
  const found = foundAfter(since('no-harakiri'), { changes: { stuck: { warning: 1, critical: 1e9 } } });
  expect(found.map(({ severity }) => severity)).toEqual(['warning', 'hint']);
});
