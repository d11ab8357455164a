import { describe, expect, it } from 'vitest';
import { NO_HISTORY, remember } from '../../src/rates/history.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { Reading } from '../../src/rates/sample.ts';
import type { EmperorSnapshot, Vassal } from '../../src/stats/snapshot.ts';
import { vassal } from '../views/rows.ts';
import { NOW, reading, SERVER } from './builders.ts';
import { EMPEROR } from './routers.ts';

const SHOP = 'shop.ini';

/** The vassal in one of its lives; ready by default. */
const shop = (life: number, given: Partial<Vassal> = {}): Vassal =>
  vassal({ id: SHOP, pid: 500 + life, firstRun: NOW + life, ready: true, loyal: false, ...given });

const emperor = (vassals: Vassal[], given: Partial<EmperorSnapshot> = {}): EmperorSnapshot => ({
  ...EMPEROR,
  ...given,
  vassals,
});

/** The starts after these documents, one second apart by default. */
function startsOf(documents: readonly EmperorSnapshot[], step = 1) {
  let previous: Reading | null = null;
  let history = NO_HISTORY;
  for (const [place, document] of documents.entries()) {
    const current = reading(document, place * step);
    history = remember(history, sampleOf('test', current, previous));
    previous = current;
  }
  return history.starts;
}

const lives = (...lives: readonly (number | null)[]) =>
  lives.map((life) => emperor(life === null ? [] : [shop(life)]));
const times = (...args: Parameters<typeof startsOf>) =>
  startsOf(...args)
    .get(SHOP)
    ?.starts.map((start) => start - NOW);

describe('the starts of a vassal', () => {
  it('are its lives after the first observed one', () => {
    expect(times(lives(1))).toEqual([]);
    expect(times(lives(1, 1, 2, 2, 3))).toEqual([2, 4]);
  });

  it('are counted although it is missing in between', () => {
    expect(times(lives(1, null, null, 2, null, 3))).toEqual([3, 5]);
  });

  it('do not include reloads, which keep the process and the first start', () => {
    const reload = (respawns: number) =>
      emperor([shop(1, { respawns, lastRun: NOW + respawns, ready: false })]);
    expect(times([1, 2, 3, 4].map(reload))).toEqual([]);
  });

  it('do not include the activations of an on-demand vassal', () => {
    const woken = (pid: number | null) => emperor([shop(1, { pid, onDemand: '/run/shop.sock' })]);
    expect(times([null, 7, null, 8, 9].map(woken))).toEqual([]);
  });

  it('are recognised by the pid if the emperor does not report the first run', () => {
    const old = (pid: number | null) => emperor([shop(1, { pid, firstRun: null })]);
    expect(times([7, 7, 8, null, 8, 9].map(old))).toEqual([2, 5]);
  });

  it('are counted by name, and not for a name that occurs twice', () => {
    const both = (a: number, b: number) => emperor([shop(a), shop(b, { id: 'blog.ini' })]);
    expect(times([both(1, 1), both(1, 2), both(2, 3)])).toEqual([2]);
    expect(startsOf([both(1, 1), both(1, 2), both(2, 3)]).get('blog.ini')?.starts).toHaveLength(2);
    const twice = emperor([shop(1), shop(2)]);
    expect(startsOf([twice, twice, twice])).toEqual(new Map());
  });

  it('record whether it was ready before one of them', () => {
    const ready = (...all: readonly boolean[]) =>
      startsOf(all.map((ready, life) => emperor([shop(life, { ready, accepting: false })]))).get(SHOP)
        ?.wasReady;
    expect(ready(false, false, false)).toBe(false);
    expect(ready(false, false, true)).toBe(false);
    expect(ready(false, true, false)).toBe(true);
    expect(ready(true, false, false)).toBe(true);
  });

  it('are reset with another emperor', () => {
    const server = { ...SERVER, pid: 999 };
    expect(times([...lives(1, 2, 3), emperor([shop(4)], { server })])).toEqual([]);
  });
});

describe('the kept starts', () => {
  it('are those of five minutes', () => {
    expect(times(lives(1, 2, 3, 4), 100)).toEqual([100, 200, 300]);
    expect(times(lives(1, 2, 3, 3, 3), 100)).toEqual([200]);
    expect(startsOf(lives(1, null, null, null), 100).size).toBe(0);
  });

  it('are bounded in number', () => {
    expect(times(lives(...Array.from({ length: 500 }, (_, life) => life)), 0.1)).toHaveLength(100);
    const strangers = Array.from({ length: 200 }, (_, place) =>
      emperor(Array.from({ length: 20 }, (_, each) => shop(1, { id: `${place} ${each}` }))),
    );
    expect(startsOf(strangers).size).toBe(1020);
  });

  it('are not in the future if the clock was set back', () => {
    const documents = lives(1, 2, 3);
    expect(times(documents, -100)).toEqual([-200]);
  });
});
