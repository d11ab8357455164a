import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Observed } from '../../src/monitor/observation.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { AppSample, Sample } from '../../src/rates/sample.ts';
import { decode } from '../../src/stats/decode.ts';
import { width } from '../../src/text/clean.ts';
import { CORE_MODES } from '../../src/views/core-modes.ts';
import type { ViewState } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { cellContext, tableOf, VIEWS } from '../../src/views/views.ts';
import { observed, observing } from '../monitor/observing.ts';
import {
  app,
  appBetween,
  core,
  hostReading,
  NEVER_RAN,
  NOW,
  processReading,
  reading,
  worker,
} from '../rates/builders.ts';
import { router, subscription } from '../rates/routers.ts';
import { asBytes, capture, meant, NAMES, type Sent } from '../stats/captures.ts';
import { LOOKED_AT, makeScene, plain, secondSample, VIEW } from './samples.ts';

/** Values around every change of the format of a number. */
const WHOLE_NUMBERS = [
  0, 1, 9, 99, 100, 999, 1000, 9999, 12_345, 99_949, 99_999, 999_999, 9_999_999, 1e7, 123_456_789, 1e9, 1e12,
  1e15,
];

/** Columns whose numbers are identifiers or times, which have limits. */
const NAMES_OF = /^(core|pid|startup)$|^last|^first|^since$/;

/** A captured server with all numbers changed. */
function withNumbers(name: string, change: (number: number) => number): Sample {
  const changed = (value: unknown): unknown => {
    if (typeof value === 'number') return change(value);
    if (Array.isArray(value)) return value.map(changed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, changed(each)]));
  };
  const document = JSON.stringify(changed(asBytes(meant(capture(name, 1)))));
  return sampleOf('x', { snapshot: decode(Buffer.from(document)), time: LOOKED_AT, clock: 1 }, null);
}

function viewNamed(name: string) {
  const view = Object.values(VIEWS)
    .flat()
    .find((each) => each.name === name);
  if (!view) throw new Error(name);
  return view;
}

/** The rows of a view, by column name. */
function rowsOf(sample: Sample, name: string, choice: Partial<ViewState> = {}) {
  return rowsOfAll(observed(sample), name, choice);
}

/** The same for an observation. */
function rowsOfAll(known: Observed, name: string, choice: Partial<ViewState> = {}) {
  const state = { ...VIEW, ...choice };
  const table = tableOf(viewNamed(name), known, state);
  const at = cellContext(known.sample, state);
  return table.rows.map((row) =>
    Object.fromEntries(table.columns.map((column) => [column.name, column.text(row, at).trim()])),
  );
}

/** A captured server with some lists replaced. */
function serverWith(lists: Sent, before: Sent | null = null): AppSample {
  const reading = (own: Sent, clock: number) => {
    const document = { ...meant(capture('prefork', 1)), ...own };
    return { snapshot: decode(Buffer.from(JSON.stringify(document))), time: LOOKED_AT, clock };
  };
  const sample = sampleOf('x', reading(lists, 102), before && reading(before, 100));
  if (sample.kind !== 'app') throw new Error(sample.kind);
  return sample;
}

describe.each(['full', 'legion', 'mounts', 'emperor', 'http-router', 'http-router-to'])(
  'the views of %s',
  (name) => {
    it('cut no number, even if it is long', () => {
      for (const number of WHOLE_NUMBERS) {
        const sample = withNumbers(name, () => number);
        for (const view of VIEWS[sample.kind]) {
          const { rows, columns } = tableOf(view, observed(sample), VIEW);
          for (const column of columns.filter(
            ({ align, name }) => align === 'right' && !NAMES_OF.test(name),
          )) {
            for (const row of rows) {
              const text = column.text(row, cellContext(sample, VIEW));
              expect([view.name, column.name, text, width(text) <= column.width]).toEqual([
                view.name,
                column.name,
                text,
                true,
              ]);
            }
          }
        }
      }
    });
  },
);

