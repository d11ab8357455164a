import { describe, expect, it } from 'vitest';
import type { SourceEvent } from '../../src/sources/source.ts';
import type { AppSnapshot } from '../../src/stats/snapshot.ts';
import { periodsOf } from '../../src/summaries/periods.ts';
import type { ServerSummary, Summary } from '../../src/summaries/summary.ts';
import { HAPPENINGS, type Read, running, sourceEvent } from '../monitor/happenings.ts';
import { app, core, NOW, socket, worker } from '../rates/builders.ts';
import { recordAll, troubleEvents } from '../recordings/recorded.ts';
import { block, periods, summaryOf } from './items.ts';

const APP = '/run/app.stats';

/** A server of one worker that has served this many requests of 20 ms, and counted exceptions. */
function served(requests: number, exceptions = 0, queue = 0): AppSnapshot {
  return app(
    [
      worker({
        requests,
        exceptions,
        runningTime: requests * 0.02,
        cores: [core({ requests, inRequest: true }), core({ id: 1, requests: 0 })],
      }),
    ],
    { sockets: [socket({ queue, maxQueue: 100 })] },
  );
}

const eventsOf = (reads: readonly Read[]) => reads.map(sourceEvent);

function summaryOfReads(reads: readonly Read[], of = periods(0, 10, 5), interval = 1): Summary {
  return summaryOf(block(new Map([[APP, eventsOf(reads)]]), { interval }), of);
}

function only({ servers }: Summary): ServerSummary {
  const [server, ...others] = servers;
  if (!server || others.length > 0) throw new Error('one server is expected');
  return server;
}

describe('the numbers of a period', () => {
  it('are those of its readings, and the whole time has all', () => {
    const reads: Read[] = [
      [0, served(100)],
      [1, served(110, 1, 3)],
      [2, served(130, 1, 7)],
      [6, served(150, 4, 2)],
    ];
    const summary = summaryOfReads(reads, periods(0, 15, 5));
    // 20 requests in the 4 s from 2 to 6: 15 of them before 5.
    expect(only(summary).periods).toMatchObject([
      { rps: 45 / 5, responseTime: expect.closeTo(0.02), busy: 0.5, queue: 7, maxQueue: 100, exceptions: 1 },
      { rps: 5 / 1, responseTime: expect.closeTo(0.02), busy: 0.5, queue: 2, maxQueue: 100, exceptions: 3 },
      { rps: null, busy: null, queue: null, exceptions: null, restarts: null },
    ]);
    expect(only(summary).total).toMatchObject({
      rps: 50 / 6,
      queue: 7,
      exceptions: 4,
      harakiris: 0,
      restarts: 0,
    });
    expect(summary.total).toEqual(only(summary).total);
  });

  it('are unknown before there are two readings', () => {
    const { total, documents } = only(summaryOfReads([[0, served(100)]]));
    expect(documents).toBe(1);
    expect(total).toMatchObject({
      rps: null,
      responseTime: null,
      exceptions: null,
      harakiris: null,
      queue: 0,
    });
  });

  it('begin where the summary begins, although the recording is read from an earlier time', () => {
    const reads: Read[] = [
      [0, served(0)],
      [4, served(400, 9)],
      [6, served(420, 10)],
    ];
    const { total, documents } = only(summaryOfReads(reads, periods(5, 10, 5)));
    expect(documents).toBe(1);
    expect(total).toMatchObject({ rps: 10, exceptions: 1 });
  });

  it('have no rate across a restart, and count it', () => {
    const { total, events, failures } = only(summaryOfReads(HAPPENINGS));
    expect(failures).toBe(2);
    expect(total).toMatchObject({ harakiris: 1, restarts: 1 });
    expect(events.map(({ kind }) => kind)).toEqual([
      'harakiri',
      'began',
      'ended',
      'lost',
      'restored',
      'restart',
    ]);
    expect(events[3]).toMatchObject({ time: NOW + 3, until: NOW + 9 });
  });

  it('of several servers are totals, and the longest queue of one', () => {
    const reads = (requests: number, queue: number): SourceEvent[] =>
      eventsOf([
        [0, served(0, 0, queue)],
        [2, served(requests, 1, queue)],
      ]);
    const servers = new Map([
      [APP, reads(20, 3)],
      ['/run/blog.stats', reads(60, 9)],
      ['/run/new.stats', eventsOf([[1, served(5)]])],
    ]);
    const { total, servers: found } = summaryOf(block(servers), periods(0, 10, 5));
    expect(found.map(({ name }) => name)).toEqual([APP, '/run/blog.stats', '/run/new.stats']);
    expect(total).toMatchObject({
      rps: 40,
      responseTime: expect.closeTo(0.02),
      busy: 0.5,
      queue: 9,
      exceptions: 2,
    });
  });
});

describe('events', () => {
  const outage: Read[] = [
    [0, served(0)],
    [1, null],
    [4, served(1)],
    [6, served(2)],
  ];
  const kindsIn = (since: number, until: number) =>
    only(summaryOfReads(outage, periods(since, until, 10))).events.map(({ kind }) => kind);

  it('belong to the time in which they were seen, or in which they had not ended', () => {
    expect(kindsIn(0, 6)).toEqual(['lost', 'restored']);
    expect(kindsIn(2, 6)).toEqual(['lost', 'restored']);
    expect(kindsIn(5, 6)).toEqual([]);
    expect(kindsIn(0, 3)).toEqual(['lost']);
  });
});

