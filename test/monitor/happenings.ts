import { nothingObserved, type Observation } from '../../src/monitor/observation.ts';
import { observe } from '../../src/monitor/observe.ts';
import { RefusedError } from '../../src/sources/errors.ts';
import type { SourceEvent } from '../../src/sources/source.ts';
import type { Snapshot, Worker } from '../../src/stats/snapshot.ts';
import { app, core, NOW, reading, SERVER, worker } from '../rates/builders.ts';
import { eventOf } from './observing.ts';

/** A read of a server: what it sent, or `null` for a failed read. */
export type Read = readonly [seconds: number, snapshot: Snapshot | null];

/** The event of a source for a read, this many seconds after the tests began. */
export function sourceEvent([seconds, snapshot]: Read): SourceEvent {
  if (snapshot !== null) return eventOf(reading(snapshot, seconds));
  const time = NOW + seconds;
  return { kind: 'failure', error: new RefusedError('/run/app.stats'), time, retryAt: time + 1 };
}

/** The observation of a server after these reads. */
export function observedAfter(
  reads: readonly Read[],
  before: Observation = nothingObserved('test'),
): Observation {
  return reads.reduce((known, read) => observe(known, sourceEvent(read)), before);
}

/** A worker that has run a request for some seconds. */
export function running(uri: string, seconds: number, at: number, given: Partial<Worker> = {}): Worker {
  const vars = ['REQUEST_METHOD=GET', `REQUEST_URI=${uri}`];
  const requestStart = NOW + at - seconds;
  return worker({ status: 'busy', cores: [core({ inRequest: true, vars, requestStart })], ...given });
}

/** The worker after its process was killed and replaced. */
export function killed(before: Worker, pid: number): Worker {
  const { harakiris, spawns } = before;
  return {
    ...worker({ pid, requests: before.requests, requestsSinceSpawn: 0 }),
    harakiris: (harakiris ?? 0) + 1,
    spawns: (spawns ?? 0) + 1,
  };
}

const BUSY = running('/report?token=hunter2', 30, 1, { pid: 201 });
const OTHER = worker({ pid: 202 });
const RESTARTED = app([worker({ pid: 301, requests: 0, cores: [core({ requests: 0 })] })], {
  server: { ...SERVER, pid: 300 },
});

/** A server with a harakiri, an outage and a restart. */
export const HAPPENINGS: readonly Read[] = [
  [0, app([running('/report?token=hunter2', 29, 0, { pid: 201 }), OTHER])],
  [1, app([BUSY, OTHER])],
  [2, app([killed(BUSY, 203), OTHER])],
  [3, null],
  [6, null],
  [9, RESTARTED],
];
