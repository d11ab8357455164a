import { expect, it } from 'vitest';
import { untilHarakiri } from '../../src/rates/harakiri.ts';
import { core, worker } from './builders.ts';

const ONE = worker({ cores: [core()] });

it('the time until harakiri is what is left of the limit, and 0 when it is due', () => {
  expect([0, 23, 29, 30, 33].map((age) => untilHarakiri(age, 30, ONE))).toEqual([30, 7, 1, 0, 0]);
});

it('a request that has outlived the limit has another one', () => {
  expect(untilHarakiri(34, 30, ONE)).toBeNull();
});

it('nothing is said where age, limit or worker is not known, nor of one of several cores', () => {
  expect(untilHarakiri(null, 30, ONE)).toBeNull();
  expect(untilHarakiri(9, null, ONE)).toBeNull();
  expect(untilHarakiri(9, 30, undefined)).toBeNull();
  expect(untilHarakiri(9, 30, worker({ cores: [core(), core({ id: 1 })] }))).toBeNull();
  expect(untilHarakiri(9, 30, worker({ cores: [] }))).toBeNull();
});
