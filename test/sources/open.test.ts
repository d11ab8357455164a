import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSource, type SourceOptions } from '../../src/sources/open.ts';
import { type Answer, type ReadOptions, read } from '../../src/sources/read.ts';
import { snapshotSteps } from '../../src/sources/snapshot.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { EMPEROR } from '../rates/routers.ts';
import { follow } from './following.ts';

vi.mock('../../src/sources/read.ts', () => ({ read: vi.fn() }));
vi.mock('../../src/sources/snapshot.ts', () => ({ snapshotSteps: vi.fn() }));

const answer: Answer = {
  document: Buffer.from('{}'),
  bytes: Buffer.from('{}'),
  time: 0,
  clock: 0,
  clockError: 0,
  origin: 'server',
  protocol: 'http',
};

/** Milliseconds since the test began. */
let began = 0;
/** When each read began, and with what. */
let reads: { at: number; options: ReadOptions }[] = [];
const events: string[] = [];

/** Each read takes `seconds` and then does `what`. */
function reading(seconds: number, what: (turn: number) => Answer = () => answer): void {
  vi.mocked(read).mockImplementation(async (_target, options) => {
    reads.push({ at: performance.now() - began, options });
    const turn = reads.length;
    await new Promise((done) => setTimeout(done, seconds * 1000));
    return what(turn);
  });
}

function start(given: Partial<SourceOptions> = {}) {
  const source = openSource(parseTarget('app.stats'), {
    timeoutSeconds: 4,
    interval: () => 1,
    // In the middle: no jitter.
    random: () => 0.5,
    ...given,
  });
  return follow(source, (event) => {
    if (event.kind === 'document') events.push('answer');
    else events.push(`${event.error.message}, again in ${(event.retryAt - event.time).toFixed(2)} s`);
  });
}

/** When each read began, to 20 ms: timers have whole milliseconds. */
const seconds = () => reads.map(({ at }) => Math.round(at / 20) / 50);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  began = performance.now();
  reads = [];
  events.length = 0;
  // biome-ignore lint/correctness/useYield: a document this short is read in one step
  vi.mocked(snapshotSteps).mockImplementation(function* () {
    return EMPEROR;
  });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('reads', () => {
  it('begin an interval apart, however long each one takes', async () => {
    reading(0.2);
    start();
    await vi.advanceTimersByTimeAsync(3500);
    expect(seconds()).toEqual([0, 1, 2, 3]);
    expect(events).toEqual(['answer', 'answer', 'answer', 'answer']);
  });

  it('come a little earlier or later than the interval says', async () => {
    reading(0);
    const chances = [0, 0.999_999, 0.5];
    start({ interval: () => 100, random: () => chances.shift() ?? 0.5 });
    await vi.advanceTimersByTimeAsync(350_000);
    expect(seconds().map(Math.round)).toEqual([0, 95, 200, 300]);
  });

  it('never overlap: one that outlasts the interval delays the next, and for as long again', async () => {
    reading(3);
    start();
    await vi.advanceTimersByTimeAsync(12_500);
    expect(seconds()).toEqual([0, 6, 12]);
  });

  it('know how the server spoke, until one fails', async () => {
    reading(0, (turn) => {
      if (turn === 2) throw new Error('gone');
      return answer;
    });
    start();
    await vi.advanceTimersByTimeAsync(4000);
    expect(reads.slice(0, 4).map(({ options }) => options.protocol)).toEqual([null, 'http', null, 'http']);
    expect(reads[0]?.options.timeoutSeconds).toBe(4);
  });

  it('come sooner when the interval becomes shorter, counted from the last one', async () => {
    reading(0);
    let interval = 60;
    const source = start({ interval: () => interval });
    await vi.advanceTimersByTimeAsync(10_000);
    interval = 15;
    source.reschedule();
    await vi.advanceTimersByTimeAsync(6000);
    expect(seconds()).toEqual([0, 15]);
  });

  it('of a file are one', async () => {
    reading(0, () => ({ ...answer, origin: 'file' }));
    start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seconds()).toEqual([0]);
    expect(events).toEqual(['answer']);
  });
});

