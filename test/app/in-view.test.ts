import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { act } from '../../src/app/act.ts';
import { hasOtherIntervals, outOfView, secondsBetween, withInView } from '../../src/app/in-view.ts';
import { type AppState, initialState } from '../../src/app/state.ts';
import { fleetObservation, withServer } from '../../src/monitor/fleet.ts';
import type { Observation } from '../../src/monitor/observation.ts';
import { observing } from '../monitor/observing.ts';
import { app, reading, worker } from '../rates/builders.ts';
import { captured, fleetOf } from '../views/fleets.ts';
import { VIEW } from '../views/samples.ts';

const SIZE = { columns: 80, rows: 24 };
const EXAMPLE = captured('prefork');
const NOW = EXAMPLE.sample?.time ?? 0;

function nameOf(at: number): string {
  return `s${String(at).padStart(3, '0')}`;
}

/** A live view of so many servers, by name. */
function stateOf(count: number, server: Observation = EXAMPLE): AppState {
  const servers = Array.from({ length: count }, (_, at) => ({
    target: `/run/${nameOf(at)}`,
    name: nameOf(at),
    node: 'web1',
  }));
  const view = { ...VIEW, interval: 1, sort: { column: 'server', descending: false } };
  const state = initialState({ servers, node: 'web1', now: NOW, view });
  const fleet = servers.reduce(
    (fleet, { target }) => withServer(fleet, { ...server, target }, NOW),
    state.fleet,
  );
  return { ...state, fleet };
}

/** Numbers of the servers that are read at the chosen interval. */
function quick(state: AppState): number[] {
  return [...state.fleet.servers.keys()].flatMap((target, at) =>
    secondsBetween(state, target) === 1 ? [at] : [],
  );
}

const to = (end: number, from = 0) => Array.from({ length: end - from }, (_, at) => from + at);

describe('the interval of a server out of view', () => {
  it('is at least that of the others, and not longer than five of them or ten seconds', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 3600, noNaN: true }), (interval) => {
        const longer = outOfView(interval);
        expect(longer).toBeGreaterThanOrEqual(interval);
        expect(longer).toBeLessThanOrEqual(interval * 5);
        expect(longer).toBeLessThanOrEqual(Math.max(10, interval));
      }),
    );
  });

  it('does not fall when the interval grows', () => {
    const interval = fc.double({ min: 0.1, max: 3600, noNaN: true });
    fc.assert(
      fc.property(interval, interval, (one, other) => {
        expect(outOfView(Math.max(one, other))).toBeGreaterThanOrEqual(outOfView(Math.min(one, other)));
      }),
    );
  });
});

describe('the servers in view', () => {
  it('are all, as long as there are few', () => {
    const state = withInView(stateOf(30), SIZE);
    expect([state.inView, quick(state).length]).toEqual([null, 30]);
  });

  it('are those of the rows on the screen', () => {
    const state = withInView(stateOf(100), SIZE);
    const rows = quick(state);
    expect(rows).toEqual(to(rows.length));
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.length).toBeLessThan(20);
    expect(secondsBetween(state, `/run/${nameOf(99)}`)).toBe(5);
    const large = withInView(state, { columns: 200, rows: 120 });
    expect([quick(large).length, hasOtherIntervals(state, large)]).toEqual([100, true]);
  });

  it('change with the rows, and stay the same object otherwise', () => {
    const before = withInView(stateOf(100), SIZE);
    expect(hasOtherIntervals(before, withInView({ ...before, now: NOW + 1 }, SIZE))).toBe(false);
    const after = withInView(act(before, { kind: 'edge', edge: 'last' }, SIZE), SIZE);
    const count = quick(before).length;
    expect([quick(after), hasOtherIntervals(before, after)]).toEqual([to(100, 100 - count), true]);
  });

  it('are only the shown one, if a server is shown', () => {
    const opened = act(withInView(stateOf(100), SIZE), { kind: 'detail' }, SIZE);
    const state = withInView(opened, SIZE);
    expect([state.focus, quick(state)]).toEqual(['/run/s000', [0]]);
  });

  it('do not include others, but those without rates are read like them', () => {
    const first = { ...EXAMPLE, sample: EXAMPLE.sample && { ...EXAMPLE.sample, interval: null } };
    expect(quick(withInView(stateOf(100, first), SIZE))).toHaveLength(100);
    expect(quick(withInView(stateOf(100, { ...EXAMPLE, sample: null }), SIZE))).toHaveLength(100);
  });
});

describe('rates of servers that are read at different intervals', () => {
  /** Requests per second of a server, and the seconds between its readings. */
  const SERVER = fc.record({
    rate: fc.integer({ min: 0, max: 100 }),
    gaps: fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 5 }),
  });

  it('are those of each server, and so is their sum', () => {
    fc.assert(
      fc.property(fc.array(SERVER, { minLength: 1, maxLength: 5 }), (all) => {
        const observed = all.map(({ rate, gaps }, at) => {
          const times = gaps.map((_, end) => gaps.slice(0, end + 1).reduce((sum, gap) => sum + gap, 0));
          const after = (seconds: number) => reading(app([worker({ requests: rate * seconds })]), seconds);
          return observing(`/run/${nameOf(at)}`, [after(0), ...times.map(after)]);
        });
        const { members, totals } = fleetObservation(fleetOf(...observed)).sample;
        expect(members.map(({ figures }) => figures.rps)).toEqual(all.map(({ rate }) => rate));
        expect(totals.rps).toBe(all.reduce((sum, { rate }) => sum + rate, 0));
      }),
    );
  });
});
