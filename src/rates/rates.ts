import type { AppSnapshot, RouterNode, RouterSnapshot, Worker } from '../stats/snapshot.ts';
import { delta, rate, ratio, sum } from './delta.ts';
import { type LongPatterns, longRequests } from './long.ts';
import { isReset } from './reset.ts';
import type {
  AppSample,
  CoreSample,
  NodeSample,
  Reading,
  RequestRates,
  RouterSample,
  Sample,
  WorkerSample,
} from './sample.ts';
import { timedRequests } from './timed.ts';
import { totals } from './totals.ts';

/**
 * Computes what changed between two readings of one target.
 *
 * @param target the name of the target, copied into the sample
 * @param current the reading to describe
 * @param previous the reading before it; `null` if there is none
 * @param patterns paths of requests that are long on purpose
 */
export function sampleOf(
  target: string,
  current: Reading,
  previous: Reading | null,
  patterns: LongPatterns = [],
): Sample {
  const { snapshot, time } = current;
  const reset = previous !== null && isReset(previous.snapshot, snapshot);
  const interval = previous === null ? null : intervalOf(previous, current);
  const before = previous === null || reset ? null : previous.snapshot;
  const { timeIsExact = true, saved = false } = current;
  const common: Common = { target, time, timeIsExact, saved, interval, reset };
  switch (snapshot.kind) {
    case 'app':
      return appSample(
        { ...common, host: current.host ?? null, long: longRequests(snapshot.workers, patterns) },
        snapshot,
        before?.kind === 'app' ? before : null,
        delta(previous?.host?.listenOverflows, current.host?.listenOverflows ?? null),
      );
    case 'emperor':
      return { kind: 'emperor', ...common, snapshot };
    case 'router':
      return routerSample(common, snapshot, before?.kind === 'router' ? before : null);
  }
}

/** Largest relative error of an interval for which rates are shown. */
const LARGEST_ERROR = 0.1;

/** Seconds between two readings; `null` if their clocks are too uncertain for a rate. */
function intervalOf(previous: Reading, current: Reading): number | null {
  const seconds = current.clock - previous.clock;
  const error = (previous.clockError ?? 0) + (current.clockError ?? 0);
  return error > seconds * LARGEST_ERROR ? null : seconds;
}

type Common = Pick<Sample, 'target' | 'time' | 'timeIsExact' | 'saved' | 'interval' | 'reset'>;

function appSample(
  common: Common & Pick<AppSample, 'host' | 'long'>,
  snapshot: AppSnapshot,
  before: AppSnapshot | null,
  refused: number | null,
): AppSample {
  const measures: Measures = {
    seconds: common.interval,
    all: sum(snapshot.workers, (worker) => worker.requests),
    allNew: before && sumOfDeltas(snapshot.workers, before.workers),
  };
  const workers = snapshot.workers.map((worker, place) =>
    workerSample(worker, before?.workers[place] ?? null, measures),
  );
  return {
    kind: 'app',
    ...common,
    snapshot,
    before,
    totals: totals(snapshot, workers, { ...common, long: common.long.size, refused }),
    workers,
  };
}

/** The values that the rates and shares of each row are computed with. */
interface Measures {
  seconds: number | null;
  /** Requests of the server: since its start (`all`), and in the interval (`allNew`). */
  all: number | null;
  allNew: number | null;
}

function sumOfDeltas(after: readonly Worker[], before: readonly Worker[]): number | null {
  let place = 0;
  return sum(after, (worker) => delta(before[place++]?.requests, worker.requests));
}

function requestRates(
  before: number | null | undefined,
  requests: number | null,
  measures: Measures,
): RequestRates {
  const requestsDelta = delta(before, requests);
  return {
    requestsDelta,
    rps: rate(requestsDelta, measures.seconds),
    share: ratio(requests, measures.all),
    intervalShare: ratio(requestsDelta, measures.allNew),
  };
}

function workerSample(worker: Worker, before: Worker | null, measures: Measures): WorkerSample {
  const { requestsDelta, rps, share, intervalShare } = requestRates(
    before?.requests,
    worker.requests,
    measures,
  );
  const runningTimeDelta = delta(before?.runningTime, worker.runningTime);
  const timedRequestsDelta = delta(before && timedRequests(before), timedRequests(worker));
  // The fields are written out, because V8 is a hundred times slower if an object is spread and then extended.
  return {
    worker,
    before,
    requestsDelta,
    rps,
    share,
    intervalShare,
    exceptionsDelta: delta(before?.exceptions, worker.exceptions),
    harakirisDelta: delta(before?.harakiris, worker.harakiris),
    respawnsDelta: delta(before && respawns(before), respawns(worker)),
    respawns: respawns(worker),
    txRate: rate(delta(before?.tx, worker.tx), measures.seconds),
    runningTimeDelta,
    timedRequestsDelta,
    responseTime: ratio(runningTimeDelta, timedRequestsDelta),
  };
}

/** The cores of a worker, with their rates. */
export function coreSamples(sample: AppSample, { worker, before }: WorkerSample): CoreSample[] {
  const measures = {
    seconds: sample.interval,
    all: sample.totals.requests,
    allNew: sample.totals.requestsDelta,
  };
  return worker.cores.map((core, place) => {
    const { requestsDelta, rps, share, intervalShare } = requestRates(
      before?.cores[place]?.requests,
      core.requests,
      measures,
    );
    return { core, requestsDelta, rps, share, intervalShare };
  });
}

function respawns(worker: Worker): number | null {
  return worker.spawns === null ? null : Math.max(0, worker.spawns - 1);
}

function routerSample(common: Common, snapshot: RouterSnapshot, before: RouterSnapshot | null): RouterSample {
  const { interval } = common;
  // Maps, because a router can have thousands of subscriptions and of static nodes.
  const oldSubscriptions = new Map(before?.subscriptions.map((each) => [each.key, each]));
  const oldStaticNodes = new Map(before?.staticNodes.map((each) => [each.name, each]));
  const nodes = snapshot.subscriptions.flatMap(({ key, nodes }) => {
    const oldNodes = new Map(oldSubscriptions.get(key)?.nodes.map((each) => [each.name, each]));
    return nodes.map((node) => nodeSample(key, node, oldNodes.get(node.name), interval));
  });
  const staticNodes = snapshot.staticNodes.map((node) => {
    const hitsDelta = delta(oldStaticNodes.get(node.name)?.hits, node.hits);
    return { node, hitsDelta, hitRate: rate(hitsDelta, interval) };
  });
  return { kind: 'router', ...common, snapshot, nodes, staticNodes };
}

function nodeSample(
  key: string,
  node: RouterNode,
  before: RouterNode | undefined,
  seconds: number | null,
): NodeSample {
  const requestsDelta = delta(before?.requests, node.requests);
  return {
    key,
    node,
    requestsDelta,
    rps: rate(requestsDelta, seconds),
    txRate: rate(delta(before?.tx, node.tx), seconds),
    rxRate: rate(delta(before?.rx, node.rx), seconds),
  };
}
