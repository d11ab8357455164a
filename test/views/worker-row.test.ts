import { describe, expect, it } from 'vitest';
import { oldestCore } from '../../src/views/tables/worker-row.ts';
import { core } from '../rates/builders.ts';

const [young, old, undated, idle] = [
  core({ id: 0, inRequest: true, requestStart: 200 }),
  core({ id: 1, inRequest: true, requestStart: 100 }),
  core({ id: 2, inRequest: true, requestStart: null }),
  core({ id: 3, inRequest: false, requestStart: null }),
];
const NONE = new Map();

describe('the oldest request of a worker', () => {
  it('is the one that began first', () => {
    expect(oldestCore(true, [idle, undated, young, old], NONE)).toBe(old);
  });

  it('has an unknown start only if no start is known', () => {
    expect(oldestCore(true, [idle, undated], NONE)).toBe(undated);
  });

  it('is not one that is long on purpose, if another one runs', () => {
    const long = new Map([[old, 'websocket']]);
    expect(oldestCore(true, [young, old], long)).toBe(young);
    expect(oldestCore(true, [old, idle], long)).toBe(old);
  });

  it('does not exist in an idle worker, or if the process of the worker has ended', () => {
    expect(oldestCore(true, [idle], NONE)).toBeNull();
    expect(oldestCore(false, [old], NONE)).toBeNull();
  });
});
