import { describe, expect, it } from 'vitest';
import { type Event, LONGEST_TEXT, MOST_EVENTS } from '../../src/monitor/event.ts';
import { nothingObserved } from '../../src/monitor/observation.ts';
import { observe } from '../../src/monitor/observe.ts';
import type { SourceEvent } from '../../src/sources/source.ts';
import { app, core, NOW, SERVER, worker } from '../rates/builders.ts';
import { EMPEROR } from '../rates/routers.ts';
import { vassal } from '../views/rows.ts';
import { HAPPENINGS, killed, observedAfter, type Read, running, sourceEvent } from './happenings.ts';

/** `kind: text`, with the seconds of the begin and of the end. */
function told({ kind, text, time, until, result }: Event): string {
  const end = until === undefined ? '' : until === null ? ' to now' : ` to ${until - NOW}`;
  return `${time - NOW}${end} ${kind}: ${text}${result === undefined ? '' : ` (${result})`}`;
}

const eventsOf = (reads: readonly Read[], ...kinds: Event['kind'][]) =>
  observedAfter(reads)
    .events.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(told);

const idle = (pid: number) => worker({ pid });

describe('a harakiri', () => {
  const busy = running('/report', 30, 1, { pid: 201 });

  it('has the request that was last seen on the worker', () => {
    const reads: Read[] = [
      [1, app([busy, idle(202)])],
      [2, app([killed(busy, 203), idle(202)])],
    ];
    expect(eventsOf(reads, 'harakiri', 'respawn')).toEqual([
      '2 harakiri: worker 1 (pid 201) was killed; last seen: GET /report for 30s on core 0',
    ]);
    expect(observedAfter(reads).events[0]).toMatchObject({ id: 1, about: { view: 'workers', row: '1' } });
  });

  it('says that requests ended after the request was seen', () => {
    const next = { ...killed(busy, 203), requests: 15, requestsSinceSpawn: 2 };
    const reads: Read[] = [
      [1, app([busy])],
      [2, app([next])],
    ];
    expect(eventsOf(reads, 'harakiri')[0]).toContain('on core 0; 3 requests ended after that');
  });

  it('names the oldest request of several cores', () => {
    const [first] = running('/new', 2, 1).cores;
    const [second] = running('/old', 9, 1).cores;
    const threads = worker({
      cores: [
        { ...core(), ...first },
        { ...core(), ...second, id: 1 },
      ],
    });
    const reads: Read[] = [
      [1, app([threads])],
      [2, app([killed(threads, 203)])],
    ];
    expect(eventsOf(reads, 'harakiri')[0]).toMatch(/last seen: GET \/old for 9s on core 1; 1 other request$/);
  });

  it('says that its request is unknown', () => {
    const of = (before: ReturnType<typeof worker>): Read[] => [
      [1, app([before])],
      [2, app([killed(before, 203)])],
    ];
    expect(eventsOf(of(idle(201)), 'harakiri')[0]).toMatch(
      /; its request was not seen, because it began after/,
    );
    expect(eventsOf(of(worker({ cores: [] })), 'harakiri')[0]).toMatch(/; its request is unknown, because/);
  });

  it('includes the start of the next process, also when that is seen later', () => {
    const counted = { ...busy, harakiris: 1 };
    const reads: Read[] = [
      [1, app([busy])],
      [2, app([counted])],
      [3, app([{ ...killed(busy, 203), harakiris: 1 }])],
    ];
    expect(eventsOf(reads, 'harakiri', 'respawn')).toHaveLength(1);
    // The next one dies of something else.
    const later: Read = [4, app([{ ...killed(busy, 204), harakiris: 1, spawns: 3 }])];
    expect(eventsOf([...reads, later], 'harakiri', 'respawn').at(-1)).toBe(
      '4 respawn: worker 1 was replaced (now pid 204)',
    );
  });

  it('replaces a long URI, so that no part of a secret is cut off', () => {
    const long = running(`/?token=${'x'.repeat(5000)}`, 30, 1);
    const reads: Read[] = [
      [1, app([long])],
      [2, app([killed(long, 203)])],
    ];
    expect(eventsOf(reads, 'harakiri')[0]).toMatch(
      /last seen: a request whose URI has 5,008 characters for 30s/,
    );
  });
});

describe('a respawn', () => {
  const respawned = (id: number) => ({ ...idle(300 + id), spawns: 2, requestsSinceSpawn: 0 });

  it('is one event for all workers of a reading', () => {
    const reads: Read[] = [
      [0, app([idle(201), idle(202), idle(203)])],
      [1, app([respawned(1), idle(202), respawned(3)])],
    ];
    expect(eventsOf(reads)).toEqual(['1 respawn: 2 workers were replaced: 1, 3']);
  });

  it('has the request that ended with the process', () => {
    const busy = running('/crash', 4, 0, { pid: 201 });
    const reads: Read[] = [
      [0, app([busy])],
      [1, app([respawned(1)])],
    ];
    expect(eventsOf(reads)).toEqual([
      '1 respawn: worker 1 (pid 201) ended and was replaced; last seen: GET /crash for 4s on core 0',
    ]);
  });

  it('does not flood the list: later ones are counted until there are none for five minutes', () => {
    const dying = (seconds: number): Read => [
      seconds,
      app([{ ...idle(500 + seconds), spawns: 1 + seconds }]),
    ];
    const reads = Array.from({ length: 101 }, (_, seconds) => dying(seconds));
    const rest: Read[] = [100 + 299, 100 + 300].map((seconds) => [seconds, dying(100)[1]]);
    const respawns = eventsOf([...reads, ...rest], 'respawn');
    expect(respawns).toHaveLength(11);
    expect(respawns.at(-1)).toBe('11 to 100 respawn: many workers are replaced (90 more)');
    expect(eventsOf([...reads, ...rest.slice(0, 1)], 'respawn').at(-1)).toBe(
      '11 to now respawn: many workers are replaced',
    );
  });
});

