import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oldestRequest, requestsInFlight } from '../../src/rates/in-flight.ts';
import { cells } from '../../src/text/clean.ts';
import { NO_MASK } from '../../src/text/secrets.ts';
import { flow, type Item } from '../../src/views/flow.ts';
import { ASCII } from '../../src/views/glyphs.ts';
import { header } from '../../src/views/header.ts';
import {
  app,
  appBetween,
  core,
  hostReading,
  NEVER_RAN,
  processReading,
  SERVER,
  worker,
} from '../rates/builders.ts';
import { NAMES } from '../stats/captures.ts';
import { anyText } from '../text/strings.ts';
import { firstSample, LOOKED_AT, lookedAt, makeScene, secondSample, textOf } from './samples.ts';

const WIDTHS = [20, 40, 80, 120, 200];

describe('facts on a line', () => {
  const item: fc.Arbitrary<Item> = fc.record(
    {
      label: fc.constantFrom('RPS', 'LISTENS', 'VASSALS'),
      text: anyText,
      importance: fc.integer({ min: 1, max: 9 }),
      right: fc.boolean(),
      spans: fc.constant([{ text: '■■□', role: 'busy' as const }]),
    },
    { requiredKeys: ['text', 'importance'] },
  );

  it('fit into it, with any text', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 8 }), fc.integer({ min: 20, max: 200 }), (items, columns) => {
        const text = textOf(flow(items, columns, '…'));
        expect(cells(text).length).toBeLessThanOrEqual(columns);
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
      { numRuns: 1000 },
    );
  });

  it('are removed by importance, and keep their order', () => {
    const items = [
      { label: 'A', text: '1', importance: 2 },
      { label: 'B', text: '2', importance: 3 },
      { label: 'C', text: '3', importance: 1, right: true },
    ];
    expect(textOf(flow(items, 20, '…'))).toBe('A 1  B 2         C 3');
    expect(textOf(flow(items, 12, '…'))).toBe('A 1      C 3');
    expect(textOf(flow(items, 7, '…'))).toBe('    C 3');
  });
});

describe.each(NAMES)('the header of %s', (name) => {
  it('fits every width, with the given number of lines', () => {
    for (const sample of [firstSample(name), secondSample(name)]) {
      for (const columns of WIDTHS) {
        for (const rows of [3, 4, 5]) {
          const lines = header(makeScene(sample), columns, rows);
          expect(lines).toHaveLength(rows);
          const tooLong = lines.map(textOf).filter((line) => cells(line).length > columns);
          expect(tooLong).toEqual([]);
        }
      }
    }
  });

  it('contains the target and the time if there is room for them', () => {
    const time = new Date(lookedAt(name) * 1000).toISOString().slice(11, 19);
    for (const columns of WIDTHS.slice(1)) {
      const [title] = header(makeScene(secondSample(name)), columns, 5).map(textOf);
      expect(title).toContain(time);
      expect(title).toContain('/srv/app/uwsgi.status');
    }
  });
});

/** The header at a width with room for everything, as one text. */
function headerOf(...given: Parameters<typeof makeScene>): string {
  return header(makeScene(...given), 200, 5)
    .map(textOf)
    .join('\n');
}

