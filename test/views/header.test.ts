import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oldestRequest, requestsInFlight } from '../../src/rates/in-flight.ts';
import { cells } from '../../src/text/clean.ts';
import { header } from '../../src/views/header.ts';
import { layout } from '../../src/views/layout.ts';
import { screen } from '../../src/views/screen.ts';
import { app, appBetween, core, SERVER, worker } from '../rates/builders.ts';
import { NAMES } from '../stats/captures.ts';
import { anyText } from '../text/strings.ts';
import { firstSample, LOOKED_AT, lookedAt, makeScene, plain, secondSample, textOf } from './samples.ts';

const WIDTHS = [20, 40, 80, 120, 200];
const FULL = 4;

const linesOf = (rows: number, ...given: Parameters<typeof makeScene>) =>
  header(makeScene(...given), 80, rows).map(textOf);

describe.each(NAMES)('the header of %s', (name) => {
  it('has the given number of lines, and fits every width', () => {
    for (const sample of [firstSample(name), secondSample(name)]) {
      for (const columns of WIDTHS) {
        for (const rows of [2, 3, 4, 5]) {
          const lines = header(makeScene(sample), columns, rows);
          expect(lines).toHaveLength(rows);
          const tooLong = lines.map(textOf).filter((line) => cells(line).length > columns);
          expect(tooLong).toEqual([]);
        }
      }
    }
  });

  it('shows the time and the target at every width that has room for them', () => {
    const time = new Date(lookedAt(name) * 1000).toISOString().slice(11, 19);
    for (const columns of WIDTHS.slice(1)) {
      const [verdict, title] = header(makeScene(secondSample(name)), columns, FULL).map(textOf);
      expect(verdict).toMatch(new RegExp(`${time}$`));
      expect(title).toMatch(/^\/srv\/app\/uwsgi.status .* 1s$/);
    }
  });
});

describe('the lines of a header', () => {
  const sample = secondSample('threads');

  it('are the verdict, the title and two lines of numbers; low screens omit the title, then the second line', () => {
    const starts = (rows: number) => linesOf(rows, sample).map((line) => line.trim().split(/\s/, 1).join());
    expect(starts(4)).toEqual(['✓', '/srv/app/uwsgi.status', 'RPS', 'RESP']);
    expect(starts(3)).toEqual(['✓', 'RPS', 'RESP']);
    expect(starts(2)).toEqual(['✓', 'RPS']);
    expect(linesOf(2, sample)[1]).toMatch(/^RPS +\S+ +RESP +\S+ +QUEUE +\S+ /);
  });

  it('number two on the smallest screens and four from 16 lines on', () => {
    const header = (rows: number) => layout({ columns: 80, rows }).header;
    expect([5, 11, 12, 15, 16, 50].map(header)).toEqual([2, 2, 3, 3, 4, 4]);
  });

  it('are dim if they are numbers of a lost connection', () => {
    const connection = {
      state: 'lost',
      since: LOOKED_AT - 18,
      why: 'connection refused',
      advice: '',
      retryAt: LOOKED_AT + 4,
    } as const;
    const lines = header(makeScene(sample, { connection }), 80, FULL);
    expect(lines.map(({ stale }) => stale ?? false)).toEqual([false, false, true, true]);
  });

  it('are blank before the first document, apart from the verdict and the title', () => {
    expect(linesOf(FULL, null)).toEqual([
      'connecting to /srv/app/uwsgi.status…',
      expect.stringMatching(/^\/srv\/app\/uwsgi.status {2}web1 +1s$/),
      '',
      '',
    ]);
  });
});

