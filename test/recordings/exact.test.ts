import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/monitor/observation.ts';
import { observe } from '../../src/monitor/observe.ts';
import type { SourceEvent } from '../../src/sources/source.ts';
import {
  captureEvents,
  failureEvent,
  observations,
  type Recorded,
  recordAll,
  troubleEvents,
} from './recorded.ts';

/** The observations of each server after each of its events, from the beginning of a block to the end. */
function replayed(past: Recorded, firstBlock: number): ReadonlyMap<string, Observation[]> {
  const found = new Map<string, Observation[]>();
  const now = new Map<string, Observation>();
  let hasBegun = false;
  for (const block of past.blocks.slice(firstBlock)) {
    for (const item of past.play(block)) {
      if (item.kind === 'block' && !hasBegun) {
        for (const [target, observation] of item.observations()) now.set(target, observation);
        hasBegun = true;
      }
      if (item.kind !== 'event') continue;
      const before = now.get(item.target);
      if (!before) throw new Error(`no observation of ${item.target}`);
      const after = observe(before, item.event);
      now.set(item.target, after);
      found.set(item.target, [...(found.get(item.target) ?? []), after]);
    }
  }
  return found;
}

/** Compares quickly first. */
function expectSame(one: unknown, other: unknown): void {
  if (!isDeepStrictEqual(one, other)) expect(one).toEqual(other);
}

const withFailures = (target: string, events: readonly SourceEvent[]): SourceEvent[] =>
  events.flatMap((event, at) =>
    at === 3 || at === 4 ? [failureEvent(target, event.time - 1_795_000_000 - 0.5), event] : [event],
  );

describe('from any block on, a recording gives the observations of the live view', () => {
  it('of a real server in trouble, with data of the kernel', () => {
    const events = troubleEvents();
    expect(events.length).toBeGreaterThan(40);
    const live = observations('app', withFailures('app', events));
    const past = recordAll(new Map([['app', withFailures('app', events)]]), {
      block: { readings: 9, seconds: 600 },
    });
    expect(past.blocks.length).toBeGreaterThan(3);
    for (const first of past.blocks.keys()) {
      const again = replayed(past, first).get('app') ?? [];
      expect(again.length).toBeGreaterThan(0);
      expectSame(again, live.slice(-again.length));
    }
  });

  it('of real documents of every kind, in one recording', () => {
    const servers = captureEvents();
    const past = recordAll(servers, { block: { readings: 1, seconds: 600 } });
    expect(past.blocks.length).toBeGreaterThan(1);
    for (const first of [0, 1, past.blocks.length >> 1, past.blocks.length - 1]) {
      for (const [target, again] of replayed(past, first)) {
        const live = observations(target, servers.get(target) ?? []);
        expectSame(again, live.slice(-again.length));
      }
    }
    expect([...replayed(past, 0).keys()].sort()).toEqual([...servers.keys()].sort());
  });
});
