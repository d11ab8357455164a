import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer, ReadOptions } from '../../src/sources/answer.ts';
import { NotStatsError } from '../../src/sources/errors.ts';
import { openSource, type SourceOptions } from '../../src/sources/open.ts';
import { read } from '../../src/sources/read.ts';
import { snapshotSteps } from '../../src/sources/snapshot.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import type { Target } from '../../src/targets/target.ts';
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

/** Milliseconds at the start of the test. */
let began = 0;
/** Start time and options of each read. */
let reads: { at: number; options: ReadOptions }[] = [];
const events: string[] = [];

/** Simulates reads that take `seconds` and then call `what`. */
function reading(seconds: number, what: (turn: number) => Answer = () => answer): void {
  vi.mocked(read).mockImplementation(async (_target, options) => {
    reads.push({ at: performance.now() - began, options });
    const turn = reads.length;
    await new Promise((done) => setTimeout(done, seconds * 1000));
    return what(turn);
  });
}

function start({
  target = parseTarget('app.stats'),
  ...given
}: Partial<SourceOptions> & { target?: Target | null } = {}) {
  const source = openSource(target, {
    timeoutSeconds: 4,
    interval: () => 1,
    // The middle of the range: no jitter.
    random: () => 0.5,
    ...given,
  });
  return follow(source, (event) => {
    if (event.kind === 'document') events.push('answer');
    else events.push(`${event.error.message}, again in ${(event.retryAt - event.time).toFixed(2)} s`);
  });
}

/** Start time of each read, rounded to 20 ms because timers have whole milliseconds. */
const seconds = () => reads.map(({ at }) => Math.round(at / 20) / 50);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'hrtime'] });
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
  it('begin one interval apart, however long each takes', async () => {
    reading(0.2);
    start();
    await vi.advanceTimersByTimeAsync(3500);
    expect(seconds()).toEqual([0, 1, 2, 3]);
    expect(events).toEqual(['answer', 'answer', 'answer', 'answer']);
  });

  it('begin a little earlier or later than the interval, at random', async () => {
    reading(0);
    const chances = [0, 0.999_999, 0.5];
    start({ interval: () => 100, random: () => chances.shift() ?? 0.5 });
    await vi.advanceTimersByTimeAsync(350_000);
    expect(seconds().map(Math.round)).toEqual([0, 95, 200, 300]);
  });

  it('never overlap: a read that outlasts the interval delays the next one by its own duration again', async () => {
    reading(3);
    start();
    await vi.advanceTimersByTimeAsync(12_500);
    expect(seconds()).toEqual([0, 6, 12]);
  });

  it('remember the protocol of the server until a read fails', async () => {
    reading(0, (turn) => {
      if (turn === 2) throw new Error('gone');
      return answer;
    });
    start();
    await vi.advanceTimersByTimeAsync(4000);
    expect(reads.slice(0, 4).map(({ options }) => options.protocol)).toEqual([null, 'http', null, 'http']);
    expect(reads[0]?.options.timeoutSeconds).toBe(4);
  });

  it('begin once a minute if an application responds, until it sends a document', async () => {
    const page = new NotStatsError('app', 'not JSON', true);
    reading(0, (turn) => {
      if (turn === 2 || turn === 4) return answer;
      throw page;
    });
    start();
    await vi.advanceTimersByTimeAsync(63_900);
    // A server that has sent a document is no application: a response like one can be an error of a proxy.
    expect(seconds()).toEqual([0, 60, 61, 62, 63]);
  });

  it('begin sooner after the interval is reduced, counted from the last read', async () => {
    reading(0);
    let interval = 60;
    const source = start({ interval: () => interval });
    await vi.advanceTimersByTimeAsync(10_000);
    interval = 15;
    source.reschedule();
    await vi.advanceTimersByTimeAsync(6000);
    expect(seconds()).toEqual([0, 15]);
  });

  it('of a file happen once', async () => {
    reading(0, () => ({ ...answer, origin: 'file' }));
    start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seconds()).toEqual([0]);
    expect(events).toEqual(['answer']);
  });
});

