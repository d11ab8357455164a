import { describe, expect, it } from 'vitest';
import type { Finding, Severity } from '../../src/rates/finding.ts';
import { NO_MASK } from '../../src/text/secrets.ts';
import { ASCII } from '../../src/views/glyphs.ts';
import { verdictLine } from '../../src/views/verdict.ts';
import { app, appBetween, core, NEVER_RAN, NOW, socket, worker } from '../rates/builders.ts';
import { firstSample, LOOKED_AT, makeScene, secondSample, textOf } from './samples.ts';

type Given = Parameters<typeof makeScene>;

const lineOf = (columns: number, ...given: Given) => verdictLine(makeScene(...given), columns, true);
const textAt = (columns: number, ...given: Given) => textOf(lineOf(columns, ...given));

function findingOf(text: string, severity: Severity = 'warning'): Finding {
  return { rule: text, subject: '', severity, since: 0, text, advice: '', about: null };
}

const idle = secondSample('idle');

const LOST = {
  state: 'lost',
  since: LOOKED_AT - 18,
  why: 'connection refused',
  advice: '',
  retryAt: LOOKED_AT + 4,
} as const;

describe('without a finding', () => {
  it('is ok, in green, with the time on the right', () => {
    expect(textAt(80, idle)).toBe(`✓ ok${' '.repeat(68)}08:17:20`);
    expect(lineOf(80, idle).spans[0]).toEqual({ text: '✓ ok', role: 'good' });
    expect(textAt(80, idle, { findings: [findingOf('a hint', 'hint')] })).toBe(textAt(80, idle));
  });

  it('says that one reading shows little', () => {
    expect(textAt(80, firstSample('idle'))).toMatch(/^✓ ok in this one reading +\d/);
  });

  it('names the oldest request in flight once it is long', () => {
    const inFlight = (age: number) => {
      const of = (start: number) =>
        app([worker({ cores: [core({ inRequest: true, requestStart: start })] })]);
      return appBetween(of(NOW), of(NOW + 2 - age));
    };
    expect(textAt(80, inFlight(1))).toMatch(/^✓ ok +\d/);
    expect(textAt(80, inFlight(2))).toMatch(/^✓ ok, oldest request 2s on 1:0 +\d/);
    expect(
      textAt(80, inFlight(12), { view: { thresholds: { longRequest: 20, tooLongRequest: 30 } } }),
    ).toMatch(/^✓ ok +\d/);
  });

  it('is written in ASCII if nothing else is wanted', () => {
    expect(textAt(80, idle, { view: { glyphs: ASCII } })).toMatch(/^\+ ok +\d/);
  });
});

it('is not ok while no worker runs', () => {
  const ended = worker({ pid: null });
  expect(textAt(80, appBetween(null, app([ended, ended])))).toMatch(
    /^! no worker is running: 2 workers down +\d/,
  );
  expect(textAt(80, appBetween(null, app([ended, worker()])))).toMatch(/^✓ ok/);
  expect(textAt(80, appBetween(null, app([NEVER_RAN])))).toMatch(/^✓ ok/);
});

describe('with findings', () => {
  it('is the first one, with its severity and the number of the others', () => {
    const findings = [findingOf('the queue is full', 'critical'), findingOf('b'), findingOf('c', 'hint')];
    const line = lineOf(80, idle, { findings });
    expect(textOf(line)).toMatch(/^✗ the queue is full +1 more \(!\) {2}08:17:20$/);
    expect(textOf(line)).toHaveLength(80);
    expect(line.spans[0]?.role).toBe('critical');
    expect(lineOf(80, idle, { findings: findings.slice(1) }).spans[0]).toEqual({
      text: '! b',
      role: 'warning',
    });
  });

  it('shows the number of the others at every width, however long the first one is', () => {
    const findings = ['a', 'b', 'c'].map((each) => findingOf(each.repeat(200)));
    const at = (columns: number) => textAt(columns, idle, { findings, view: { mask: NO_MASK } });
    for (const columns of [60, 80, 120])
      expect(at(columns)).toMatch(/^! a{20,}… {2}2 more \(!\) {2}08:17:20$/);
    expect(at(40)).toMatch(/^! a{20,}… {2}\+2 {2}08:17:20$/);
    expect(at(20)).toMatch(/^! a{10,}… {2}\+2$/);
    for (const columns of [20, 40, 60, 80, 120]) expect(at(columns)).toHaveLength(columns);
  });

  it('masks secrets', () => {
    const findings = [findingOf('a request runs: GET /?token=abcdefgh')];
    expect(textAt(80, idle, { findings })).toContain('/?token=***');
  });
});

describe('without a connection', () => {
  it('says for how long, why, and when the next try is', () => {
    expect(textAt(80, idle, { connection: LOST })).toMatch(
      /^✗ no data for 18s: connection refused, next try in 4s +08:17:20$/,
    );
    expect(textAt(80, null, { connection: { ...LOST, since: null } })).toBe(
      '✗ no data yet: connection refused, next try in 4s',
    );
    expect(textAt(80, idle, { connection: { ...LOST, retryAt: LOOKED_AT - 1 } })).toContain(
      'next try in <1s',
    );
    expect(lineOf(80, idle, { connection: LOST }).spans[0]?.role).toBe('critical');
  });

  it('precedes the findings, which are old', () => {
    const text = textAt(80, idle, { connection: LOST, findings: [findingOf('a'), findingOf('b')] });
    expect(text).not.toContain('more');
    expect(text).toMatch(/^✗ no data for/);
  });

  it('omits the time of day before it cuts the cause, and never cuts the next try', () => {
    const connection = { ...LOST, why: 'it accepted the connection but sent nothing' };
    expect(textAt(80, idle, { connection })).toBe(
      '✗ no data for 18s: it accepted the connection but sent nothing, next try in 4s',
    );
    expect(textAt(60, idle, { connection })).toMatch(/^✗ no data for 18s: it acc.*…, next try in 4s$/);
    const late = { ...connection, retryAt: LOOKED_AT + 725 };
    expect(textAt(20, idle, { connection: late })).toBe('✗ , next try in 12m…');
  });
});

it('says that a server has no workers, and what to do', () => {
  const none = appBetween(null, app([]));
  const line = lineOf(80, none);
  expect(textOf(line)).toBe('! no workers: for an emperor, set emperor-stats = ADDRESS to see its vassals');
  expect(line.spans[0]?.role).toBe('warning');
  expect(textAt(100, appBetween(null, app([], { sockets: [socket({})] })))).toMatch(
    /^! no workers: the server has sockets but no worker to serve requests +\d/,
  );
});

it('says when a saved document was written, and what is not certain about the time', () => {
  const sample = { ...appBetween(null, app([worker()])), saved: true };
  expect(textAt(80, sample)).toMatch(/ saved 2026-11-22 \d\d:\d\d:\d\d$/);
  expect(textAt(80, { ...sample, timeIsExact: false })).toMatch(/ saved \S+ \S+ or later$/);
  expect(textAt(40, { ...sample, timeIsExact: false })).toMatch(/ saved$/);
  const empty = { ...appBetween(null, app([])), saved: true, timeIsExact: false };
  expect(textAt(200, empty)).toMatch(/ saved \S+ \S+ or earlier$/);
});