describe.each(NAMES)('every view of %s', (name) => {
  const sample = secondSample(name);

  it('has a row if its tab is not dim, and otherwise an explanation', () => {
    for (const view of VIEWS[sample.kind].filter(({ columns }) => columns.length > 0)) {
      expect([view.name, tableOf(view, observed(sample), VIEW).rows.length > 0]).toEqual([
        view.name,
        view.has(observed(sample)),
      ]);
      const shown = plain(
        screen(makeScene(sample, { view: { tab: view.name } }), { columns: 200, rows: 30 }),
      );
      expect(shown.includes(view.empty)).toBe(!view.has(observed(sample)));
    }
  });

  it('has unique and stable ids', () => {
    for (const view of VIEWS[sample.kind]) {
      const table = tableOf(view, observed(sample), VIEW);
      const ids = table.rows.map((row) => table.id(row));
      expect([view.name, new Set(ids).size]).toEqual([view.name, ids.length]);
    }
  });
});

describe('requests', () => {
  it('are those in flight, oldest first, with their variables', () => {
    const rows = rowsOf(secondSample('full'), 'requests');
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatchObject({
      age: '1m03s',
      core: '1:0',
      status: 'busy',
      method: 'GET',
      uri: '/slow/4?order=2',
      host: 'shop.example.com',
      client: '127.0.0.1',
    });
  });

  it('show no secrets', () => {
    const sample = secondSample('threads');
    const all = JSON.stringify(rowsOf(sample, 'requests'));
    expect(all).not.toMatch(/deadbeef|s3cr3t/);
  });
});

describe('applications', () => {
  const worker = (id: number, requests: number, exceptions: number) => ({
    id,
    pid: 100 + id,
    requests,
    respawn_count: 1,
    apps: [
      { id: 0, mountpoint: '', startup_time: id, requests, exceptions, chdir: '/srv/a' },
      { id: 1, mountpoint: '/b', startup_time: 9, requests: 5, exceptions: 0, chdir: '/srv/b' },
    ],
  });
  const sample = serverWith(
    { workers: [worker(1, 30, 1), worker(2, 50, 0)] },
    { workers: [worker(1, 10, 1), worker(2, 20, 0)] },
  );

  it('are summed over the workers', () => {
    expect(rowsOf(sample, 'apps')).toEqual([
      {
        app: '(default)',
        workers: '2',
        requests: '80',
        rps: '25.0',
        exceptions: '1',
        startup: '2.0s',
        chdir: '/srv/a',
      },
      {
        app: '/b',
        workers: '2',
        requests: '10',
        rps: '0.0',
        exceptions: '0',
        startup: '9.0s',
        chdir: '/srv/b',
      },
    ]);
  });

  it('are above their workers if cores are shown', () => {
    const rows = rowsOf(sample, 'apps', { cores: 'tree' });
    expect(rows.map(({ app, rps }) => [app, rps])).toEqual([
      ['(default)', '25.0'],
      ['worker 2', '15.0'],
      ['worker 1', '10.0'],
      ['/b', '0.0'],
      ['worker 1', '0.0'],
      ['worker 2', '0.0'],
    ]);
  });
});

describe('caches', () => {
  const cache = (hits: number, miss: number, full: number) => ({
    name: 'pages',
    items: 45,
    max_items: 50,
    hits,
    miss,
    full,
    blocks: 50,
    blocksize: 65536,
  });

  it('have hit rates of the interval and in total, and their fill level', () => {
    const sample = serverWith({ caches: [cache(190, 110, 3)] }, { caches: [cache(100, 100, 1)] });
    expect(rowsOf(sample, 'caches')[0]).toMatchObject({
      cache: 'pages',
      hitRatio: '90.0',
      hitRatioEver: '63.3',
      readRate: '50.0',
      fill: '90.0',
      full: '3',
      blockSize: '64.0K',
    });
  });

  it('have no hit rate without reads', () => {
    const still = { caches: [cache(0, 0, 0)] };
    expect(rowsOf(serverWith(still, still), 'caches')[0]).toMatchObject({
      hitRatio: '-',
      hitRatioEver: '-',
      readRate: '0.0',
    });
  });
});

