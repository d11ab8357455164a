import { describe, expect, it } from 'vitest';
import { coreSamples, sampleOf } from '../../src/rates/rates.ts';
import { decode } from '../../src/stats/decode.ts';
import { capture, meant, NAMES } from '../stats/captures.ts';

/** Seconds between the two reads. */
const SECONDS = 2;

/** The fields of a worker in the document that rates are computed from. */
interface SentWorker {
  requests: number;
  running_time: number;
  exceptions: number;
  harakiri_count: number;
  respawn_count: number;
  tx: number;
  cores?: { requests: number }[];
}

const workersOf = (name: string, read: 1 | 2) =>
  meant(capture(name, read)).workers as SentWorker[] | undefined;
const add = (numbers: number[]) => numbers.reduce((sum, each) => sum + each, 0);
/** Equal within the error of another computation. */
const about = (number: number | null) => (number === null ? null : expect.closeTo(number, 9));
const per = (part: number, whole: number) => (whole === 0 ? null : part / whole);
const started = (worker: SentWorker) => Math.max(0, worker.respawn_count - 1);

const appServers = NAMES.filter((name) => workersOf(name, 1) !== undefined);

describe.each(appServers)('the rates of capture %s', (name) => {
  const [before, after] = [workersOf(name, 1) ?? [], workersOf(name, 2) ?? []];
  const sample = sampleOf(
    name,
    { snapshot: decode(capture(name, 2)), time: 0, clock: 10 + SECONDS },
    { snapshot: decode(capture(name, 1)), time: 0, clock: 10 },
  );
  const gained = (field: Exclude<keyof SentWorker, 'cores'>) =>
    after.map((w, i) => w[field] - (before[i]?.[field] ?? 0));
  const hasCores = after.every(({ cores }) => cores !== undefined);
  const [requests, microseconds, bytes] = [gained('requests'), gained('running_time'), gained('tx')];

  it('are those of its workers', () => {
    if (sample.kind !== 'app') return expect.fail(sample.kind);
    expect(sample).toMatchObject({ interval: SECONDS, reset: false });
    expect(sample).toMatchObject({
      workers: after.map((worker, i) => ({
        requestsDelta: requests[i],
        rps: about((requests[i] ?? 0) / SECONDS),
        txRate: about((bytes[i] ?? 0) / SECONDS),
        share: about(per(worker.requests, add(after.map((each) => each.requests)))),
        intervalShare: about(per(requests[i] ?? 0, add(requests))),
        // No capture has static files, and one has no cores, so that their number is unknown.
        responseTime: hasCores ? about(per((microseconds[i] ?? 0) / 1e6, requests[i] ?? 0)) : null,
        exceptionsDelta: gained('exceptions')[i],
        harakirisDelta: gained('harakiri_count')[i],
        respawns: started(worker),
        respawnsDelta: started(worker) - (before[i] ? started(before[i]) : 0),
      })),
    });
    expect(sample.workers.map((worker) => coreSamples(sample, worker).map(({ rps }) => rps))).toEqual(
      after.map(({ cores = [] }, i) =>
        cores.map((core, j) => about((core.requests - (before[i]?.cores?.[j]?.requests ?? 0)) / SECONDS)),
      ),
    );
  });

  it('have the correct totals', () => {
    expect(sample).toMatchObject({
      totals: {
        workers: after.length,
        requests: add(after.map((worker) => worker.requests)),
        requestsDelta: add(requests),
        rps: about(add(requests) / SECONDS),
        responseTime: hasCores ? about(per(add(microseconds) / 1e6, add(requests))) : null,
        tx: add(after.map((worker) => worker.tx)),
        txRate: about(add(bytes) / SECONDS),
        respawns: add(after.map(started)),
      },
    });
  });
});

describe('the captures', () => {
  it('are of servers with traffic, so that the rates above are not all 0', () => {
    const active = appServers.filter(
      (name) =>
        add((workersOf(name, 2) ?? []).map((worker) => worker.requests)) >
        add((workersOf(name, 1) ?? []).map((worker) => worker.requests)),
    );
    expect(active.length).toBeGreaterThan(10);
  });

  it('are resets in reverse order', () => {
    for (const name of ['prefork', 'single', 'minified']) {
      const [first, second] = [decode(capture(name, 1)), decode(capture(name, 2))];
      const sample = sampleOf(
        name,
        { snapshot: first, time: 0, clock: 12 },
        { snapshot: second, time: 0, clock: 10 },
      );
      expect(sample).toMatchObject({ reset: true, totals: { rps: null, requestsDelta: null } });
    }
  });
});
