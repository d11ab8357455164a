import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { newFleet, withServer } from '../src/monitor/fleet.ts';
import { nothingObserved } from '../src/monitor/observation.ts';
import { observe } from '../src/monitor/observe.ts';
import { RecentPast } from '../src/recordings/memory.ts';
import type { DocumentEvent } from '../src/sources/source.ts';
import { decode } from '../src/stats/decode.ts';
import { documents, type Size } from './documents.ts';

/** Readings of ten minutes, one a second. */
const READINGS = 600;

/** More than the readings take, so that all are kept. */
const MOST_BYTES = 2 ** 30;

const EPOCH = 1_790_000_000;

export interface RecentResult {
  /** Bytes of the recent past: those in use, and its own estimate. */
  bytes: number;
  estimate: number;
  /** CPU milliseconds to jump to the end of a block. */
  jump: number;
}

/** Measures the recent past of a live view after ten minutes. */
export async function measureRecentPast(size: Size): Promise<RecentResult> {
  const servers = [{ id: 1, target: 'app', name: 'app', node: 'bench' }];
  const kept: { past: RecentPast | null } = { past: new RecentPast(MOST_BYTES) };
  let fleet = newFleet(servers, EPOCH);
  const options = {};
  for (const [second, document] of documents(size, READINGS, 1).entries()) {
    const [time, clock] = [EPOCH + second, 1000 + second];
    const snapshot = decode(document);
    const event: DocumentEvent = {
      ...{ kind: 'document', document, snapshot, origin: 'server', time, clock, clockError: 0, host: null },
    };
    kept.past?.add({ servers, observations: fleet.servers, options }, 'app', event);
    const before = fleet.servers.get('app') ?? nothingObserved('app');
    fleet = withServer(fleet, observe(before, event, options), time);
  }
  const estimate = kept.past?.bytes ?? 0;
  const jump = kept.past ? jumpIn(kept.past) : Number.NaN;
  const before = await bytesInUse();
  kept.past = null;
  return { bytes: before - (await bytesInUse()), estimate, jump };
}

function jumpIn(past: RecentPast): number {
  const begun = process.cpuUsage();
  let observation = nothingObserved('app');
  for (const item of past.items(past.blocks.at(-2)?.until ?? past.end)) {
    if (item.kind === 'block' && item.time > (past.blocks.at(-2)?.time ?? 0)) break;
    if (item.kind === 'block') observation = item.observations().get('app') ?? observation;
    if (item.kind === 'event') observation = observe(observation, item.event);
  }
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

/** Bytes of objects and buffers in use. Buffers are freed some time after the collection of their objects. */
async function bytesInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 4; round += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
