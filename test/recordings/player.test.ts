import { describe, expect, it } from 'vitest';
import { newFleet, withServer } from '../../src/monitor/fleet.ts';
import type { Observation } from '../../src/monitor/observation.ts';
import { observe } from '../../src/monitor/observe.ts';
import type { History } from '../../src/rates/history.ts';
import { RecentPast } from '../../src/recordings/memory.ts';
import { Player } from '../../src/recordings/player.ts';
import type { Timeline } from '../../src/recordings/timeline.ts';
import { RefusedError } from '../../src/sources/errors.ts';
import type { SourceEvent } from '../../src/sources/source.ts';
import { failureEvent, observations, Recorded, recordAll, troubleEvents } from './recorded.ts';

const TARGET = 'app';
const TROUBLE = troubleEvents();
/** The time of the first document; that of `failureEvent` has another beginning. */
const START = TROUBLE[0]?.time ?? 0;
const EVENTS: readonly SourceEvent[] = TROUBLE.flatMap((event, at) =>
  at === 7 ? [{ ...failureEvent(TARGET, 0), time: event.time - 0.2, retryAt: event.time }, event] : [event],
);
const LIVE = observations(TARGET, EVENTS);

/** The recent past of a live view that received the events. */
function recentPast(events: readonly SourceEvent[], most = 2 ** 30): RecentPast {
  const past = new RecentPast(most);
  const servers = [{ id: 1, target: TARGET, name: TARGET, node: 'web1' }];
  const options = {};
  let fleet = newFleet(servers, START);
  for (const event of events) {
    const before = fleet.servers.get(TARGET);
    if (!before) throw new Error('the server is part of the fleet');
    past.add({ servers, observations: fleet.servers, options }, TARGET, event);
    fleet = withServer(fleet, observe(before, event, options), event.time);
  }
  return past;
}

const TIMELINES: readonly (readonly [string, Timeline])[] = [
  ['a recording', recordAll(new Map([[TARGET, EVENTS]]), { block: { readings: 9, seconds: 600 } })],
  ['the recent past', recentPast(EVENTS)],
];

function shown(player: Player): Observation | undefined {
  return player.fleet.servers.get(TARGET);
}

/** The position of an observation among those of the live view. */
const timeOf = (at: number): number => EVENTS[at]?.time ?? Number.NaN;

function playTo(player: Player, time: number): void {
  while (player.nextTime !== null && player.nextTime <= time) player.step();
}

describe.each(TIMELINES)('%s', (_name, timeline) => {
  it('has the observations of the live view, one after the other', () => {
    const player = new Player(timeline);
    const found = [shown(player)];
    while (player.step() !== null) found.push(shown(player));
    expect(found).toEqual(LIVE);
    expect(player.nextTime).toBeNull();
  });

  it('has them after a jump to any time', () => {
    const player = new Player(timeline);
    for (const at of [LIVE.length - 1, 0, LIVE.length >> 1, 8, 9, 10, 3]) {
      player.seek(timeOf(at));
      playTo(player, timeOf(at));
      expect(shown(player), `event ${at}`).toEqual(LIVE[at]);
      expect(player.time).toBe(timeOf(at));
    }
  });

  it('steps back to each reading, across blocks', () => {
    const player = new Player(timeline);
    playTo(player, timeline.end);
    for (let at = LIVE.length - 2; at >= 0; at -= 1) {
      const time = player.timeBefore(TARGET);
      player.seek(time);
      playTo(player, time);
      expect(shown(player), `event ${at}`).toEqual(LIVE[at]);
    }
    expect(player.timeBefore(TARGET)).toBe(timeline.start);
  });

  it('begins with the first event if a time is before it, and ends with the last', () => {
    const player = new Player(timeline);
    player.seek(timeline.start - 1000);
    expect(shown(player)).toEqual(LIVE[0]);
    player.seek(timeline.end + 1000);
    playTo(player, timeline.end + 1000);
    expect(shown(player)).toEqual(LIVE.at(-1));
  });
});

