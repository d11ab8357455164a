import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from '../../src/rates/history.ts';
import type { AppSample, Sample, Totals } from '../../src/rates/sample.ts';
import { cells } from '../../src/text/clean.ts';
import type { Role } from '../../src/views/frame.ts';
import { ASCII } from '../../src/views/glyphs.ts';
import { grid } from '../../src/views/grid.ts';
import { APP_LAYOUTS, EMPEROR_LAYOUTS, placesAt, ROUTER_LAYOUTS } from '../../src/views/grid-layouts.ts';
import { app, appBetween, hostReading, NEVER_RAN, processReading, worker } from '../rates/builders.ts';
import { historyOf } from './histories.ts';
import { firstSample, makeScene, secondSample, textOf } from './samples.ts';

const WIDTHS = [20, 28, 40, 60, 80, 100, 120, 160, 200];

interface Given {
  history?: History;
  rows?: number;
  view?: NonNullable<Parameters<typeof makeScene>[1]>['view'];
}

function gridOf(sample: Sample, columns: number, { history, rows = 2, view = {} }: Given = {}) {
  const scene = makeScene(sample, { ...(history ? { history } : {}), view });
  return grid({ ...scene, sample }, columns, rows);
}

const textAt = (columns: number, sample: Sample, given?: Given) =>
  gridOf(sample, columns, given).map(textOf).join('\n');

/** Each label with its line and column. */
function labels(sample: Sample, columns: number, given?: Given): string[] {
  return gridOf(sample, columns, given).flatMap(({ spans }, line) => {
    let at = 0;
    return spans.flatMap(({ text, role }) => {
      const start = at;
      at += cells(text).length;
      return role === 'label' ? [`${text} ${line}:${start}`] : [];
    });
  });
}

const NOTHING: Totals = {
  ...{ workers: 0, busy: 0, idle: 0, loading: 0, cheap: 0, paused: 0, down: 0, other: 0 },
  ...{ cores: null, coresBusy: null, coresLong: null, requests: null, requestsDelta: null, rps: null },
  ...{ runningTimeDelta: null, timedRequestsDelta: null, responseTime: null, exceptions: null },
  ...{ exceptionsDelta: null, harakiris: null, harakirisDelta: null, respawns: null, respawnsDelta: null },
  ...{ tx: null, txRate: null, queue: null, maxQueue: null, refusedDelta: null, uptime: null },
};

const BLANK = appBetween(null, app([]));

function withTotals(totals: Partial<Totals>, given: Partial<AppSample> = {}): AppSample {
  return { ...BLANK, ...given, totals: { ...NOTHING, ...totals } };
}

const MOST = Number.MAX_SAFE_INTEGER;

const HUGE = withTotals(
  {
    ...{ workers: 125_000, busy: 100_000, idle: 20_000, down: 5000 },
    ...{ rps: MOST, responseTime: MOST, cores: MOST, coresBusy: MOST, coresLong: MOST },
    ...{ queue: MOST, maxQueue: MOST, txRate: MOST },
  },
  {
    workers: appBetween(null, app([worker({ rss: MOST })])).workers,
    host: hostReading([processReading({ cpu: 12_345 })], {
      resources: { processors: 4, memory: MOST, available: MOST, load: 1e6 },
    }),
  },
);

const EVENTFUL = historyOf(
  Array.from({ length: 60 }, () => ({ exceptions: MOST / 60, harakiris: 123_456, respawns: 1e7 })),
);

const number: fc.Arbitrary<number | null> = fc.oneof(
  fc.constantFrom(0, 1, 9.995, 99.95, 999.5, 9999.5, MOST, null),
  fc.double({ min: 0, max: MOST, noNaN: true }),
  fc.double({ min: 0, max: 2000, noNaN: true }),
);
const whole: fc.Arbitrary<number | null> = fc.oneof(
  fc.constant(null),
  fc.nat(20_000),
  fc.integer({ min: 0, max: MOST }),
);
const totals: fc.Arbitrary<Partial<Totals>> = fc.record({
  ...{ workers: fc.nat(2e5), busy: fc.nat(1e5), idle: fc.nat(1e5), cheap: fc.nat(99), down: fc.nat(9) },
  ...{ rps: number, responseTime: number, txRate: number },
  ...{ cores: whole, coresBusy: whole, coresLong: whole, queue: whole, maxQueue: whole },
});
const history: fc.Arbitrary<History> = fc
  .array(fc.record({ exceptions: whole, harakiris: whole, respawns: whole }), { maxLength: 70 })
  .map(historyOf);

