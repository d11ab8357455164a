import { describe, expect, it } from 'vitest';
import type { ChildReading } from '../../src/host/reading.ts';
import { unlistedChildren } from '../../src/rates/children.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import { NO_RESTARTS, restartsAfter, restartsOf } from '../../src/rates/restarts.ts';
import type { AppSample } from '../../src/rates/sample.ts';
import { app, hostReading, NOW, processReading, reading, worker } from './builders.ts';

const child = (pid: number, command: string | null, given: Partial<ChildReading> = {}): ChildReading => ({
  ...processReading({ pid }),
  command,
  ...given,
});

/** A server with these daemons and other children, at that second. */
function at(
  second: number,
  daemons: (readonly [command: string, pid: number | null])[],
  children: ChildReading[] = [],
): AppSample {
  const snapshot = app([worker({ pid: 101 })], {
    daemons: daemons.map(([command, pid]) => ({ command, pid, respawns: null })),
  });
  const host = hostReading([], { children: new Map(children.map((each) => [each.pid, each])) });
  const sample = sampleOf('test', { ...reading(snapshot, second), host }, null);
  if (sample.kind !== 'app') throw new Error(sample.kind);
  return sample;
}

const restartsFrom = (...samples: AppSample[]) => samples.reduce(restartsAfter, NO_RESTARTS);

describe('the restarts of a daemon', () => {
  const count = (pid: number | null, ...pids: (number | null)[]) =>
    restartsOf(
      restartsFrom(...pids.map((pid, second) => at(second, [['redis', pid]]))),
      'daemon',
      'redis',
      pid,
    );

  it('are changes of its pid, also after a time without a process', () => {
    expect(count(7, 7, 7, 7)).toBe(0);
    expect(count(9, 7, 8, 9)).toBe(2);
    expect(count(8, 7, null, null, 8)).toBe(1);
    expect(count(7, 7, null, 7)).toBe(0);
    expect(count(null, 7, 8, null)).toBe(1);
    expect(count(null, null)).toBeNull();
  });

  it('are counted separately for two daemons with the same command', () => {
    const two = (second: number, ...pids: number[]) =>
      at(
        second,
        pids.map((pid) => ['sleep 9', pid] as const),
      );
    const restarts = restartsFrom(two(0, 5, 6), two(1, 5, 7), two(2, 5, 8), two(3, 9, 8));
    expect([8, 9].map((pid) => restartsOf(restarts, 'daemon', 'sleep 9', pid))).toEqual([2, 1]);
  });

  it('start again at 0 after a reset, and are forgotten after some minutes without a process', () => {
    const dead = restartsFrom(at(0, [['redis', 7]]), at(1, [['redis', 8]]));
    expect(restartsAfter(dead, { ...at(2, [['redis', 9]]), reset: true }).get('daemon redis')).toMatchObject([
      { count: 0, times: [] },
    ]);
    expect(restartsAfter(dead, at(400, [])).size).toBe(0);
  });
});

describe('children of the master that are not in the document', () => {
  it('are mules and routers by their name, and otherwise children', () => {
    const sample = at(
      0,
      [['redis', 7]],
      [
        child(7, '/bin/sh -c redis'),
        child(8, 'uWSGI mule 2'),
        child(9, 'shop uWSGI http 1'),
        child(10, null),
        child(11, '/bin/sh -c backup'),
        child(12, 'uWSGI worker 4'),
        child(13, null, { started: NOW - 1 }),
        child(14, null, { state: 'Z' }),
        child(101, null),
      ],
    );
    expect(unlistedChildren(sample).map(({ kind, name, process: { pid } }) => [pid, kind, name])).toEqual([
      [8, 'mule', 'uWSGI mule 2'],
      [9, 'router', 'shop uWSGI http 1'],
      [10, 'child', null],
      [11, 'child', '/bin/sh -c backup'],
    ]);
    expect(unlistedChildren({ ...sample, host: null })).toEqual([]);
  });

  it('have their restarts counted, except programs, which may be crons', () => {
    const restarts = restartsFrom(
      at(0, [], [child(8, 'uWSGI mule 1'), child(9, null), child(10, null), child(11, 'backup')]),
      at(9, [], [child(18, 'uWSGI mule 1'), child(9, null), child(20, null), child(21, 'backup')]),
    );
    const of = (name: string, pid: number) => restartsOf(restarts, 'child', name, pid);
    expect([of('uWSGI mule 1', 18), of('', 9), of('', 20), of('backup', 21)]).toEqual([1, 0, 1, null]);
  });
});
