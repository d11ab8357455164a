import { describe, expect, it } from 'vitest';
import type { Core, Worker } from '../../src/stats/snapshot.ts';
import { app, core, hostReading, NOW, processReading, worker } from '../rates/builders.ts';
import { type Frame, foundAfter } from './looks.ts';

/** Requests that began this many seconds before the last frame, on cores of their own. */
function requests(ages: readonly number[], uris: readonly string[] = ['/x']): Core[] {
  return ages.map((age, id) =>
    core({
      id,
      inRequest: true,
      requestStart: NOW + 1 - age,
      vars: ['REQUEST_METHOD=GET', `REQUEST_URI=${uris[id % uris.length]}`],
    }),
  );
}

const busy = (cores: Core[], given: Partial<Worker> = {}) => worker({ status: 'busy', cores, ...given });
const finishing = (second: number, cores = [core()]) => worker({ pid: 102, requests: 10 + second, cores });

/** Two frames, one second apart, with the CPU of the workers that hang if it is known. */
function frames(workers: (second: number) => Worker[], cpu: number | null = 0.5): Frame[] {
  const readings = [101, 103].map((pid) => processReading({ pid, cpu }));
  const host = cpu === null ? {} : { host: hostReading(readings) };
  return [0, 1].map((second) => ({ seconds: second, snapshot: app(workers(second)), ...host }));
}

const found = (all: Frame[]) => foundAfter(all).find(({ rule }) => rule === 'worker-stuck');

describe('worker-stuck', () => {
  const held = requests(
    [13, 13, 14, 14, 15, 15, 15, 15],
    ['/x?s=1', '/x?s=2', '/download/7', '/x', '/regex'],
  );

  it('names the time since when the worker has finished nothing, and its paths, the rarest first', () => {
    const finding = found(frames((second) => [busy(held), finishing(second)]));
    expect(finding?.text).toBe(
      'worker 1 finished no request for 13s: 8 wait, CPU 50%; GET /regex and GET /download/:n and GET /x',
    );
    expect([finding?.severity, finding?.about]).toEqual(['warning', { view: 'workers', row: '1' }]);
  });

  it('comes before the oldest request, which may only wait', () => {
    const rules = foundAfter(frames((second) => [busy(held), finishing(second)])).map(({ rule }) => rule);
    expect(rules.indexOf('worker-stuck')).toBeLessThan(rules.indexOf('stuck'));
  });

  it('counts the other workers that hang, too', () => {
    const workers = (second: number) => [busy(held), busy(held, { pid: 103 }), finishing(second)];
    expect(found(frames(workers))?.text).toContain(': 8 wait, CPU 50%; 1 other worker too; GET /regex');
  });

  it('is known by the use of one processor if no other worker serves requests', () => {
    expect(found(frames(() => [busy(held)], 1))?.text).toContain(': 8 wait, CPU 100%; GET');
    expect(found(frames(() => [busy(held.slice(0, 2))], 1))?.text).toContain(': 2 wait, CPU 100%; GET');
  });

  it.each([
    ['a core is free', () => [busy([...held, core({ id: 8 })]), finishing(1)], 1],
    ['a request is young', () => [busy(requests([15, 15, 15, 9])), finishing(1)], 1],
    ['a request is long on purpose', () => [busy([...held, websocket()])], 1],
    ['it has one core', () => [busy(held.slice(0, 1)), finishing(1)], 1],
    ['its threads wait, and no other worker serves requests', () => [busy(held)], 0],
    ['its threads use several processors', () => [busy(held)], 6],
  ] as const)('has no finding if %s', (_, workers, cpu) => {
    expect(found(frames(workers, cpu))).toBeUndefined();
  });

  it('does not count requests that the worker itself finished before as those of others', () => {
    const begun = requests([0, 0, 0, 0]);
    const full = (second: number) => app([second === 0 ? worker() : busy(begun, { requests: 20 })]);
    const all = Array.from({ length: 13 }, (_, second) => ({ seconds: 1, snapshot: full(second) }));
    expect(found(all)).toBeUndefined();
  });

  it.each([
    ['another worker is as slow', (second: number) => [busy(held), finishing(second, requests([13]))]],
    ['no other worker finishes requests', () => [busy(held), finishing(0)]],
    ['it has few requests', (second: number) => [busy(held.slice(0, 3)), finishing(second)]],
  ])('has no finding with less than one processor if %s', (_, workers) => {
    expect(found(frames(workers))).toBeUndefined();
  });

  it('has no finding if its requests only wait, or if its CPU is unknown', () => {
    const workers = (second: number) => [busy(held), finishing(second)];
    expect([0, 0.05, null].map((cpu) => found(frames(workers, cpu)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('remains while the CPU falls below the limit for a moment', () => {
    const cpus = [1, 1, 0.88, 1, 0.88];
    const all = cpus.map((cpu, second) => ({
      ...(frames(() => [busy(held)], cpu)[0] as Frame),
      seconds: Math.min(1, second),
    }));
    for (const count of [2, 3, 4, 5]) expect(found(all.slice(0, count))).toBeDefined();
  });
});

function websocket(): Core {
  const [request] = requests([20]);
  return { ...(request as Core), id: 8, vars: ['REQUEST_URI=/ws', 'HTTP_UPGRADE=websocket'] };
}