describe('the places', () => {
  it('are the same at each width, whatever the numbers are', () => {
    for (const columns of WIDTHS)
      for (const rows of [1, 2]) {
        const usual = labels(withTotals({}), columns, { rows });
        expect(labels(HUGE, columns, { rows, history: EVENTFUL })).toEqual(usual);
        expect(labels(firstSample('threads'), columns, { rows })).toEqual(usual);
        expect(labels(secondSample('cheaper'), columns, { rows })).toEqual(usual);
        fc.assert(
          fc.property(totals, history, (given, history) => {
            expect(labels(withTotals(given), columns, { rows, history })).toEqual(usual);
          }),
          { numRuns: 50 },
        );
      }
  });

  it('have room for each number, which is abbreviated instead of being cut', () => {
    for (const columns of WIDTHS)
      for (const rows of [1, 2]) {
        fc.assert(
          fc.property(
            fc.oneof(
              totals.map((each) => withTotals(each)),
              fc.constant(HUGE),
            ),
            history,
            (sample, history) => {
              for (const line of gridOf(sample, columns, { rows, history }))
                expect(textOf(line)).not.toContain('…');
            },
          ),
          { numRuns: 50 },
        );
        expect(textAt(columns, HUGE, { rows, history: EVENTFUL })).not.toContain('…');
      }
  });

  it('do not overlap and do not exceed the line at any width', () => {
    const grids = [APP_LAYOUTS, EMPEROR_LAYOUTS, ROUTER_LAYOUTS];
    const labelWidth = 1;
    for (let columns = 20; columns <= 250; columns += 1)
      for (const { one, two } of grids)
        for (const layouts of [one, two]) {
          const ends = [0, 0];
          for (const { line, label, value, width, curve } of placesAt<unknown>(layouts, columns)) {
            expect(label).toBeGreaterThanOrEqual(ends[line] ?? 0);
            expect(value).toBeGreaterThan(label + labelWidth);
            const end = curve ? curve.at + curve.width : value + width;
            if (curve) expect(curve.at).toBeGreaterThan(value + width);
            expect(end).toBeLessThanOrEqual(columns);
            ends[line] = end + 1;
          }
        }
  });

  it('are those of all main numbers from 66 columns on, in two lines', () => {
    for (const columns of [66, 80, 100, 119]) {
      const names = labels(secondSample('threads'), columns).map((each) => each.replace(/ .*/, ''));
      expect(names).toEqual(['RPS', 'CORES', 'WORKERS', 'EXC', 'RESP', 'QUEUE', 'RSS', 'CPU', 'HARAKIRI']);
    }
  });

  it('are those of rates and queue on narrow screens', () => {
    expect(labels(HUGE, 28)).toEqual(['RPS 0:0', 'CORES 0:13', 'RESP 1:0', 'QUEUE 1:13']);
    expect(labels(HUGE, 20)).toEqual(['RPS 0:0', 'RESP 0:10', 'QUEUE 1:0']);
    expect(labels(HUGE, 40, { rows: 1 })).toEqual(['RPS 0:0', 'RESP 0:11', 'QUEUE 0:23']);
  });
});

