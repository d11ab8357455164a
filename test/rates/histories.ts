import { type History, NO_HISTORY, remember } from '../../src/rates/history.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { AppSample, Reading } from '../../src/rates/sample.ts';
import type { Worker } from '../../src/stats/snapshot.ts';
import { app, core, reading, socket, worker } from './builders.ts';

/** The activity of a server until the next read. Events that are not given did not happen. */
export interface Step {
  /** Seconds since the previous read. */
  seconds: number;
  requests?: number;
  /** Seconds per request. */
  each?: number;
  tx?: number;
  exceptions?: number;
  harakiris?: number;
  respawns?: number;
  /** Cores in a request at the time of the read, of `CORES`. */
  busy?: number;
  /** `null`: all sockets are unix sockets. */
  queue?: number | null;
  /** Bytes; `null`: without memory-report. */
  rss?: number | null;
  /** The server was restarted: it has another master, and its counters start at 0. */
  restarted?: boolean;
}

export const CORES = 4;

/** The samples of a server with one worker. The events of the first step are unknown, because it has no interval. */
export function samplesOf(steps: readonly Step[]): AppSample[] {
  let pid = 100;
  let before: Reading | null = null;
  let time = 0;
  let counters = ZERO;
  return steps.map((step) => {
    time += step.seconds;
    if (step.restarted) {
      pid += 1;
      counters = ZERO;
    }
    counters = counted(counters, step);
    const { busy = 0, queue = 0, rss = null } = step;
    const cores = Array.from({ length: CORES }, (_, id) => core({ id, inRequest: id < busy }));
    const snapshot = app([worker({ ...counters, rss, cores })], {
      server: { version: '2.0.21', pid, uid: 0, gid: 0, cwd: '/srv' },
      sockets: queue === null ? [] : [socket({ queue, maxQueue: 100 })],
    });
    const current = reading(snapshot, time);
    const sample = sampleOf('test', current, before);
    before = current;
    if (sample.kind !== 'app') throw new Error(`kind ${sample.kind}`);
    return sample;
  });
}

type Counters = Pick<Worker, 'requests' | 'runningTime' | 'tx' | 'exceptions' | 'harakiris' | 'spawns'>;

const ZERO = { requests: 0, runningTime: 0, tx: 0, exceptions: 0, harakiris: 0, spawns: 1 };

function counted(before: typeof ZERO, step: Step): typeof ZERO & Counters {
  const { requests = 0, each = 0, tx = 0, exceptions = 0, harakiris = 0, respawns = 0 } = step;
  return {
    requests: before.requests + requests,
    runningTime: before.runningTime + requests * each,
    tx: before.tx + tx,
    exceptions: before.exceptions + exceptions,
    harakiris: before.harakiris + harakiris,
    spawns: before.spawns + respawns,
  };
}

/** The history after these samples. */
export function remembered(samples: readonly AppSample[], before: History = NO_HISTORY): History {
  return samples.reduce(remember, before);
}

/** The history of a server with one worker after these steps. */
export function historyAfter(steps: readonly Step[]): History {
  return remembered(samplesOf(steps));
}