describe('the totals', () => {
  const BUSY = worker({ status: 'busy', cores: [core({ inRequest: true })] });

  it('show unknown values as a dash and zero as zero', () => {
    const first = headerOf(firstSample('threads'));
    expect(first).toMatch(/^RPS +- +RESP +- +QUEUE 0\/100 *$/m);
    expect(first).toMatch(/ TX - +RSS - *$/m);
    expect(first).toMatch(/ REQ 60 /);
    // Without --memory-report, cores or TCP sockets the document does not contain these values.
    const nocores = app([worker({ cores: [] })], { sockets: [] });
    const text = headerOf(appBetween(nocores, nocores));
    expect(text).toMatch(/QUEUE -/);
    expect(text).not.toMatch(/CORES 0\/0/);
  });

  it('have one cell of the bar for every worker, and a word for every status', () => {
    const sample = appBetween(null, app([BUSY, worker(), worker({ status: 'sig3' }), NEVER_RAN]));
    expect(headerOf(sample)).toContain('WORKERS 4 ■□·!  1 busy 1 idle 1 cheap 1 other');
    const ascii = header(makeScene(sample, { view: { glyphs: ASCII } }), 120, 5)
      .map(textOf)
      .join('\n');
    expect(ascii).toContain('WORKERS 4 #-.!');
    expect(ascii).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it('have a bar that fits the line and contains every status', () => {
    for (const count of [20, 21, 100, 1000]) {
      const workers = [
        BUSY,
        worker({ status: 'pause' }),
        ...Array.from({ length: count - 2 }, () => worker()),
      ];
      const sample = appBetween(null, app(workers));
      for (const columns of WIDTHS) {
        for (const line of header(makeScene(sample), columns, 5)) {
          expect(cells(textOf(line)).length).toBeLessThanOrEqual(columns);
        }
      }
      expect(headerOf(sample)).toMatch(new RegExp(`WORKERS ${count} ■□{15,20}=`));
    }
  });

  it('keep CPU and RSS in 80 columns, for any number of cheap workers', () => {
    const running = Array.from({ length: 2 }, () => worker({ pid: 101, tx: 1e9 }));
    for (const count of [40, 400, 4000]) {
      const cheap = Array.from({ length: count }, () => NEVER_RAN);
      const before = app([...running, ...cheap]);
      const after = app([...running.map((each) => ({ ...each, tx: 1e10 })), ...cheap]);
      const known = appBetween(before, after);
      const sample = { ...known, host: hostReading([processReading({ cpu: 1.25 })]) };
      const [, , line = ''] = header(makeScene(sample), 80, 5).map(textOf);
      expect(line).toMatch(/ 2 idle \d+ cheap .* CPU 125% {2}RSS 128M/);
    }
  });

  it('show the change of a counter only if there is one', () => {
    const before = app([worker({ exceptions: 3 })]);
    expect(headerOf(appBetween(before, app([worker({ exceptions: 5 })])))).toContain('EXC 5 +2');
    expect(headerOf(appBetween(before, before))).toMatch(/EXC 3 {2,}HARAKIRI 0/);
  });
});

describe('the message line', () => {
  const sample = secondSample('threads');
  const lost = {
    state: 'lost',
    since: LOOKED_AT - 18,
    why: 'connection refused',
    advice: '',
    retryAt: LOOKED_AT + 4,
  } as const;
  const lastLine = (...given: Parameters<typeof makeScene>) =>
    header(makeScene(...given), 80, 5)
      .map(textOf)
      .at(-1);

  it('shows a lost connection: since when, why, and when the next try is', () => {
    expect(lastLine(sample, { connection: lost })).toBe(
      '✗ no data for 18s: connection refused · next try in 4s',
    );
    expect(lastLine(null, { connection: { ...lost, since: null } })).toContain(
      'no data yet: connection refused',
    );
    expect(lastLine(sample, { connection: { ...lost, retryAt: LOOKED_AT - 1 } })).toContain(
      'next try in <1s',
    );
  });

  it('is not dimmed with the stale header', () => {
    const lines = header(makeScene(sample, { connection: lost }), 80, 5);
    expect(lines.map(({ stale }) => stale ?? false)).toEqual([false, true, true, true, false]);
  });

  it('shows a frozen screen, a reset, and the wait for the first document', () => {
    expect(lastLine(sample, { view: { frozenAt: LOOKED_AT - 7 } })).toBe(
      'frozen at 08:17:13 · Space goes on',
    );
    expect(lastLine(sample, { resetAt: LOOKED_AT - 2 })).toContain('counters began anew at 08:17:18');
    expect(lastLine(sample, { resetAt: LOOKED_AT - 60 })).not.toContain('counters');
    expect(lastLine(null)).toBe('connecting to /srv/app/uwsgi.status…');
  });

  it('fits every width, for any text of the server', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.constantFrom(...WIDTHS), (why, target, columns) => {
        const connection = { ...lost, why };
        for (const scene of [makeScene(sample, { connection, target }), makeScene(null, { target })]) {
          for (const line of header(scene, columns, 5)) {
            expect(cells(textOf(line)).length).toBeLessThanOrEqual(columns);
            expect(textOf(line)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          }
        }
      }),
    );
  });
});

it('the header contains the full version of the server', () => {
  for (const version of ['2.0.21-debian', '2.1-dev', '2.0.28']) {
    const snapshot = { ...app([worker()]), server: { ...SERVER, version } };
    expect(headerOf(appBetween(null, snapshot))).toContain(` uWSGI ${version} `);
  }
});

it('the header contains the time of a saved document, with its uncertainty', () => {
  const sample = { ...appBetween(null, app([worker()])), saved: true };
  expect(headerOf(sample)).toMatch(/ saved 2026-11-22 \d\d:\d\d:\d\d$/m);
  expect(headerOf({ ...sample, timeIsExact: false })).toMatch(/ saved \S+ \S+ or later$/m);
  const empty = { ...appBetween(null, app([])), saved: true, timeIsExact: false };
  expect(headerOf(empty)).toMatch(/ saved \S+ \S+ or earlier$/m);
});

it('the header contains the number of further findings, even if the first one is long', () => {
  const finding = {
    rule: 'stuck',
    subject: '',
    severity: 'critical',
    since: 0,
    advice: '',
    about: null,
  } as const;
  const findings = ['a', 'b', 'c'].map((each) => ({ ...finding, text: each.repeat(200) }));
  const threads = makeScene(secondSample('threads'), { findings, view: { mask: NO_MASK } });
  for (const columns of [40, 80, 120])
    expect(textOf(header(threads, columns, 5).at(-1) ?? { spans: [] })).toMatch(/^! a+… {2}\(2 more: !\)$/);
});

it('the header does not count a worker whose process has ended, nor its requests', () => {
  const busy = { status: 'busy', cores: [core({ inRequest: true, requestStart: 0 })] };
  const sample = appBetween(null, app([worker(busy), worker({ ...busy, pid: null })]));
  const text = header(makeScene(sample), 80, 5).map(textOf).join('\n');
  expect(text).toContain('1 busy 1 down');
  expect(text).toContain('CORES 1/1');
  expect(requestsInFlight(sample)).toHaveLength(1);
  expect(oldestRequest(appBetween(null, app([worker({ ...busy, pid: null })])))).toBeNull();
});
