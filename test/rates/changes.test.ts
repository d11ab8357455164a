import { describe, expect, it } from 'vitest';
import { changeFindings } from '../../src/insights/change-rules.ts';
import { changesBetween, countersOf } from '../../src/rates/changes.ts';
import type { AppSnapshot, Worker } from '../../src/stats/snapshot.ts';
import { app, appBetween, NOW, SERVER, worker } from './builders.ts';

const at = (workers: Worker[], given: Partial<AppSnapshot> = {}) =>
  countersOf(appBetween(null, app(workers, given)));

const before = at([worker({ exceptions: 5, harakiris: 2, spawns: 3, requests: 100 })]);

describe('what happened between two documents', () => {
  it('is the increase of each counter', () => {
    const after = at([worker({ exceptions: 7, harakiris: 3, spawns: 5, requests: 90 + 100, pid: 102 })]);
    expect(changesBetween(before, after)).toMatchObject({
      restarted: null,
      exceptions: 2,
      harakiris: 1,
      respawns: 2,
    });
  });

  it('counts from a restart on: never a negative number', () => {
    const other = { server: { ...SERVER, pid: 900 } };
    expect(changesBetween(before, at([worker({ exceptions: 1, spawns: 1, pid: 901 })], other))).toMatchObject(
      {
        restarted: 'restart',
        exceptions: 1,
        harakiris: 0,
        respawns: 0,
      },
    );
  });

  it.each([
    ['a counter went back', worker({ exceptions: 1, spawns: 1, pid: 102 })],
    [
      'a new process of a worker that was not respawned',
      worker({ exceptions: 9, spawns: 3, requests: 900, pid: 102 }),
    ],
  ])('is a reload if %s', (_, after) => {
    const changes = changesBetween(before, at([after]));
    expect(changes).toMatchObject({ restarted: 'reload', exceptions: after.exceptions });
    expect(Object.values(changes).filter((value) => typeof value === 'number' && value < 0)).toEqual([]);
  });

  it('is unknown for a counter that a document lacks', () => {
    expect(
      changesBetween(before, at([worker({ exceptions: null, harakiris: 2, requests: 100, spawns: 3 })])),
    ).toMatchObject({
      restarted: null,
      exceptions: null,
      respawns: 0,
    });
    expect(changesBetween(at([]), at([]))).toMatchObject({ exceptions: null, respawns: null });
  });

  it('becomes findings by the levels, with the time', () => {
    const changes = {
      since: NOW,
      restarted: 'reload',
      harakiris: 0,
      exceptions: 2,
      respawns: 4,
      queueErrors: null,
    } as const;
    const rules = (levels = {}) =>
      changeFindings(changes, NOW + 300, levels).map(({ rule, severity }) => `${rule} ${severity}`);
    expect(rules()).toEqual(['new-exception warning']);
    expect(rules({ 'new-exception': { warning: 3 }, 'new-respawn': { warning: 1, critical: 4 } })).toEqual([
      'new-respawn critical',
    ]);
    expect(rules({ 'new-restart': { warning: 1 }, 'new-harakiri': { warning: 0 } })).toContain(
      'new-restart warning',
    );
    expect(rules({ 'new-harakiri': { warning: 0 } })).not.toContain('new-harakiri warning');
    expect(changeFindings(changes, NOW + 300)[0]?.text).toBe(
      'at least 2 exceptions since the last check, 5m00s ago',
    );
  });
});