describe('a reload', () => {
  const fresh = (pid: number) =>
    worker({ pid, requests: 0, requestsSinceSpawn: 0, cores: [core({ requests: 0 })] });
  const down = worker({ pid: null, alive: false });
  const busy = running('/slow', 5, 0);
  const loading = (pid: number) => ({ ...fresh(pid), accepting: false, lastSpawn: NOW });

  it('that waits for requests lasts from the first worker that ends until all workers serve requests', () => {
    const reads: Read[] = [
      [0, app([busy, idle(202)])],
      ...[1, 2, 3, 4].map((at): Read => [at, app([busy, down])]),
    ];
    expect(eventsOf(reads, 'reload')).toEqual([
      '1 to now reload: graceful reload or stop of 2 workers, waits for requests',
    ]);
    const reloaded: Read[] = [...reads, [5, app([down, down])], [6, app([loading(301), loading(302)])]];
    expect(eventsOf(reloaded, 'reload')[0]).toMatch(/^1 to now reload/);
    const ready: Read = [8, app([fresh(301), fresh(302)])];
    expect(eventsOf([...reloaded, ready], 'reload')).toEqual([
      '1 to 8 reload: graceful reload or stop of 2 workers, waits for requests',
    ]);
  });

  it('that waited for a short time is graceful', () => {
    const reads: Read[] = [
      [0, app([busy, idle(202)])],
      [1, app([busy, down])],
      [2, app([fresh(301), fresh(302)])],
    ];
    expect(eventsOf(reads, 'reload')).toEqual(['1 to 2 reload: graceful, after 1s; 2 workers']);
  });

  it('that was not seen to wait', () => {
    const reads: Read[] = [
      [0, app([idle(201), idle(202)])],
      [1, app([loading(301), loading(302)])],
      [4, app([fresh(301), fresh(302)])],
    ];
    expect(eventsOf(reads)).toEqual(['1 to 4 reload: 2 workers']);
  });

  it('is not seen in a worker that dies while all others are busy', () => {
    const reads: Read[] = [
      [0, app([busy, idle(202)])],
      [1, app([busy, down])],
      [2, app([busy, { ...idle(203), spawns: 2 }])],
    ];
    expect(eventsOf(reads, 'reload')).toEqual([]);
  });

  it('ends without a reload if no new run follows', () => {
    const reads: Read[] = [
      [0, app([busy, idle(202)])],
      ...[1, 2, 3, 4].map((at): Read => [at, app([busy, down])]),
      [5, app([busy, { ...idle(203), spawns: 2 }])],
    ];
    expect(eventsOf(reads, 'reload')[0]).toMatch(/^1 to 5 .*\(it ended without a reload\)$/);
  });
});

describe('the connection', () => {
  it('is lost once in an outage, and the master that follows is another one', () => {
    expect(eventsOf(HAPPENINGS, 'lost', 'restored', 'restart')).toEqual([
      '3 to 9 lost: connection refused',
      '9 restored: after 7s without data',
      '9 to 9 restart: new master: pid 100 → 300; 1 worker',
    ]);
  });

  it('that never was is one, too', () => {
    const reads: Read[] = [
      [0, null],
      [2, null],
      [4, app([idle(1)])],
    ];
    expect(eventsOf(reads)).toEqual([
      '0 to 4 lost: no data yet: connection refused',
      '4 restored: after 4s without data',
    ]);
  });
});

describe('cheaper', () => {
  const server = (running: number) =>
    app(Array.from({ length: 8 }, (_, at) => (at < running ? started(at) : cheap)));
  const started = (at: number) => ({ ...idle(400 + at), spawns: 2 });
  const cheap = worker({ pid: null, status: 'cheap', spawns: 2 });

  it('is one event for changes that follow each other', () => {
    const running = [2, 4, 3, 6, 6];
    const reads = running.map((count, at): Read => [10 * at, server(count)]);
    expect(eventsOf(reads.slice(0, 2))).toEqual(['10 to now cheaper: 2 workers started; 4 of 8 run']);
    expect(eventsOf(reads)).toEqual(['10 to now cheaper: 5 workers started, 1 worker stopped; 6 of 8 run']);
    expect(eventsOf([...reads, [90, server(6)]])).toEqual([
      '10 to 30 cheaper: 5 workers started, 1 worker stopped; 6 of 8 run (3 to 6 ran)',
    ]);
  });

  it('gets a new event after ten minutes', () => {
    const reads = Array.from({ length: 1300 }, (_, at): Read => [at, server(at % 2 === 0 ? 2 : 3)]);
    expect(eventsOf(reads)).toHaveLength(3);
  });
});

