import { describe, expect, it } from 'vitest';
import { withoutEndedRequests } from '../../src/rates/ended-requests.ts';
import { requestsInFlight } from '../../src/rates/in-flight.ts';
import { usageOf } from '../../src/rates/usage.ts';
import { killed, observedAfter, running } from '../monitor/happenings.ts';
import { app, core, NOW, worker } from './builders.ts';

const inRequest = (start: number | null) =>
  core({ inRequest: true, requestStart: start, vars: ['REQUEST_URI=/slow'] });

/** Whether the cores of a worker are in a request, after those of ended processes were removed. */
function left(lastSpawn: number | null, ...starts: (number | null)[]): boolean[] {
  const snapshot = app([
    worker({ cores: [inRequest(NOW - 9)] }),
    worker({ lastSpawn, cores: starts.map(inRequest) }),
  ]);
  const { workers } = withoutEndedRequests(snapshot, NOW);
  expect(workers[0]).toBe(snapshot.workers[0]);
  return workers[1]?.cores.map(({ inRequest }) => inRequest) ?? [];
}

it('a request that began before its process is one of a process that has ended', () => {
  expect(left(NOW - 2, NOW - 3, NOW - 2, NOW - 1)).toEqual([false, true, true]);
});

it('the request of an ended process leaves nothing behind', () => {
  const { workers } = withoutEndedRequests(
    app([worker({ lastSpawn: NOW, cores: [inRequest(NOW - 5)] })]),
    NOW,
  );
  expect(workers[0]?.cores).toEqual([core()]);
});

it('a request is kept if one of the times is unknown, or if the clock was set back', () => {
  expect(left(null, NOW - 3)).toEqual([true]);
  expect(left(NOW - 2, null)).toEqual([true]);
  expect(left(NOW + 3600, NOW - 3)).toEqual([true]);
  expect(left(NOW - 10, NOW - 60)).toEqual([true]);
});

describe('the first reading after a harakiri', () => {
  const busy = running('/slow', 5, 0, { pid: 201 });
  const observedWith = (lastSpawn: number | null) => {
    const after = { ...killed(busy, 202), lastSpawn, cores: busy.cores };
    const reads = [
      [0, app([busy])],
      [1, app([after])],
      [2, app([{ ...after, cores: [core()] }])],
    ] as const;
    return { during: observedAfter(reads.slice(0, 2)), later: observedAfter(reads) };
  };

  it('shows no request of the new process', () => {
    const { sample } = observedWith(NOW + 1).during;
    expect(sample?.kind === 'app' && requestsInFlight(sample)).toEqual([]);
  });

  it('leads to no share of busy cores below 0, also if the start of the process is unknown', () => {
    for (const lastSpawn of [NOW + 1, null])
      expect(usageOf(observedWith(lastSpawn).later.history)[0]?.busy).toBe(0);
  });
});