describe('metrics', () => {
  it('have a rate if they are counters', () => {
    const metrics = (value: number) => ({
      'my.counter': { type: 0, oid: '1', value },
      'my.gauge': { type: 1, oid: '2', value: -value },
    });
    const sample = serverWith({ metrics: metrics(50) }, { metrics: metrics(20) });
    expect(rowsOf(sample, 'metrics')).toEqual([
      { metric: 'my.counter', type: 'counter', value: '50', rate: '15.0', oid: '1' },
      { metric: 'my.gauge', type: 'gauge', value: '-50', rate: '-', oid: '2' },
    ]);
  });
});

describe('the nodes of a router', () => {
  const document = readFileSync(new URL('../../fixtures/cases/router.json', import.meta.url));
  const sample = sampleOf('x', { snapshot: decode(document), time: LOOKED_AT, clock: 1 }, null);

  it('are shown with the values of their key, and keys without nodes have a row', () => {
    const rows = rowsOf(sample, 'nodes');
    const names = ['key', 'node', 'hits', 'sni', 'cores', 'nodeLoad', 'lastRequests', 'modifiers'];
    expect(rows.map((row) => names.map((name) => row[name]))).toEqual([
      ['sub.example.test', '10.0.0.1:44727', '1,242,204', 'no', '8', '0', '70', '0:0'],
      ['sub.example.test', '10.0.0.2:44727', '1,242,204', 'no', '8', '0', '70', '0:0'],
      ['sub.example.test', '10.0.0.3:44727', '1,242,204', 'no', '8', '2', '70', '0:0'],
      ['empty.example.test', '-', '5', 'yes', '-', '-', '-', '-'],
    ]);
  });

  it('are shown if no key has any', () => {
    const empty = sampleOf('x', { ...reading(router({ subscriptions: [subscription('a', 5, [])] })) }, null);
    expect(viewNamed('nodes').has(observed(empty))).toBe(true);
    expect(rowsOf(empty, 'nodes')).toMatchObject([{ key: 'a', node: '-', hits: '5', requests: '-' }]);
  });
});

it('a server of CGI or PHP lists no application, and the text does not claim that none is loaded', () => {
  const sample = serverWith({ workers: [{ id: 1, pid: 9, requests: 2, status: 'idle', apps: [] }] });
  const text = plain(screen(makeScene(sample, { view: { tab: 'apps' } }), { columns: 80, rows: 24 }));
  expect(text).toMatch(/uWSGI lists no application. PHP, CGI and static files need none./);
});

describe('jobs', () => {
  it('are spoolers, crons, daemons and signal queues; stopped jobs first, then waiting signals, running and waiting jobs', () => {
    const sample = serverWith({
      signal_queue: 3,
      spoolers: [{ dir: '/srv/spool', pid: 11, tasks: 7, respawns: 1, running: 1 }],
      crons: [
        {
          minute: 0,
          hour: 3,
          day: -1,
          month: -1,
          week: -1,
          command: 'backup --password x',
          pid: 0,
          started_at: 0,
        },
      ],
      daemons: [{ cmd: 'redis-server', pid: 0, respawns: 0 }],
    });
    expect(
      rowsOf(sample, 'jobs').map(({ kind, what, state, waiting, took, schedule }) => [
        kind,
        what,
        state,
        waiting,
        took,
        schedule,
      ]),
    ).toEqual([
      ['daemon', 'redis-server', 'stopped', '-', '-', '-'],
      ['signals', 'of the master', '-', '3', '-', '-'],
      ['spooler', '/srv/spool', 'running', '-', '7', '-'],
      ['cron', 'backup --password ***', 'waiting', '-', '-', 'daily at 03:00'],
    ]);
  });
});