describe('gaps', () => {
  it('are times without a read, and not those without an answer', () => {
    const { gaps } = only(
      summaryOfReads(
        [
          [0, served(0)],
          [1, served(1)],
          [30, served(2)],
          [31, null],
          [32, served(3)],
        ],
        periods(0, 60, 60),
      ),
    );
    expect(gaps).toEqual([
      { since: NOW + 1, until: NOW + 30 },
      { since: NOW + 32, until: NOW + 60 },
    ]);
  });

  it('are not in the time before a server is recorded, or after it has ended', () => {
    const first = block(new Map([[APP, eventsOf([[0, served(0)]])]]));
    const second = block(
      new Map([
        [
          '/run/new.stats',
          eventsOf([
            [50, served(0)],
            [51, served(1)],
          ]),
        ],
      ]),
    );
    const { servers } = summaryOf([...first, ...second], periods(0, 51, 60));
    expect(servers.map(({ name, gaps }) => [name, gaps])).toEqual([
      [APP, []],
      ['/run/new.stats', []],
    ]);
  });

  it('separate two runs of the recorder, whose readings are not compared', () => {
    const first = block(
      new Map([
        [
          APP,
          eventsOf([
            [0, served(0)],
            [1, served(10)],
          ]),
        ],
      ]),
    );
    const second = block(
      new Map([
        [
          APP,
          eventsOf([
            [50, served(900)],
            [51, served(910)],
          ]),
        ],
      ]),
      { run: 'two' },
    );
    const { gaps, total } = only(summaryOf([...first, ...second], periods(0, 51, 60)));
    expect(gaps).toEqual([{ since: NOW + 1, until: NOW + 50 }]);
    expect(total.rps).toBe(10);
  });
});

describe('the slowest requests', () => {
  const reading = (seconds: number, ...ages: (readonly [uri: string, age: number])[]): Read => [
    seconds,
    app(ages.map(([uri, age], at) => running(uri, age, seconds, { id: at + 1, pid: 200 + at }))),
  ];

  it('have their greatest age, and when it was seen', () => {
    const { slowest } = only(
      summaryOfReads([reading(0, ['/slow', 4], ['/fast', 0]), reading(1, ['/slow', 5], ['/other', 2])]),
    );
    expect(slowest).toMatchObject([
      { uri: '/slow', method: 'GET', age: 5, time: NOW + 1, worker: 1, core: 0, pid: 200 },
      { uri: '/other', age: 2, worker: 2 },
    ]);
  });

  it('and the paths have the patterns of the recorder', () => {
    const events = [sourceEvent(reading(0, ['/a/x', 2], ['/a/y', 3]))];
    const { paths } = only(summaryOf(block(new Map([[APP, events]]), { paths: ['/a/*'] }), periods(0, 1, 1)));
    expect(paths.paths.map(({ path }) => path)).toEqual(['/a/*']);
  });

  it('are the ten oldest of many', () => {
    const ages = Array.from({ length: 30 }, (_, at) => [`/${at}`, (at * 7) % 30] as const);
    const { slowest, paths } = only(summaryOfReads([reading(0, ...ages)]));
    expect(slowest.map(({ age }) => age)).toEqual([29, 28, 27, 26, 25, 24, 23, 22, 21, 20]);
    expect(paths.seen).toBe(30);
  });
});

describe('a summary of a real server in trouble', () => {
  const events = troubleEvents();
  const [since, until] = [events[0]?.time ?? 0, events.at(-1)?.time ?? 0];
  const past = recordAll(new Map([[APP, events]]), { block: { readings: 9, seconds: 600 } });
  const whole = periodsOf({ since, until }, 0);

  it('is the same from a recording as from the events themselves', () => {
    const live = summaryOf(block(new Map([[APP, events]])), whole);
    const found = summaryOf(past.items(since), whole);
    expect(found).toEqual(live);
    expect(only(found).events.length).toBeGreaterThan(0);
    expect(only(found).slowest.length).toBeGreaterThan(0);
    expect(only(found).paths.paths.length).toBeGreaterThan(0);
  });

  it('counts what the counters of the server count', () => {
    const { total } = only(summaryOf(past.items(since), whole));
    const [first, last] = [events[0], events.at(-1)].map((event) => event?.snapshot);
    if (first?.kind !== 'app' || last?.kind !== 'app') throw new Error('the fixture is an app server');
    const sum = ({ workers }: AppSnapshot, name: 'exceptions' | 'harakiris' | 'requests') =>
      workers.reduce((all, each) => all + (each[name] ?? 0), 0);
    for (const name of ['exceptions', 'harakiris'] as const)
      expect(total[name]).toBe(sum(last, name) - sum(first, name));
    expect((total.rps ?? 0) * (until - since)).toBeCloseTo(sum(last, 'requests') - sum(first, 'requests'), 0);
  });

  it('of a part begins with the block before it, and has only what happened in it', () => {
    const from = since + (until - since) / 2;
    const part = only(summaryOf(past.items(from), periodsOf({ since: from, until }, 0)));
    const all = only(summaryOf(past.items(since), whole));
    const isOfPart = ({ time, until: end }: (typeof all.events)[number]) =>
      (end === undefined ? time : (end ?? until)) >= from;
    const texts = all.events.filter(isOfPart).map(({ text }) => text);
    expect(part.documents).toBe(events.filter(({ time }) => time >= from).length);
    for (const { text, time, until: end } of part.events) {
      expect((end === undefined ? time : (end ?? until)) >= from).toBe(true);
      expect(texts).toContain(text);
    }
  });
});
