import { describe, expect, it } from 'vitest';
import { Random } from '../../src/demo/random.ts';
import type { Observed } from '../../src/monitor/observation.ts';
import { observeDocument } from '../../src/monitor/observe.ts';
import type { AppSample } from '../../src/rates/sample.ts';
import type { Core, Worker } from '../../src/stats/snapshot.ts';
import type { ViewState } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { isDefaultOrder } from '../../src/views/view.ts';
import { cellContext, tableOf, VIEWS, viewOf } from '../../src/views/views.ts';
import { eventOf, observed } from '../monitor/observing.ts';
import {
  app,
  appBetween,
  core,
  hostReading,
  NOW,
  processReading,
  reading,
  socket,
  worker,
} from '../rates/builders.ts';
import { makeScene, plain, VIEW } from './samples.ts';
import { doing } from './updating.ts';

/** A core with a request that has run for `age` seconds when the second sample is read. */
function running(age: number, given: Partial<Core> = {}): Core {
  const vars = ['REQUEST_METHOD=GET', `REQUEST_URI=/for/${age}`];
  return core({ inRequest: true, requestStart: NOW + 2 - age, vars, ...given });
}

const websocket = (age: number) => {
  const socket = running(age);
  return { ...socket, vars: [...socket.vars, 'HTTP_UPGRADE=websocket'] };
};

const busy = (cores: Core[], given: Partial<Worker> = {}) =>
  worker({ status: 'busy', cores: cores.map((each, id) => ({ ...each, id })), ...given });

const cheap = () => worker({ status: 'cheap', pid: null });

/** The second of two samples, 2 s apart, in which each worker has served `requests` between them. */
function sampleWith(workers: readonly (Worker & { served?: number })[]): AppSample {
  const before = workers.map((each) => ({ ...each, requests: 10 }));
  return appBetween(
    app(before),
    app(workers.map(({ served = 0, ...each }) => ({ ...each, requests: 10 + served }))),
  );
}

const serving = (served: number, given: Partial<Worker> = {}) => ({ ...worker(given), served });

function cellsOf(sample: AppSample, tab: string, choice: Partial<ViewState> = {}) {
  const state = { ...VIEW, tab, ...choice };
  const table = tableOf(viewOf({ sample, view: state }), observed(sample), state);
  const at = cellContext(sample, state);
  return table.rows.map((row) => ({
    id: table.id(row),
    cells: Object.fromEntries(table.columns.map((column) => [column.name, column.text(row, at)])),
  }));
}

const idsOf = (sample: AppSample, tab = 'workers', choice: Partial<ViewState> = {}) =>
  cellsOf(sample, tab, choice).map(({ id }) => id);