it('jobs on this host contain host values, and children that the document does not list', () => {
  const snapshot = app([worker({ pid: 101 })], {
    daemons: [{ command: 'redis', pid: 7, respawns: null }],
  });
  const at = (second: number, mule: number) => {
    const children = [
      { ...processReading({ pid: 7, started: NOW - 90, cpu: 0.25 }), command: 'redis' },
      { ...processReading({ pid: mule, started: NOW - 60 }), command: 'uWSGI mule 1' },
      { ...processReading({ pid: 9, started: NOW - 60 }), command: null },
    ];
    const host = hostReading([], { children: new Map(children.map((each) => [each.pid, each])) });
    return { ...reading(snapshot, second), host };
  };
  const rows = rowsOfAll(observing('x', [at(0, 8), at(1, 18)]), 'jobs');
  const names = ['kind', 'pid', 'age', 'cpu', 'rss', 'restarts', 'what'];
  expect(rows.map((row) => names.map((name) => row[name]))).toEqual([
    ['child', '9', '1m01s', '50%', '4.0K', '0', 'child of the master'],
    ['daemon', '7', '1m31s', '25%', '4.0K', '0', 'redis'],
    ['mule', '18', '1m01s', '50%', '4.0K', '1', 'uWSGI mule 1'],
  ]);
});

it('seven crons of one program are distinguishable in 80 columns', () => {
  const names = ['mails', 'reports', 'cleanup', 'imports', 'exports', 'rates', 'index'];
  const crons = names.map((name, minute) => ({
    ...{ minute, hour: -1, day: -1, month: -1, week: -1, pid: 0, started_at: 0 },
    command: `./manage.py run_${name} --settings=shop.production`,
  }));
  const scene = makeScene(serverWith({ crons }), { view: { tab: 'jobs' } });
  const text = plain(screen(scene, { columns: 80, rows: 24 }));
  for (const name of names) expect(text).toContain(`run_${name}`);
});

it('crons with the same command and time are separate rows', () => {
  const cron = (hour: number) => ({
    minute: 0,
    hour,
    day: -1,
    month: -1,
    week: -1,
    command: 'backup',
    pid: 0,
  });
  const table = tableOf(
    viewNamed('jobs'),
    observed(serverWith({ crons: [cron(3), cron(4), cron(4)] })),
    VIEW,
  );
  expect(new Set(table.rows.map((row) => table.id(row))).size).toBe(3);
});

it('cheap workers and their cores are last in any order', () => {
  const cheap = 40;
  const sample = appBetween(
    null,
    app([
      ...Array.from({ length: cheap }, (_, at) =>
        at % 2 ? NEVER_RAN : worker({ status: 'cheap', pid: null, requests: 1e6 }),
      ),
      worker({ requests: 0, rss: null, cores: [core({ inRequest: true })] }),
      worker({ requests: null, status: 'busy' }),
    ]),
  );
  for (const name of ['workers', 'cores']) {
    const view = viewNamed(name);
    for (const { name: column } of view.columns)
      for (const descending of [false, true])
        for (const cores of CORE_MODES) {
          const { rows, id } = tableOf(view, observed(sample), {
            ...VIEW,
            cores,
            sort: { column, descending },
          });
          const workers = rows.map((row) => Number.parseInt(id(row), 10));
          const firstCheap = workers.findIndex((worker) => worker <= cheap);
          expect([column, workers.slice(firstCheap).filter((worker) => worker > cheap)]).toEqual([
            column,
            [],
          ]);
          expect(firstCheap).toBeGreaterThan(0);
        }
  }
});

describe('locks and legions', () => {
  it('are shown with their holders and lords', () => {
    const sample = serverWith({
      locks: [{ 'user 0': 0 }, { signal: 4711 }],
      legions: [
        {
          legion: 'blue',
          addr: '10.0.0.1:4242',
          valor: 98,
          quorum: 2,
          i_am_the_lord: 1,
          lord_uuid: 'u-1',
          nodes: ['10.0.0.2:4242'],
          members: [{ name: 'web2', uuid: 'u-2', valor: 50, last_seen: LOOKED_AT - 4 }],
        },
      ],
    });
    const rows = rowsOf(sample, 'locks');
    expect(rows.map(({ kind, name, state, pid, valor }) => [kind, name, state, pid, valor])).toEqual([
      ['lock', 'signal', 'held', '4711', '-'],
      ['legion', 'blue', 'lord', '-', '98'],
      ['member', 'web2', '-', '-', '50'],
      ['lock', 'user 0', 'free', '-', '-'],
    ]);
    expect(rows[1]?.address).toBe('10.0.0.1:4242 10.0.0.2:4242');
  });
});