describe('the numbers', () => {
  it('show unknown as a dash, and zero as zero', () => {
    const first = textAt(200, firstSample('threads'));
    for (const name of ['RPS', 'RESP', 'RSS', 'EXC', 'HARAKIRI', 'TX', 'CPU'])
      expect(first).toMatch(new RegExp(`${name} +-( |$)`, 'm'));
    expect(first).toContain('QUEUE 0/100');
    // Without memory-report, cores or TCP sockets the document does not contain these numbers.
    const nocores = app([worker({ cores: [] })], { sockets: [] });
    expect(textAt(80, appBetween(nocores, nocores))).toMatch(/CORES - .*\n.*QUEUE - /);
    expect(textAt(80, withTotals({ queue: 0, maxQueue: 50, rps: 0 }))).toMatch(
      /RPS +0\.0 .*\n.*QUEUE 0\/50 /,
    );
  });

  it('are abbreviated', () => {
    const text = textAt(80, HUGE, { history: EVENTFUL });
    expect(text).toContain('CORES 9.0P/9.0P');
    expect(text).toContain('WORKERS 125k');
    expect(text).toContain('RSS 8.0P  CPU 1.2M%');
    expect(text).toMatch(/HARAKIRI +7M\/min$/m);
    expect(textAt(80, withTotals({ queue: 4096, maxQueue: 4096 }))).toContain('QUEUE 4096/4096');
    expect(textAt(80, withTotals({ queue: 9, maxQueue: 65_535 }))).toContain('QUEUE 9/65535');
    expect(textAt(80, withTotals({ queue: 12_345, maxQueue: 65_535 }))).toContain('QUEUE 12k/66k');
  });

  it('contain a bar with a cell for each worker or in proportion, never without a state that occurs', () => {
    const states = [worker({ status: 'busy' }), worker(), worker({ status: 'sig3' }), NEVER_RAN];
    const sample = appBetween(null, app(states));
    expect(textAt(80, sample)).toContain('WORKERS 4   ■□·! ');
    expect(textAt(80, sample, { view: { glyphs: ASCII } })).toContain('WORKERS 4   #-.! ');
    for (const count of [8, 100, 1000]) {
      const many = [...states, ...Array.from({ length: count - 4 }, () => worker())];
      expect(textAt(80, appBetween(null, app(many)))).toMatch(/WORKERS \d+ *■□{4}·! EXC/);
      expect(textAt(160, appBetween(null, app(many)))).toMatch(/WORKERS \d+ *■□{5,}·! /);
    }
  });

  it('of events cover the last minute, and not the time before it', () => {
    const quiet = Array.from({ length: 60 }, () => ({}));
    const text = (given: object[]) => textAt(80, secondSample('threads'), { history: historyOf(given) });
    expect(text([{ exceptions: 9, harakiris: 9 }, ...quiet])).toMatch(/EXC +0\/min\n.* HARAKIRI +0\/min$/);
    expect(text([...quiet, { exceptions: 3, harakiris: 1 }])).toMatch(/EXC +3\/min\n.* HARAKIRI +1\/min$/);
  });
});

describe('the colours', () => {
  function roleOf(label: string, sample: Sample, history = historyOf([])): Role | undefined {
    const spans = gridOf(sample, 80, { history }).flatMap((line) => line.spans);
    const at = spans.findIndex(({ text }) => text === label);
    return spans.slice(at + 1).find(({ text }) => text.trim() !== '')?.role;
  }

  it.each<[string, Partial<Totals>, Role]>([
    ['RPS', { rps: 1e6 }, 'title'],
    ['RESP', { responseTime: 1000 }, 'title'],
    ['RESP', {}, 'dim'],
    ['CORES', { coresBusy: 3, cores: 4 }, 'title'],
    ['CORES', { coresBusy: 4, cores: 4 }, 'warning'],
    ['CORES', { coresBusy: 0, cores: 0 }, 'title'],
    ['QUEUE', { queue: 0, maxQueue: 0 }, 'title'],
    ['QUEUE', { queue: 49, maxQueue: 100 }, 'title'],
    ['QUEUE', { queue: 50, maxQueue: 100 }, 'warning'],
    ['QUEUE', { queue: 100, maxQueue: 100 }, 'critical'],
    ['QUEUE', { queue: 101, maxQueue: 100 }, 'critical'],
    ['QUEUE', { queue: 9, maxQueue: null }, 'title'],
  ])('of %s with %j is that of %s', (label, given, role) => {
    expect(roleOf(label, withTotals(given))).toBe(role);
  });

  it('of CPU is a warning from 90% of all processors on', () => {
    const using = (cpu: number) => withTotals({}, { host: hostReading([processReading({ cpu })]) });
    expect(roleOf('CPU', using(3.5))).toBe('title');
    expect(roleOf('CPU', using(3.6))).toBe('warning');
  });

  it('of events is a warning or worse only if there are some', () => {
    const events = (given: object) => historyOf([{}, {}, {}, given]);
    for (const label of ['EXC', 'HARAKIRI']) {
      expect(roleOf(label, BLANK, events({}))).toBe('title');
      expect(roleOf(label, BLANK)).toBe('dim');
    }
    expect(roleOf('EXC', BLANK, events({ exceptions: 1 }))).toBe('warning');
    expect(roleOf('HARAKIRI', BLANK, events({ harakiris: 1 }))).toBe('critical');
  });
});