describe('failures', () => {
  it('are tried again later and later, and an answer ends that', async () => {
    reading(0, (turn) => {
      if (turn < 8) throw new Error(`failure ${turn}`);
      return answer;
    });
    start({ interval: () => 0.1 });
    await vi.advanceTimersByTimeAsync(22_680);
    expect(seconds().slice(0, 9)).toEqual([0, 0.5, 1.5, 3.5, 7.5, 12.5, 17.5, 22.5, 22.6]);
    expect(events.slice(0, 3)).toEqual([
      'failure 1, again in 0.50 s',
      'failure 2, again in 1.00 s',
      'failure 3, again in 2.00 s',
    ]);
    expect(events.slice(7, 9)).toEqual(['answer', 'answer']);
  });

  it('never come faster than the interval', async () => {
    reading(0, () => {
      throw new Error('gone');
    });
    start({ interval: () => 10 });
    await vi.advanceTimersByTimeAsync(25_000);
    expect(seconds()).toEqual([0, 10, 20]);
  });

  it('are also documents that are none, and what is no Error', async () => {
    reading(0, (turn) => {
      if (turn === 1) throw 'a word';
      return answer;
    });
    vi.mocked(snapshotSteps).mockImplementation(() => {
      throw new Error('not a document');
    });
    start();
    await vi.advanceTimersByTimeAsync(1500);
    expect(events).toEqual(['a word, again in 1.00 s', 'not a document, again in 1.00 s']);
    // How the server speaks is known all the same: a silent one is not tried again.
    await vi.advanceTimersByTimeAsync(1000);
    expect(reads.slice(1).map(({ options }) => options.protocol)).toContain('http');
  });
});

describe('a source', () => {
  it('says when a document is due or arriving, but not of one that has stalled', async () => {
    reading(1);
    const source = start();
    expect(source.receiving).toBe(true);
    await vi.advanceTimersByTimeAsync(49);
    expect(source.receiving).toBe(true);
    await vi.advanceTimersByTimeAsync(151);
    expect(source.receiving).toBe(false);
    reads[0]?.options.onBytes?.();
    expect(source.receiving).toBe(true);
    await vi.advanceTimersByTimeAsync(49);
    expect(source.receiving).toBe(true);
    await vi.advanceTimersByTimeAsync(2);
    expect(source.receiving).toBe(false);
    reads[0]?.options.onBytes?.();
    expect(source.receiving).toBe(true);
    await vi.advanceTimersByTimeAsync(260);
    expect(source.receiving).toBe(false);
    // A document that takes so long holds nothing up any more, however steadily it comes.
    reads[0]?.options.onBytes?.();
    expect(source.receiving).toBe(false);
  });

  it('that is stopped calls the read off, and reads and says no more', async () => {
    reading(1, (turn) => {
      if (turn === 2) throw new Error('called off');
      return answer;
    });
    const source = start();
    await vi.advanceTimersByTimeAsync(2200);
    expect(reads).toHaveLength(2);
    source.stop();
    expect(reads[1]?.options.signal?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reads).toHaveLength(2);
    expect(events).toEqual(['answer']);
  });

  it('that goes on after a stop knows what it knew, and leaves the server alone for as long as before', async () => {
    reading(0.5, (turn) => {
      if (turn >= 2) throw new Error('gone');
      return answer;
    });
    const source = start({ interval: () => 1 });
    await vi.advanceTimersByTimeAsync(700);
    source.stop();
    source.resume();
    await vi.advanceTimersByTimeAsync(200);
    expect(seconds()).toEqual([0]);
    await vi.advanceTimersByTimeAsync(400);
    expect(seconds()).toEqual([0, 1]);
    expect(reads[1]?.options.protocol).toBe('http');
    // What was under way is called off, and is no failure.
    source.stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(reads[1]?.options.signal?.aborted).toBe(true);
    expect(events).toEqual(['answer']);
    source.resume();
    await vi.advanceTimersByTimeAsync(600);
    expect(reads[2]?.options.protocol).toBe('http');
    expect(events).toEqual(['answer', 'gone, again in 0.50 s']);
  });

  it('that is stopped between two reads reads no more', async () => {
    reading(0);
    const source = start();
    await vi.advanceTimersByTimeAsync(100);
    source.stop();
    source.reschedule();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reads).toHaveLength(1);
  });

  it('that was stopped says nothing of an answer that came all the same', async () => {
    reading(1);
    const source = start();
    await vi.advanceTimersByTimeAsync(500);
    source.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(events).toEqual([]);
  });
});
