import { expect, it } from 'vitest';
import type { Core } from '../../src/stats/snapshot.ts';
import { app, core, hostReading, NOW, worker } from '../rates/builders.ts';
import { frame } from './cases.ts';
import { foundAfter } from './looks.ts';

/** What is found of a request that has run so long in a server with a harakiri of 30 s. */
function foundAt(age: number, others: Core[] = []) {
  const slow = core({ inRequest: true, requestStart: NOW - age, vars: ['REQUEST_URI=/slow'] });
  const server = app([worker(), worker({ id: 2, cores: [slow, ...others] })]);
  const found = foundAfter([{ ...frame(server, 0), host: hostReading([], { harakiri: 30 }) }]);
  return found.find(({ rule }) => rule === 'near-harakiri');
}

it('a request is near its harakiri in the last fifth of its time, and since then', () => {
  expect(foundAt(23)).toBeUndefined();
  expect(foundAt(27)).toMatchObject({
    severity: 'warning',
    since: NOW - 3,
    text: 'harakiri (30s) ends a request in 3s on 2:0: /slow',
  });
  expect(foundAt(30)?.text).toBe('harakiri (30s) ends a request any moment on 2:0: /slow');
});

it('nothing is foretold of a request that has outlived the limit, or shares it with other cores', () => {
  expect(foundAt(34)).toBeUndefined();
  expect(foundAt(27, [core({ id: 1 })])).toBeUndefined();
});