describe('the history of several servers', () => {
  const shop = TROUBLE.map((event, at): SourceEvent => {
    const time = event.time + 0.25;
    return at === 6 || at === 7
      ? { kind: 'failure', error: new RefusedError('shop'), time, retryAt: time + 1 }
      : { ...event, time };
  });
  const timeline = recordAll(
    new Map([
      [TARGET, TROUBLE],
      ['shop', shop],
    ]),
    { block: { readings: 9, seconds: 600 } },
  );
  /** The numbers that do not depend on the place of the first second. */
  const shownOf = ({ near }: History) =>
    near
      .filter(({ time }) => time > START + 2)
      .map(({ time, requests, runningTime, busy, queue, memory }) => ({
        after: (time - START).toFixed(3),
        requests: requests?.toFixed(6),
        runningTime: runningTime?.toFixed(6),
        busy: busy?.toFixed(6),
        queue,
        memory,
      }));

  it('is that of the live view after a jump to any time', () => {
    expect(timeline.blocks.length).toBeGreaterThan(2);
    const live = new Player(timeline);
    const player = new Player(timeline);
    for (const { time } of TROUBLE.slice(1)) {
      playTo(live, time);
      player.seek(time);
      playTo(player, time);
      const expected = shownOf(live.fleet.history);
      expect(shownOf(player.fleet.history), `after ${time - START} s`).toEqual(expected);
    }
    expect(live.fleet.history.near.some(({ requests }) => requests)).toBe(true);
  });
});

describe('the recent past', () => {
  it('goes on while it is played', () => {
    const half = EVENTS.length >> 1;
    const past = recentPast(EVENTS.slice(0, half));
    const player = new Player(past);
    for (let at = 0; at < half - 3; at += 1) player.step();
    const servers = [{ id: 1, target: TARGET, name: TARGET, node: 'web1' }];
    const before = LIVE[half - 1];
    if (!before) throw new Error('there are more events');
    for (const event of EVENTS.slice(half, half + 3))
      past.add({ servers, observations: new Map([[TARGET, before]]), options: {} }, TARGET, event);
    while (player.step() !== null);
    expect(player.time).toBe(timeOf(half + 2));
  });

  it('has no other block for a reading that is late, and one if the clock is set back', () => {
    const shifted = (seconds: number) =>
      EVENTS.map((event, at) => (at % 2 === 0 ? event : { ...event, time: event.time - seconds }));
    const late = recentPast(shifted(5));
    expect(late.blocks).toHaveLength(1);
    expect(late.blocks[0]?.time).toBe(START);
    expect(recentPast(shifted(3600)).blocks.length).toBeGreaterThan(1);
  });

  it('keeps its limit, also in a single block', () => {
    const all = recentPast(EVENTS);
    // A block of one event fits, and one of all events does not.
    const limit = (all.bytes + recentPast(EVENTS.slice(-1)).bytes) / 2;
    const past = recentPast(EVENTS, limit);
    expect(past.blocks.length).toBe(1);
    expect(past.bytes).toBeLessThanOrEqual(limit);
    expect(past.end).toBe(EVENTS.at(-1)?.time);
    const repeated = Array.from({ length: 5 }, (_, round) =>
      EVENTS.map((event) => ({ ...event, time: event.time + round * 100 })),
    ).flat();
    const small = recentPast(repeated, all.bytes * 2);
    expect(small.bytes).toBeLessThanOrEqual(all.bytes * 2);
    expect(small.start).toBeGreaterThan(START);
    expect(small.end).toBe(repeated.at(-1)?.time);
    expect(new Player(small).time).toBe(small.start);
  });

  it('keeps as much after a long time as after a short one', () => {
    const few = EVENTS.slice(0, 6);
    const most = recentPast(few).bytes * 4;
    const kept = (rounds: number) => {
      const repeated = Array.from({ length: rounds }, (_, round) =>
        few.map((event) => ({ ...event, time: event.time + round * 100 })),
      ).flat();
      const past = recentPast(repeated, most);
      return past.end - past.start;
    };
    expect(kept(20)).toBeGreaterThanOrEqual(300);
    expect(kept(60)).toBe(kept(20));
  });
});

describe('a recording of two runs', () => {
  it('keeps the observations at the end of the first one, until the second one begins', () => {
    const past = new Recorded();
    for (const [run, events] of [
      ['one', EVENTS.slice(0, 5)],
      ['two', EVENTS.slice(5, 8)],
    ] as const)
      past.blocks.push(...recordAll(new Map([[TARGET, events]]), { run }).blocks);
    const player = new Player(past);
    playTo(player, timeOf(4));
    expect(player.nextTime).toBe(timeOf(5));
    expect([player.run, shown(player)]).toEqual(['one', LIVE[4]]);
    player.step();
    expect(player.run).toBe('two');
    expect(shown(player)?.sample?.interval).toBeNull();
  });
});
