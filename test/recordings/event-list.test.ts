import { describe, expect, it } from 'vitest';
import { eventList } from '../../src/recordings/event-list.ts';
import type { Timeline } from '../../src/recordings/timeline.ts';
import type { DocumentEvent } from '../../src/sources/source.ts';
import { trafficEvents } from './files.ts';
import { failureEvent, Recorded, recordAll } from './recorded.ts';

const RUNS = 40;
const DOCUMENTS = trafficEvents(2, 2);

/** A recording of many runs. In each one, the connection is lost and restored. */
function manyRuns(): Timeline {
  const past = new Recorded();
  for (let run = 0; run < RUNS; run += 1) {
    const [first, last] = DOCUMENTS.map((event) => ({
      ...event,
      time: event.time + run * 10,
      clock: event.clock + run * 10,
    })) as [DocumentEvent, DocumentEvent];
    const events = [first, failureEvent('app', run * 10 + 1), last];
    const options = { run: `run ${run}`, block: { readings: 2, seconds: 600 } };
    past.blocks.push(...recordAll(new Map([['app', events]]), options).blocks);
  }
  return past;
}

describe('the list of events', () => {
  it('has those of all runs, and handles keys between two moves', () => {
    const past = manyRuns();
    let moves = 0;
    let most = 0;
    const items = (from: number) => {
      moves += 1;
      return past.items(from);
    };
    const search = eventList({ blocks: past.blocks, start: past.start, end: past.end, items });
    for (;;) {
      const { done, value } = search.next();
      most = Math.max(most, moves);
      moves = 0;
      if (!done) continue;
      expect(value.map(({ kind }) => kind)).toEqual(Array(RUNS).fill(['lost', 'restored']).flat());
      break;
    }
    expect(most).toBe(1);
  });
});
