import { type Event, MOST_EVENTS } from '../monitor/event.ts';
import { Player } from './player.ts';
import type { Timeline } from './timeline.ts';

/** Maximum number of jumps. Each takes up to a second, and shows up to 500 events of each server. */
const MOST_JUMPS = 1000;

/**
 * Finds the events of a recording, in the order of their times, from the observations that it contains. An observation
 * has the last events of its run of the recorder, so few of them show all events. Yields between two steps, and
 * returns the events.
 */
export function* eventList(timeline: Timeline): Generator<undefined, readonly Event[]> {
  const player = new Player(timeline);
  yield undefined;
  const found = new Map<string, Event>();
  let time = timeline.end;
  for (let jumps = 0; jumps < MOST_JUMPS; jumps += 1) {
    player.seek(time);
    yield undefined;
    while (player.nextTime !== null && player.nextTime <= time) {
      player.step();
      yield undefined;
    }
    let begin = Number.NEGATIVE_INFINITY;
    for (const { target, events } of player.fleet.servers.values()) {
      for (const event of events) {
        const key = `${player.run} ${target} ${event.id}`;
        // The first one found is the newest state.
        if (!found.has(key)) found.set(key, event);
      }
      const [oldest] = events;
      const hasEarlier = events.length >= MOST_EVENTS && oldest !== undefined && oldest.time < time;
      if (hasEarlier) begin = Math.max(begin, oldest.time);
    }
    const before = Number.isFinite(begin) ? begin : yield* endBefore(timeline, player, time);
    if (before === null) break;
    time = before;
  }
  return [...found.values()].sort((one, other) => one.time - other.time);
}

/**
 * Finds the end of the previous run of the recorder by a binary search in the blocks. Yields after each move.
 *
 * @param player a player in the current run
 * @param time a time in the current run
 * @returns Unix seconds, or `null` if the current run is the first one
 */
function* endBefore({ blocks }: Timeline, player: Player, time: number): Generator<undefined, number | null> {
  const { run } = player;
  let first = 0;
  let last = Math.max(
    0,
    blocks.findLastIndex((block) => block.time <= time),
  );
  while (first < last) {
    const middle = (first + last) >> 1;
    player.seek(blocks[middle]?.time ?? time);
    yield undefined;
    if (player.run === run) last = middle;
    else first = middle + 1;
  }
  return blocks[first - 1]?.until ?? null;
}
