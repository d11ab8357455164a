import { describe, expect, it } from 'vitest';
import type { RouterSample } from '../../src/rates/sample.ts';
import type { RouterSnapshot } from '../../src/stats/snapshot.ts';
import { between, changes, NOW, SERVER } from './builders.ts';
import { EMPEROR, node, router, subscription } from './routers.ts';

function routerBetween(before: RouterSnapshot | null, after: RouterSnapshot): RouterSample {
  const sample = between(before, after);
  if (sample.kind !== 'router') throw new Error(`a router's sample is of kind ${sample.kind}`);
  return sample;
}

describe('a router', () => {
  const before = router({
    subscriptions: [
      subscription('a', 100, [node('n1'), node('n2')]),
      subscription('b', 5, [node('n1', { requests: 50 })]),
    ],
    staticNodes: [{ name: 's1', hits: 10, failedAt: null }],
  });

  it('has no rates at first', () => {
    const said = changes(routerBetween(null, before));
    expect(Object.keys(said).length).toBeGreaterThanOrEqual(14);
    expect(new Set(Object.values(said))).toEqual(new Set([null]));
  });

  it('has the rates of each node, found by key and name in any order', () => {
    const after = router({
      subscriptions: [
        subscription('b', 5, [node('n1', { requests: 51 })]),
        subscription('a', 110, [
          node('n2', { requests: 104, tx: 1600, rx: 700 }),
          node('n3', { requests: 9 }),
        ]),
      ],
      staticNodes: [
        { name: 's2', hits: 3, failedAt: null },
        { name: 's1', hits: 14, failedAt: 3 },
      ],
    });
    const { nodes, staticNodes, reset } = routerBetween(before, after);
    expect(reset).toBe(false);
    expect(nodes).toMatchObject([
      { key: 'b', node: { name: 'n1' }, requestsDelta: 1, rps: 0.5, txRate: 0 },
      { key: 'a', node: { name: 'n2' }, requestsDelta: 4, rps: 2, txRate: 300, rxRate: 100 },
      { key: 'a', node: { name: 'n3' }, requestsDelta: null, rps: null, txRate: null, rxRate: null },
    ]);
    expect(staticNodes).toMatchObject([
      { node: { name: 's2' }, hitsDelta: null, hitRate: null },
      { node: { name: 's1', failedAt: 3 }, hitsDelta: 4, hitRate: 2 },
    ]);
  });

  it('has no rates after a restart', () => {
    const sample = routerBetween({ ...before, server: { ...SERVER, pid: 8 } }, before);
    expect(sample.reset).toBe(true);
    expect(new Set(Object.values(changes(sample)))).toEqual(new Set([null]));
  });

  it('has no rates for a node that subscribed again and counts from 0', () => {
    const resubscribed = router({
      subscriptions: [subscription('a', 100, [node('n1', { requests: 2, tx: 0, rx: 0 })])],
    });
    expect(new Set(Object.values(changes(routerBetween(before, resubscribed))))).toEqual(new Set([null]));
  });
});

describe('an emperor', () => {
  it('has its snapshot, its time and whether it was reset', () => {
    expect(between(null, EMPEROR)).toEqual({
      kind: 'emperor',
      snapshot: EMPEROR,
      target: 'test',
      time: NOW + 2,
      timeIsExact: true,
      saved: false,
      interval: null,
      reset: false,
    });
    expect(between(EMPEROR, EMPEROR)).toMatchObject({ interval: 2, reset: false });
    expect(between({ ...EMPEROR, server: { ...SERVER, pid: 8 } }, EMPEROR)).toMatchObject({ reset: true });
  });
});