describe('the list', () => {
  const flapping = (at: number): Read => [
    at,
    app([at % 2 === 0 ? running('/slow', 30, at) : idle(101), idle(102)]),
  ];

  it('has a finding that began and ended, with its duration and its worst state', () => {
    const reads: Read[] = [
      [0, app([idle(101)])],
      [1, app([running('/slow', 11, 1)])],
      [9, app([running('/slow', 19, 9)])],
      [10, app([idle(101)])],
    ];
    expect(eventsOf(reads, 'began', 'ended').filter((each) => !each.includes('core busy'))).toEqual([
      '1 to 10 began: request running for 11s on 1:0: GET /slow',
      '10 ended: after 20s; at worst: request running for 19s on 1:0: GET /slow',
    ]);
  });

  it('has no begin of a finding that the first reading shows', () => {
    expect(eventsOf([flapping(0), flapping(1)])).toEqual([
      '1 ended: after 31s; at worst: request running for 30s on 1:0: GET /slow',
    ]);
  });

  it('has one event for a finding that begins and ends repeatedly', () => {
    const reads = Array.from({ length: 200 }, (_, at) => flapping(at + 1));
    const quiet: Read = [600, app([idle(101), idle(102)])];
    const events = eventsOf([...reads, quiet]);
    expect(events).toHaveLength(7);
    expect(events.at(-1)).toBe('8 to 200 began: stuck: begins and ends repeatedly (97 more)');
  });

  it('does not change what it has recorded, except the end of an open event', () => {
    const [before, now] = [observedAfter(HAPPENINGS.slice(0, 5)), observedAfter(HAPPENINGS)];
    for (const [at, event] of before.events.entries()) {
      const { until: _, result: __, ...fixed } = event;
      expect(now.events[at]).toMatchObject(fixed);
      if (event.until !== null) expect(now.events[at]).toEqual(event);
    }
    expect(now.events.map(({ id }) => id)).toEqual(now.events.map((_, at) => at + 1));
  });

  it('has a limited size', () => {
    const restart = (at: number): Read => [at, app([idle(1)], { server: { ...SERVER, pid: 1000 + at } })];
    // Restarts at intervals at which none is left out.
    const reads = Array.from({ length: MOST_EVENTS + 50 }, (_, at) => restart(at * 60));
    const { events, traces } = observedAfter(reads);
    expect(events).toHaveLength(MOST_EVENTS);
    expect(events[0]?.id).toBe(50);
    expect(traces.groups.size).toBe(1);
    for (const { text } of events) expect(text.length).toBeLessThanOrEqual(LONGEST_TEXT);
  });

  it('is marked in the charts', () => {
    const { near } = observedAfter(HAPPENINGS).history;
    expect(near.map(({ marks }) => marks)).toEqual([
      [],
      ['harakiri', 'respawn', 'finding', 'lost'],
      ['reset'],
    ]);
  });

  it('has no events of a saved document, or of a single reading', () => {
    const [first, second] = HAPPENINGS.slice(1, 3).map(sourceEvent);
    const saved = [first, second].map((event) => ({ ...event, origin: 'file' }) as SourceEvent);
    const known = saved.reduce((before, event) => observe(before, event), nothingObserved('test'));
    expect(known.findings).not.toEqual([]);
    expect(known.events).toEqual([]);
    expect(observedAfter(HAPPENINGS.slice(0, 1)).events).toEqual([]);
  });
});

describe('the other processes', () => {
  const emperor = (...vassals: Parameters<typeof vassal>[0][]) => ({
    ...EMPEROR,
    vassals: vassals.map(vassal),
  });
  const daemon = (pid: number) => app([idle(101)], { daemons: [{ command: 'celery', pid, respawns: null }] });

  it('are vassals that start again or reload', () => {
    const reads: Read[] = [
      [0, emperor({ id: 'a.ini', pid: 1, firstRun: 5, respawns: 0 }, { id: 'b.ini', pid: 2, respawns: 0 })],
      [1, emperor({ id: 'a.ini', pid: 3, firstRun: 9, respawns: 0 }, { id: 'b.ini', pid: 2, respawns: 1 })],
      [2, emperor({ id: 'a.ini', pid: 3, firstRun: 9, respawns: 0 }, { id: 'b.ini', pid: 2, respawns: 1 })],
    ];
    expect(eventsOf(reads, 'respawn', 'reload')).toEqual([
      '1 respawn: vassal a.ini: started again',
      '1 reload: vassal b.ini: reloaded',
    ]);
  });

  it('are daemons that start again', () => {
    const reads: Read[] = [
      [0, daemon(7)],
      [1, daemon(8)],
      [2, daemon(8)],
    ];
    expect(eventsOf(reads)).toEqual(['1 respawn: daemon celery: started again']);
  });
});
