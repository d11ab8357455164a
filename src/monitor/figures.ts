import { rate, ratio } from '../rates/delta.ts';
import { type History, residentMemory } from '../rates/history.ts';
import { perMinute } from '../rates/per-minute.ts';
import { processorsOf } from '../rates/processors.ts';
import type { AppSample } from '../rates/sample.ts';
import type { Figures, Observation } from './observation.ts';

/** All numbers unknown. */
export const NO_FIGURES: Figures = {
  rps: null,
  timedRps: null,
  runningTime: null,
  busy: null,
  cores: null,
  queue: null,
  maxQueue: null,
  exceptions: null,
  harakiris: null,
  respawns: null,
  tx: null,
  long: null,
  cpu: null,
  memory: null,
};

/** The main numbers of a server. All are unknown while the connection is lost, and for other servers than app servers. */
export function figuresOf({ connection, sample, history }: Observation): Figures {
  return connection.state === 'lost' || sample?.kind !== 'app' ? NO_FIGURES : knownFigures(sample, history);
}

/** The main numbers of an app server at its last sample. */
export function knownFigures(sample: AppSample, history: History): Figures {
  const { totals, interval } = sample;
  return {
    rps: totals.rps,
    timedRps: rate(totals.timedRequestsDelta, interval),
    runningTime: rate(totals.runningTimeDelta, interval),
    busy: totals.coresBusy,
    cores: totals.cores,
    queue: totals.queue,
    maxQueue: totals.maxQueue,
    exceptions: perMinute(history, (point) => point.exceptions),
    harakiris: perMinute(history, (point) => point.harakiris),
    respawns: perMinute(history, (point) => point.respawns),
    tx: totals.txRate,
    long: totals.coresLong,
    cpu: processorsOf(sample),
    memory: residentMemory(sample),
  };
}

/** Pairs of numbers of which one has a meaning only with the other: a total has both or neither of a server. */
const PAIRS = [
  ['timedRps', 'runningTime'],
  ['busy', 'cores'],
] as const satisfies readonly (readonly [keyof Figures, keyof Figures])[];

/**
 * The sums of the known numbers. A sum is `null` if no server has the number. The limit of the queues is `null` if a
 * server has a queue without a known limit.
 */
export function totalOf(all: readonly Figures[]): Figures {
  const total = { ...NO_FIGURES };
  for (const figures of all.map(paired))
    for (const name of Object.keys(total) as (keyof Figures)[]) {
      const value = figures[name];
      if (value !== null) total[name] = (total[name] ?? 0) + value;
    }
  const isUnlimited = all.some(({ queue, maxQueue }) => queue !== null && maxQueue === null);
  return isUnlimited ? { ...total, maxQueue: null } : total;
}

function paired(figures: Figures): Figures {
  const pairs = PAIRS.filter((pair) => pair.some((name) => figures[name] === null));
  return pairs.length === 0
    ? figures
    : { ...figures, ...Object.fromEntries(pairs.flat().map((name) => [name, null])) };
}

/** Mean response time in seconds: the running time of all requests over their number. `null` if it is unknown. */
export function responseTimeOf({ runningTime, timedRps }: Figures): number | null {
  return ratio(runningTime, timedRps);
}
