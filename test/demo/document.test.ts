import { describe, expect, it } from 'vitest';
import { appDocument } from '../../src/demo/document.ts';
import { createTraffic, type TrafficOptions } from '../../src/demo/traffic.ts';
import { StatsWriter } from '../../src/demo/writer.ts';
import { decode } from '../../src/stats/decode.ts';
import type { AppSnapshot } from '../../src/stats/snapshot.ts';
import { capture, layout } from './layout.ts';

function decoded(document: string): AppSnapshot {
  const snapshot = decode(Buffer.from(document));
  if (snapshot.kind !== 'app') throw new Error(`unexpected kind ${snapshot.kind}`);
  return snapshot;
}

/** Advances traffic until each core has as many requests in flight as in the capture. */
function trafficLike(document: string, options: Partial<TrafficOptions>) {
  const pattern = (text: string) => [...text.matchAll(/"in_request":(\d)/g)].map(([, flag]) => flag).join('');
  const traffic = createTraffic({ rate: 150, ...options });
  for (let step = 0; step < 200_000; step++) {
    if (pattern(appDocument(traffic.state)) === pattern(document)) return traffic;
    traffic.advance(0.05);
  }
  throw new Error('the traffic never reaches this state');
}

describe('appDocument', () => {
  it('has the exact layout of uWSGI', () => {
    const threads = capture('threads');
    expect(layout(appDocument(trafficLike(threads, { workers: 2, cores: 4 }).state))).toBe(layout(threads));
    const cheaper = capture('cheaper');
    const first = cheaper.indexOf('"id":0,\n\t\t\t"pid":0');
    const traffic = createTraffic({ workers: 4, cores: 1 });
    const ours = appDocument(traffic.state);
    const never = ours.indexOf('"id":0,\n\t\t\t"pid":0');
    expect(layout(ours.slice(never))).toBe(
      layout(cheaper.slice(cheaper.lastIndexOf('"id":0,\n\t\t\t"pid":0'))),
    );
    expect(first).toBeGreaterThan(0);
    // The numbers of a worker that never ran are equal too.
    const app = (text: string) => text.replace('"startup_time":2', '"startup_time":0');
    expect(app(ours.slice(never))).toBe(cheaper.slice(cheaper.lastIndexOf('"id":0,\n\t\t\t"pid":0')));
  });

  it('contains all parts of a full server in their places', () => {
    const full = capture('full');
    const traffic = trafficLike(full, { workers: 2, cores: 2 });
    const ours = appDocument(traffic.state, { extras: true });
    expect(layout(ours)).toBe(layout(full));
    const kinds = (document: string) =>
      decoded(document).metrics.map(({ name, type, oid }) => ({ name, type, oid }));
    expect(kinds(ours)).toEqual(kinds(full));
  });

  it('has the minified layout of uWSGI, also without cores', () => {
    const minified = capture('minified');
    const traffic = trafficLike(minified, { workers: 2, cores: 1, rate: 5 });
    expect(layout(appDocument(traffic.state, { minified: true }))).toBe(layout(minified));
    const bare = layout(capture('nocores')).replace(/,\n\t\t\{\n\t\t\t"metrics":0\n\t\t\}/, '');
    expect(layout(appDocument(createTraffic({ workers: 4 }).state, { noCores: true }))).toBe(bare);
  });

  it('has the same content in all its forms', () => {
    const traffic = createTraffic();
    traffic.advance(traffic.rush + 6);
    const plain = decoded(appDocument(traffic.state));
    expect(decoded(appDocument(traffic.state, { minified: true }))).toEqual(plain);
    expect(decoded(appDocument(traffic.state, { extras: true })).workers).toEqual(plain.workers);
    const bare = decoded(appDocument(traffic.state, { noCores: true }));
    expect(bare.workers).toEqual(plain.workers.map((worker) => ({ ...worker, cores: [] })));
  });

  it('is valid JSON at any time and matches the state', () => {
    const traffic = createTraffic({ seed: 11 });
    for (let look = 0; look < 60; look++) {
      traffic.advance(3.7);
      const text = appDocument(traffic.state, { epoch: 1_900_000_000, extras: true });
      expect(() => JSON.parse(text)).not.toThrow();
      const snapshot = decoded(text);
      expect(snapshot.repaired).toBe(false);
      expect(snapshot.listenQueue).toBe(traffic.state.queue);
      expect(snapshot.sockets).toMatchObject([{ queue: traffic.state.queue, maxQueue: 100 }]);
      for (const [place, worker] of snapshot.workers.entries()) {
        const state = traffic.state.workers[place];
        expect(worker.requests).toBe(state?.requests);
        expect(worker.status).toBe(state?.cheap ? 'cheap' : state?.busy ? 'busy' : 'idle');
        expect(worker.runningTime).toBe((state?.runningTime ?? 0) / 1e6);
        for (const [id, core] of worker.cores.entries()) {
          const request = state?.cores[id]?.request ?? null;
          expect(core.inRequest).toBe(request !== null);
          expect(core.requestStart).toBe(request && Math.floor(1_900_000_000 + request.start));
          expect(core.vars.length > 0).toBe(request !== null);
        }
      }
      const metric = (name: string) => snapshot.metrics.find((each) => each.name === name)?.value;
      expect(metric('worker.1.requests')).toBe(snapshot.workers[0]?.requests);
      expect(metric('core.busy_workers')).toBe(
        snapshot.workers.filter(({ status }) => status === 'busy').length,
      );
      expect(metric('socket.0.listen_queue')).toBe(traffic.state.queue);
    }
  });
});

describe('StatsWriter', () => {
  it('writes an empty list and an empty object with a line break, as uWSGI does', () => {
    const write = (minified: boolean) => {
      const writer = new StatsWriter(minified);
      writer.object(() => {
        writer.list('l', () => {});
        writer.objectAt('o', () => {});
        writer.number('n', 1);
      });
      return writer.toString();
    };
    expect(write(false)).toBe('{\n\t"l":[\n\n\t],\n\t"o":\t{\n\n\t},\n\t"n":1\n}');
    expect(write(true)).toBe('{"l":[],"o":{},"n":1}');
  });
});