describe('the curves', () => {
  const rising = historyOf(
    Array.from({ length: 60 }, (_, at) => ({ requests: at, runningTime: at * at, busy: at / 60, queue: at })),
  );
  const known = secondSample('queue');
  const curves = (columns: number) =>
    gridOf(known, columns, { history: rising }).map(({ spans }) =>
      spans.filter(({ role }) => role === 'curve').map(({ text }) => text.length),
    );

  it('are as long as the line allows, or absent', () => {
    const both = (length: number) => [
      [length, length],
      [length, length],
    ];
    expect(curves(80)).toEqual(both(6));
    expect(curves(100)).toEqual(both(16));
    expect(curves(120)).toEqual(both(17));
    expect(curves(200)).toEqual(both(44));
    expect(curves(75)).toEqual([[], []]);
  });

  it('belong to the number before them and end with the latest value', () => {
    const happened = {
      RPS: { requests: 9 },
      RESP: { runningTime: 9 },
      QUEUE: { queue: 9 },
      CORES: { busy: 1 },
    };
    // Each request takes a second, unless the test changes the response time.
    const quiet = { requests: 1, runningTime: 1 };
    for (const [label, given] of Object.entries(happened)) {
      const after = label === 'RPS' ? { ...given, runningTime: 9 } : given;
      const text = textAt(200, known, {
        history: historyOf([...Array(59).fill(quiet), { ...quiet, ...after }]),
      });
      const found = [...text.matchAll(/([A-Z]{2,}) +\S+ +[▁-▇]{9,}█/g)].map(([, before]) => before);
      expect(found).toEqual([label]);
    }
  });

  it('of CORES and QUEUE show a small part of the limit as small', () => {
    const at = (busy: number, queue: number) => {
      const maxQueue = known.kind === 'app' ? (known.totals.maxQueue ?? 0) : 0;
      const history = historyOf(Array(60).fill({ busy, queue: queue * maxQueue }));
      return textAt(80, known, { history }).match(/(?<=(CORES|QUEUE).*)([▁-█])\2{5}/g);
    };
    expect(at(1 / 16, 1 / 100)).toEqual(['▂', '▂'].map((cell) => cell.repeat(6)));
    expect(at(1 / 2, 1 / 8)).toEqual(['▅', '▅'].map((cell) => cell.repeat(6)));
    expect(at(1, 1)).toEqual(['█', '█'].map((cell) => cell.repeat(6)));
  });

  it('are blank if the value was never known', () => {
    const near = rising.near.map((point) => ({ ...point, queue: null }));
    expect(textAt(80, known, { history: { ...rising, near } })).toMatch(/QUEUE \S+ {5,}RSS/);
  });

  it('are of ASCII if nothing else is wanted', () => {
    const text = textAt(200, known, { history: rising, view: { glyphs: ASCII } });
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(text).toMatch(/^RPS +\S+ [.:=+*#-]{20,} /);
  });
});

describe('other kinds of servers', () => {
  it('have lines of their own: an emperor', () => {
    const sample = secondSample('emperor');
    expect(textAt(80, sample)).toMatch(
      /^VASSALS {2}\d+ +BLACKLIST \d+ +STATES {2}\d \w+(, \d \w+)* *\nTHROTTLE \S+ +TYRANT {4}\w+ +EMPEROR \S+/,
    );
    for (const columns of WIDTHS) expect(textAt(columns, sample)).toContain('BLACKLIST');
    expect(textAt(20, sample, { rows: 1 })).toMatch(/^BLACKLIST \d/);
  });

  it('have lines of their own: a router', () => {
    const sample = secondSample('routers');
    expect(textAt(80, sample)).toMatch(
      /^ROUTER \w+ +SESSIONS \d+ +LISTENS \S+.*\nCHEAP {2}\S+ +NODES {4}\d+ +CWD {5}\/\S+/,
    );
    for (const columns of WIDTHS) expect(textAt(columns, sample)).toContain('SESSIONS');
  });
});

it('reuses the grid of a sample until an input changes', () => {
  const sample = secondSample('threads');
  const scene = { ...makeScene(sample), sample };
  expect(grid(scene, 80, 2)).toBe(grid({ ...scene, now: scene.now + 1 }, 80, 2));
  expect(grid(scene, 80, 2)).not.toBe(grid({ ...scene, history: historyOf([{}]) }, 80, 2));
});