describe('a message', () => {
  const sample = secondSample('threads');
  const notice = { text: 'copied', role: 'good', at: LOOKED_AT - 1 } as const;

  it('replaces the title, and never the verdict, the interval or a number', () => {
    const usual = linesOf(FULL, sample);
    const lines = linesOf(FULL, sample, { notice });
    expect(lines[1]).toMatch(/^copied +1s$/);
    expect(lines.toSpliced(1, 1)).toEqual(usual.toSpliced(1, 1));
  });

  it('disappears after some seconds', () => {
    expect(linesOf(FULL, sample, { notice: { ...notice, at: LOOKED_AT - 5 } })).toEqual(
      linesOf(FULL, sample),
    );
    expect(linesOf(FULL, sample, { resetAt: LOOKED_AT - 60 })).toEqual(linesOf(FULL, sample));
  });

  it('says that the screen is frozen, or that the counters restarted', () => {
    expect(linesOf(FULL, sample, { view: { frozenAt: LOOKED_AT - 7 } })[1]).toMatch(
      /^frozen at 08:17:13, Space resumes +1s$/,
    );
    expect(linesOf(FULL, sample, { resetAt: LOOKED_AT - 2 })[1]).toMatch(
      /^counters restarted at 08:17:18: the server was reloaded or restarted +1s$/,
    );
  });

  it('replaces the last line of numbers for some seconds if there is no title', () => {
    for (const rows of [2, 3]) {
      const usual = linesOf(rows, sample);
      expect(linesOf(rows, sample, { notice })).toEqual([...usual.slice(0, -1), 'copied']);
    }
  });

  it('is masked at every height', () => {
    const notice = { text: 'copied token=hunter2', role: 'good', at: LOOKED_AT } as const;
    for (const rows of [2, 3, 4]) {
      const text = linesOf(rows, secondSample('idle'), { notice }).join('\n');
      expect(text).toContain('copied token=***');
    }
  });

  it('that the screen is frozen stands on the first line if there is no title', () => {
    const lines = linesOf(2, sample, { view: { frozenAt: LOOKED_AT - 7 } });
    expect(lines[0]).toMatch(/^✓ ok.* +frozen 08:17:13$/);
    expect(lines[1]).toBe(linesOf(2, sample)[1]);
  });
});

it('fits every width, whatever the server, the target and a notice contain', () => {
  const sample = secondSample('threads');
  fc.assert(
    fc.property(
      anyText,
      anyText,
      fc.constantFrom(...WIDTHS),
      fc.integer({ min: 2, max: 4 }),
      (why, target, columns, rows) => {
        const lost = { state: 'lost', since: LOOKED_AT - 18, why, advice: '', retryAt: LOOKED_AT } as const;
        const notice = { text: target, role: 'warning', at: LOOKED_AT } as const;
        const finding = {
          rule: 'x',
          subject: '',
          severity: 'warning',
          since: 0,
          advice: '',
          about: null,
        } as const;
        for (const live of [
          makeScene(sample, { connection: lost, target }),
          makeScene(sample, { notice, findings: [{ ...finding, text: why }] }),
          makeScene(null, { target }),
        ]) {
          for (const line of header(live, columns, rows)) {
            expect(cells(textOf(line)).length).toBeLessThanOrEqual(columns);
            expect(textOf(line)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          }
        }
      },
    ),
  );
});

it('shows the whole version of the server', () => {
  for (const version of ['2.0.21-debian', '2.1-dev', '2.0.28']) {
    const snapshot = { ...app([worker()]), server: { ...SERVER, version } };
    expect(linesOf(FULL, appBetween(null, snapshot))[1]).toContain(` uWSGI ${version} `);
  }
});

it('counts neither a worker whose process has ended, nor its requests', () => {
  const busy = { status: 'busy', cores: [core({ inRequest: true, requestStart: 0 })] };
  const sample = appBetween(null, app([worker(busy), worker({ ...busy, pid: null })]));
  const text = linesOf(FULL, sample).join('\n');
  expect(text).toMatch(/WORKERS 2 +■x /);
  expect(text).toContain('CORES 1/1');
  expect(requestsInFlight(sample)).toHaveLength(1);
  expect(oldestRequest(appBetween(null, app([worker({ ...busy, pid: null })])))).toBeNull();
});

it('is complete on the smallest screen', () => {
  const lines = plain(screen(makeScene(secondSample('idle')), { columns: 20, rows: 5 })).split('\n');
  expect(lines[0]).toMatch(/^✓ ok +08:17:20$/);
  expect(lines[1]).toMatch(/^RPS +[\d.]+ RESP +\S+$/);
});
