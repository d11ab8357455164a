import { describe, expect, it } from 'vitest';
import type { ShortItem } from '../../src/recordings/short.ts';
import type { DocumentEvent, SourceEvent } from '../../src/sources/source.ts';
import { areOfMinutes, periodsOf } from '../../src/summaries/periods.ts';
import type { Summary } from '../../src/summaries/summary.ts';
import { trafficEvents } from '../recordings/files.ts';
import {
  captureEvents,
  failureEvent,
  type Recorded,
  recordAll,
  troubleEvents,
} from '../recordings/recorded.ts';
import { summaryOf } from './items.ts';

const BLOCK = { readings: 10, seconds: 600 };

/** The items from a time on. Blocks with digests are not replayed, except the first and the last one. */
function shortItems(past: Recorded, since: number): { items: ShortItem[]; short: number } {
  const first = past.blocks.findLastIndex(({ time }) => time <= since);
  let short = 0;
  const items = past.blocks.slice(Math.max(0, first)).flatMap((block, at, all) => {
    const found = at > 0 && at < all.length - 1 ? past.short(block) : null;
    if (found) short += 1;
    return found ?? [...past.play(block)];
  });
  return { items, short };
}

/** Sums of sums differ in the last digits. */
function rounded(summary: Summary): unknown {
  return JSON.parse(
    JSON.stringify(summary, (_, value) =>
      typeof value === 'number' ? Number(value.toPrecision(12)) : value,
    ),
  );
}

/** A later time, as after a pause of the recorder. */
function later(event: DocumentEvent, seconds: number): DocumentEvent {
  return { ...event, time: event.time + seconds, clock: event.clock + seconds };
}

const TRAFFIC = trafficEvents(200);
const TROUBLE = troubleEvents();

const RECORDED: readonly (readonly [string, ReadonlyMap<string, readonly SourceEvent[]>])[] = [
  [
    'a real server in trouble, and another one',
    new Map([
      ['app', TROUBLE],
      ['other', TROUBLE.slice(9, 30)],
    ]),
  ],
  ['traffic', new Map([['app', TRAFFIC]])],
  [
    'failed reads and an interval of two hours',
    new Map([
      [
        'app',
        TRAFFIC.flatMap((event, at): SourceEvent[] => {
          const now = at < 120 ? event : later(event, 7200);
          return at % 50 === 30 ? [failureEvent('app', now.time - 1_795_000_000 - 0.5), now] : [now];
        }),
      ],
    ]),
  ],
  ['servers of every kind', captureEvents()],
];

describe.each(RECORDED)('of %s', (name, servers) => {
  const past = recordAll(servers, {
    block: name.startsWith('servers') ? { readings: 1, seconds: 600 } : BLOCK,
  });
  const periods = periodsOf({ since: past.start, until: past.end }, 0, 60);

  it('a summary of digests is that of all readings', () => {
    const { items, short } = shortItems(past, past.start);
    expect(short).toBeGreaterThan(past.blocks.length / 2 - 2);
    expect(rounded(summaryOf(items, periods))).toEqual(rounded(summaryOf(past.items(past.start), periods)));
  });
});

it('a summary of a part has the same numbers, events and requests', () => {
  const past = recordAll(new Map([['app', TROUBLE]]), { block: BLOCK });
  const since = past.start + (past.end - past.start) / 3;
  const periods = periodsOf({ since, until: past.end }, 0, 60);
  const { items, short } = shortItems(past, since);
  expect(short).toBeGreaterThan(0);
  // The error of the shares differs: a digest knows for how long a request had been seen before.
  const withoutError = (of: Summary) =>
    JSON.parse(JSON.stringify(rounded(of), (key, value) => (key === 'error' ? 0 : value)));
  expect(withoutError(summaryOf(items, periods))).toEqual(
    withoutError(summaryOf(past.items(since), periods)),
  );
});

it('two runs of the recorder are not compared', () => {
  const first = recordAll(new Map([['app', TRAFFIC.slice(0, 100)]]), { block: BLOCK });
  const second = recordAll(new Map([['app', TRAFFIC.slice(100).map((event) => later(event, 30))]]), {
    block: BLOCK,
    run: 'two',
  });
  const periods = periodsOf({ since: first.start, until: second.end }, 0, 60);
  const items = [first, second].flatMap((past) => shortItems(past, past.start).items);
  const all = [...first.items(first.start), ...second.items(second.start)];
  expect(rounded(summaryOf(items, periods))).toEqual(rounded(summaryOf(all, periods)));
});

describe('a block is replayed', () => {
  const [, block] = recordAll(new Map([['app', TRAFFIC.slice(0, 30)]]), { block: BLOCK }).blocks;
  const past = recordAll(new Map());
  if (!block) throw new Error('there are several blocks');

  it('if it has no digest', () => {
    const cut = block.bytes.lastIndexOf('stfG');
    expect(cut).toBeGreaterThan(0);
    expect(past.short(block)).not.toBeNull();
    expect(past.short({ ...block, bytes: block.bytes.subarray(0, cut) })).toBeNull();
  });

  it('if its digest is damaged or of another version', () => {
    const damaged = Buffer.from(block.bytes);
    damaged.fill(0, damaged.lastIndexOf('stfG') + 20);
    expect(past.short({ ...block, bytes: damaged })).toBeNull();
  });

  it('if a period begins within a minute', () => {
    const time = { since: 600, until: 4200 };
    expect(areOfMinutes(periodsOf(time, 0, 60))).toBe(true);
    expect(areOfMinutes(periodsOf(time, 0, 90))).toBe(false);
    expect(areOfMinutes(periodsOf(time, 5400, 300))).toBe(true);
    expect(areOfMinutes(periodsOf(time, 1, 60))).toBe(false);
  });
});