describe('the default order of the workers', () => {
  it('is the oldest request, then busy cores, then RPS, then the worker id; cheap workers are last', () => {
    const sample = sampleWith([
      cheap(),
      serving(2),
      serving(8),
      busy([running(1), core()]),
      busy([running(1), running(1)]),
      busy([running(0), running(41)]),
      busy([running(12), running(12)]),
      serving(8),
      serving(0),
    ]);
    expect(idsOf(sample)).toEqual(['6', '7', '5', '4', '3', '8', '2', '9', '1']);
  });

  it('ignores intentionally long requests', () => {
    const sample = sampleWith([
      busy([websocket(9000)]),
      busy([running(3)]),
      busy([websocket(9000), running(5)]),
      serving(4),
    ]);
    const rows = cellsOf(sample, 'workers');
    expect(rows.map(({ id }) => id)).toEqual(['3', '2', '1', '4']);
    expect(rows.map(({ cells }) => [cells.oldest, cells.request])).toEqual([
      ['5s', 'GET /for/5'],
      ['3s', 'GET /for/3'],
      ['-', 'GET /for/9000'],
      ['-', '-'],
    ]);
  });

  it('shows no request of a process that has ended', () => {
    const sample = sampleWith([busy([running(60)], { pid: null }), busy([running(1)])]);
    expect(cellsOf(sample, 'workers').map(({ id, cells }) => [id, cells.oldest, cells.request])).toEqual([
      ['2', '1s', 'GET /for/1'],
      ['1', '-', '-'],
    ]);
  });

  it('does not change between two samples with the same values', () => {
    const workers = Array.from({ length: 64 }, (_, place) => serving(place % 3));
    expect(idsOf(sampleWith(workers))).toEqual(idsOf(sampleWith(workers.map((each) => ({ ...each })))));
    const equal = Array.from({ length: 64 }, () => serving(3));
    expect(idsOf(sampleWith(equal))).toEqual(equal.map((_, place) => String(place + 1)));
  });

  it('changes at most once in ten seconds while workers serve short requests at random', () => {
    const random = new Random(7);
    const served = Array.from({ length: 16 }, () => 0);
    const changes = { steady: 0, momentary: 0 };
    const before = { steady: '', momentary: '' };
    let known: Observed = observed(sampleWith([]));
    for (let second = 0; second < 60; second += 1) {
      const workers = served.map((requests, place) => {
        served[place] = requests + random.integer(0, 9);
        const isBusy = random.chance(0.3);
        const cores = [isBusy ? running(0, { requestStart: NOW + second }) : core()];
        return worker({ status: isBusy ? 'busy' : 'idle', requests, runningTime: requests / 50, cores });
      });
      known = observeDocument(known, eventOf(reading(app(workers), second)));
      const order = (sort: ViewState['sort']) => {
        const { rows, id } = tableOf(VIEWS.app[0], known, { ...VIEW, sort });
        return rows.map(id).join(' ');
      };
      const now = { steady: order(null), momentary: order({ column: 'rps', descending: true }) };
      // Without a full step of the history, the order is that of the moment.
      for (const each of ['steady', 'momentary'] as const)
        if (second > 12 && now[each] !== before[each]) changes[each] += 1;
      Object.assign(before, now);
    }
    expect(changes.steady).toBeLessThanOrEqual(5);
    expect(changes.momentary).toBeGreaterThan(30);
  });

  it('is the same for merged cores, and orders workers and their cores in the tree', () => {
    const sample = sampleWith([busy([core(), running(3)]), busy([running(1), running(9)])]);
    expect(idsOf(sample, 'workers', { cores: 'merged' })).toEqual(['2:1', '1:1', '2:0', '1:0']);
    expect(idsOf(sample, 'workers', { cores: 'tree' })).toEqual(['2', '2:1', '2:0', '1', '1:1', '1:0']);
  });
});

describe('the columns of the workers', () => {
  const sample = sampleWith([busy([running(41)]), serving(4)]);
  const headingOf = (columns: number, given: Partial<AppSample> = {}) =>
    plain(screen(makeScene({ ...sample, ...given }), { columns, rows: 24 }))
      .split('\n')
      .find((line) => line.includes('WID'))
      ?.trim()
      .split(/\s+/)
      .map((title) => title.replace('▼', ''));
  const AT_80 = ['WID', 'STATUS', 'BUSY', 'OLDEST', 'RPS', 'RESP', 'RSS', 'PID'];

  it('at 80 columns are those that tell what is wrong, and the request', () => {
    const host = hostReading([processReading()]);
    expect(headingOf(80, { host })).toEqual([...AT_80, 'CPU', 'REQUEST']);
    const withExceptions = [...AT_80.slice(0, -1), 'EXC', 'PID', 'CPU'];
    expect(headingOf(110, { host })).toEqual([...withExceptions, 'HC', '%', 'REQUEST']);
  });

  it('have no CPU if the kernel does not report it', () => {
    expect(headingOf(80)).toEqual([...AT_80, 'REQUEST']);
    expect(headingOf(110)).toEqual([...AT_80.slice(0, -1), 'EXC', 'PID', 'HC', '%', 'REQUEST']);
  });

  it('colour the age of the oldest request by the thresholds', () => {
    const roles = [NOW - 3600, NOW - 8, NOW, NOW + 1].map((requestStart) => {
      const live = makeScene(sampleWith([busy([running(0, { requestStart })])]));
      const line = screen(live, { columns: 80, rows: 24 }).lines.find(({ spans }) =>
        /^ +1$/.test(spans[0]?.text ?? ''),
      );
      return line?.spans[6]?.role;
    });
    expect(roles).toEqual(['critical', 'critical', 'warning', 'plain']);
  });
});