describe('failures', () => {
  it('are retried at increasing delays until an answer arrives', async () => {
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

  it('are not retried sooner than the interval', async () => {
    reading(0, () => {
      throw new Error('gone');
    });
    start({ interval: () => 10 });
    await vi.advanceTimersByTimeAsync(25_000);
    expect(seconds()).toEqual([0, 10, 20]);
  });

  it('include documents that cannot be decoded and thrown values that are no Error', async () => {
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
    // The protocol remains known, so a silent server is not sent a request.
    await vi.advanceTimersByTimeAsync(1000);
    expect(reads.slice(1).map(({ options }) => options.protocol)).toContain('http');
  });
});

describe('a source', () => {
  it('reports that a document is due or arriving, but not that one has stalled', async () => {
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
    // A document that takes this long does not block other work, even if bytes arrive continuously.
    reads[0]?.options.onBytes?.();
    expect(source.receiving).toBe(false);
  });

  it('reports that the first document is being decoded, but not the next ones', async () => {
    reading(0);
    const seen: boolean[] = [];
    vi.mocked(snapshotSteps).mockImplementation(function* () {
      seen.push(source.receiving);
      yield;
      seen.push(source.receiving);
      return EMPEROR;
    });
    const source = start();
    await vi.advanceTimersByTimeAsync(1);
    while (events.length === 0) await new Promise(setImmediate);
    expect(seen).toEqual([true, true]);
    expect(source.receiving).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    while (events.length === 1) await new Promise(setImmediate);
    expect(seen.slice(2)).toEqual([false, false]);
  });

  it('aborts the read when it is stopped, and sends no further event', async () => {
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

  it('keeps its state across stop and resume, and still leaves the server alone for as long as before', async () => {
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
    // The aborted read is not a failure.
    source.stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(reads[1]?.options.signal?.aborted).toBe(true);
    expect(events).toEqual(['answer']);
    source.resume();
    await vi.advanceTimersByTimeAsync(600);
    expect(reads[2]?.options.protocol).toBe('http');
    expect(events).toEqual(['answer', 'gone, again in 0.50 s']);
  });

  it('that is stopped between two reads does not read again', async () => {
    reading(0);
    const source = start();
    await vi.advanceTimersByTimeAsync(100);
    source.stop();
    source.reschedule();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reads).toHaveLength(1);
  });

  it('that is stopped ignores an answer that arrives later', async () => {
    reading(1);
    const source = start();
    await vi.advanceTimersByTimeAsync(500);
    source.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(events).toEqual([]);
  });
});

describe('a target that an argument leads to', () => {
  const addressOf = (number: number) => parseTarget(`/run/${number}.stats`);
  const readAddresses = () => vi.mocked(read).mock.calls.map(([target]) => target.text);

  it('is found again after a failure, and not while the server answers', async () => {
    vi.mocked(read).mockClear();
    reading(0, (turn) => {
      if (turn === 2 || turn === 3) throw new Error('refused');
      return answer;
    });
    let found = 0;
    start({
      async again() {
        found += 1;
        return addressOf(found);
      },
    });
    await vi.advanceTimersByTimeAsync(5000);
    expect(readAddresses().slice(0, 5)).toEqual([
      'app.stats',
      'app.stats',
      '/run/1.stats',
      '/run/2.stats',
      '/run/2.stats',
    ]);
    expect(found).toBe(2);
  });

  it('is looked for with the delays of a failed read, and read once it is found', async () => {
    vi.mocked(read).mockClear();
    reading(0);
    let tries = 0;
    start({
      target: null,
      again: async () => {
        tries += 1;
        if (tries < 3) throw new Error('no such pid');
        return addressOf(tries);
      },
    });
    await vi.advanceTimersByTimeAsync(0);
    expect([tries, reads]).toEqual([1, []]);
    await vi.advanceTimersByTimeAsync(3500);
    expect(events).toEqual([
      'no such pid, again in 1.00 s',
      'no such pid, again in 1.00 s',
      'answer',
      'answer',
    ]);
    expect(readAddresses()).toEqual(['/run/3.stats', '/run/3.stats']);
  });
});
