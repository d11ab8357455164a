import type { AppSnapshot, Core, RouterNode, RouterSnapshot, Worker } from '../stats/snapshot.ts';
import { delta, rate, ratio, sum } from './delta.ts';
import { isReset } from './reset.ts';
import type {
  AppSample,
  CoreSample,
  Reading,
  RouterNodeSample,
  RouterSample,
  Sample,
  WorkerSample,
} from './sample.ts';
import { totals } from './totals.ts';

/**
 * What changed between two readings of one target.
 *
 * @param target the target's name, carried into the sample
 * @param current the reading to describe
 * @param previous the reading before it, or `null` when there is none
 */
export function sampleOf(target: string, current: Reading, previous: Reading | null): Sample {
  const { snapshot, time } = current;
  const reset = previous !== null && isReset(previous.snapshot, snapshot);
  const interval = previous === null ? null : current.clock - previous.clock;
  const before = previous === null || reset ? null : previous.snapshot;
  const common = { target, time, interval, reset };
  switch (snapshot.kind) {
    case 'app':
      return appSample(common, snapshot, before?.kind === 'app' ? before : null);
    case 'emperor':
      return { ...common, ...snapshot };
    case 'router':
      return routerSample(common, snapshot, before?.kind === 'router' ? before : null);
  }
}

type Common = Pick<Sample, 'target' | 'time' | 'interval' | 'reset'>;

function appSample(common: Common, snapshot: AppSnapshot, before: AppSnapshot | null): AppSample {
  const all = sum(snapshot.workers, (worker) => worker.requests);
  const allNew = before && sumOfDeltas(snapshot.workers, before.workers);
  const workers = snapshot.workers.map((worker, place) =>
    workerSample(worker, before?.workers[place], { seconds: common.interval, all, allNew }),
  );
  return { ...common, ...snapshot, totals: totals(snapshot, workers, common), workers };
}

/** What every row of a sample is measured against. */
interface Measures {
  seconds: number | null;
  /** Requests of the server, of all time and of the interval. */
  all: number | null;
  allNew: number | null;
}

function sumOfDeltas(after: readonly Worker[], before: readonly Worker[]): number | null {
  let place = 0;
  return sum(after, (worker) => delta(before[place++]?.requests, worker.requests));
}

function workerSample(worker: Worker, before: Worker | undefined, measures: Measures): WorkerSample {
  const requestsDelta = delta(before?.requests, worker.requests);
  const runningTimeDelta = delta(before?.runningTime, worker.runningTime);
  return {
    ...worker,
    requestsDelta,
    rps: rate(requestsDelta, measures.seconds),
    share: ratio(worker.requests, measures.all),
    intervalShare: ratio(requestsDelta, measures.allNew),
    exceptionsDelta: delta(before?.exceptions, worker.exceptions),
    harakirisDelta: delta(before?.harakiris, worker.harakiris),
    respawnsDelta: delta(before && respawns(before), respawns(worker)),
    respawns: respawns(worker),
    txRate: rate(delta(before?.tx, worker.tx), measures.seconds),
    runningTimeDelta,
    responseTime: ratio(runningTimeDelta, requestsDelta),
    cores: worker.cores.map((core, place) => coreSample(core, before?.cores[place], measures)),
  };
}

function respawns(worker: Worker): number | null {
  return worker.spawns === null ? null : Math.max(0, worker.spawns - 1);
}

function coreSample(core: Core, before: Core | undefined, measures: Measures): CoreSample {
  const requestsDelta = delta(before?.requests, core.requests);
  return {
    id: core.id,
    requests: core.requests,
    staticRequests: core.staticRequests,
    routedRequests: core.routedRequests,
    offloadedRequests: core.offloadedRequests,
    writeErrors: core.writeErrors,
    readErrors: core.readErrors,
    inRequest: core.inRequest,
    vars: core.vars,
    requestStart: core.requestStart,
    requestsDelta,
    rps: rate(requestsDelta, measures.seconds),
    share: ratio(core.requests, measures.all),
    intervalShare: ratio(requestsDelta, measures.allNew),
  };
}

function routerSample(common: Common, snapshot: RouterSnapshot, before: RouterSnapshot | null): RouterSample {
  return {
    ...common,
    ...snapshot,
    subscriptions: snapshot.subscriptions.map((subscription) => {
      const old = before?.subscriptions.find(({ key }) => key === subscription.key);
      const nodes = subscription.nodes.map((node) =>
        nodeSample(
          node,
          old?.nodes.find(({ name }) => name === node.name),
          common.interval,
        ),
      );
      return { ...subscription, nodes };
    }),
    staticNodes: snapshot.staticNodes.map((node) => {
      const hitsDelta = delta(before?.staticNodes.find(({ name }) => name === node.name)?.hits, node.hits);
      return { ...node, hitsDelta, hitRate: rate(hitsDelta, common.interval) };
    }),
  };
}

function nodeSample(
  node: RouterNode,
  before: RouterNode | undefined,
  seconds: number | null,
): RouterNodeSample {
  const requestsDelta = delta(before?.requests, node.requests);
  return {
    ...node,
    requestsDelta,
    rps: rate(requestsDelta, seconds),
    txRate: rate(delta(before?.tx, node.tx), seconds),
    rxRate: rate(delta(before?.rx, node.rx), seconds),
  };
}