describe('the key o', () => {
  it('returns to the default order of the view', () => {
    const sample = sampleWith([serving(1), serving(9)]);
    const live = doing(makeScene(sample), { kind: 'sort', column: 'pid' });
    expect(isDefaultOrder(viewOf(live), live.view)).toBe(false);
    const back = doing(live, { kind: 'defaultOrder' });
    expect(back.view.sort).toBeNull();
    expect(isDefaultOrder(viewOf(back), back.view)).toBe(true);
  });

  it('is not needed after two reversals: the same column and direction is the default order', () => {
    const sort = { kind: 'sort', column: 'oldest' } as const;
    const sample = sampleWith([serving(1), serving(9)]);
    const live = makeScene(sample);
    expect(isDefaultOrder(viewOf(live), doing(live, sort).view)).toBe(false);
    const twice = doing(live, sort, sort);
    expect(isDefaultOrder(viewOf(live), twice.view)).toBe(true);
    expect(idsOf(sample, 'workers', twice.view)).toEqual(['2', '1']);
  });
});

describe('the default order of the other views', () => {
  it('of cores and requests has the oldest request first and intentionally long ones after the others', () => {
    const sample = sampleWith([busy([websocket(9000), running(2), core()]), busy([running(7), core()])]);
    expect(idsOf(sample, 'cores')).toEqual(['2:0', '1:1', '1:0', '1:2', '2:1']);
    expect(cellsOf(sample, 'requests').map(({ cells }) => cells.core)).toEqual(['2:0', '1:1', '1:0']);
  });

  it('of sockets has the fullest queue first', () => {
    const sockets = [
      socket({ name: ':80', queue: 60, maxQueue: 1000 }),
      socket({ name: ':81', queue: 50, maxQueue: 50 }),
      socket({ name: '/a.sock' }),
    ];
    const sample = appBetween(null, app([worker()], { sockets }));
    expect(cellsOf(sample, 'sockets').map(({ cells }) => cells.socket)).toEqual([':81', ':80', '/a.sock']);
  });

  it('has columns that the view has, and a description', () => {
    for (const { columns, sort, order, name } of Object.values(VIEWS).flat()) {
      if (columns.length === 0) continue;
      const steps = [sort, ...(sort.ties ?? [])].map(({ column }) => column);
      for (const step of steps.filter((each) => each !== ''))
        expect([name, columns.map((each) => each.name)]).toEqual([name, expect.arrayContaining([step])]);
      expect([name, order]).not.toEqual([name, '']);
    }
  });
});

describe('merged cores', () => {
  const sample = sampleWith([
    busy([running(9), core(), running(1)], { pid: 4711, exceptions: 3 }),
    busy([running(2), core()], { pid: 4712 }),
  ]);
  const linesOf = (choice: Partial<ViewState>) =>
    plain(screen(makeScene(sample, { view: { cores: 'merged', ...choice } }), { columns: 100, rows: 24 }))
      .split('\n')
      .filter((line) => /^ +\d:\d /.test(line))
      .map((line) => [line.trim().split(' ')[0], /471\d/.exec(line)?.[0] ?? null]);

  it('show the values of their worker once, if they follow each other', () => {
    expect(linesOf({ sort: { column: 'id', descending: false } })).toEqual([
      ['1:0', '4711'],
      ['1:1', null],
      ['1:2', null],
      ['2:0', '4712'],
      ['2:1', null],
    ]);
  });

  it('show them again after a core of another worker', () => {
    expect(linesOf({}).slice(0, 3)).toEqual([
      ['1:0', '4711'],
      ['2:0', '4712'],
      ['1:1', '4711'],
    ]);
  });

  it('keep them for filters and exporters', () => {
    const filtered = linesOf({ filter: 'pid=4711', sort: { column: 'id', descending: false } });
    expect(filtered.map(([id]) => id)).toEqual(['1:0', '1:1', '1:2']);
    const cells = cellsOf(sample, 'workers', { cores: 'merged' }).map(({ cells }) => cells.pid);
    expect(cells).not.toContain('');
  });
});
