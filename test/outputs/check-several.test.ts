import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { fleetObservation } from '../../src/monitor/fleet.ts';
import { nothingObserved, type Observation } from '../../src/monitor/observation.ts';
import { CHECK_JSON, CHECK_JSON_LINE, failureJson, type Status, worstOf } from '../../src/outputs/check.ts';
import { checkLines, statusesOf } from '../../src/outputs/check-several.ts';
import { JSON_EXPORTER, JSON_LINE } from '../../src/outputs/json.ts';
import { serverLabels } from '../../src/outputs/performance.ts';
import type { Finding } from '../../src/rates/finding.ts';
import { createMask } from '../../src/text/secrets.ts';
import { observed } from '../monitor/observing.ts';
import { app, appBetween, between, NOW, worker } from '../rates/builders.ts';
import { EMPEROR } from '../rates/routers.ts';
import { fleetOf } from '../views/fleets.ts';
import { vassal } from '../views/rows.ts';

const mask = createMask();
const known = (target: string, ...findings: Finding[]) => ({
  ...observed(appBetween(app([worker()]), app([worker({ requests: 30 })])), { findings }),
  target,
});
const finding = (severity: Finding['severity'], text: string): Finding => ({
  rule: 'queue',
  subject: '',
  about: null,
  severity,
  since: NOW,
  text,
  advice: '',
});
const lost = (target: string, why = 'connection refused'): Observation => ({
  ...nothingObserved(target),
  connection: { state: 'lost', since: null, why, advice: 'Start it.', retryAt: NOW },
});
const OF_RECORDING = / ok \(at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\) \| /;
const linesOf = (servers: readonly Observation[], failed: Readonly<Record<string, Status>> = {}) =>
  checkLines(fleetObservation(fleetOf(...servers)), { mask, failed: new Map(Object.entries(failed)) }).split(
    '\n',
  );

/** `'label'=value[UOM];[warn];[crit];[min];[max]` of the Monitoring Plugins Development Guidelines. */
const DATA = /(?<=^| )(?:'([^'=|]+)'|([^'=| ]+))=-?[\d.]+(?:s|B|c)?(?:;[\d.]*){0,4}(?= |$)/g;

/** The labels of the performance data. All of the data must be in the format of monitors. */
function labelsOf([first = '', ...others]: readonly string[]): string[] {
  const parts = first.split('|');
  expect([parts.length, ...others.map((line) => line.split('|').length)]).toEqual([
    2,
    ...others.map(() => 1),
  ]);
  const data = parts[1]?.trim() ?? '';
  expect(data.replace(DATA, '').trim()).toBe('');
  return [...data.matchAll(DATA)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

it('the first line has the time of a recording, before the performance data', () => {
  const fleet = fleetObservation(fleetOf(known('/a'), known('/b')));
  expect(checkLines(fleet, { mask, recorded: true })).toMatch(OF_RECORDING);
  expect(checkLines(fleet, { mask })).not.toMatch(OF_RECORDING);
});

describe('the status of several servers', () => {
  it('is the worst: critical, warning, unknown, ok', () => {
    expect(worstOf([0, 3, 1, 2])).toBe(2);
    expect(worstOf([0, 3, 1])).toBe(1);
    expect(worstOf([0, 3])).toBe(3);
    expect(worstOf([0, 0])).toBe(0);
    expect(worstOf([])).toBe(3);
  });

  it('is that of the error for a server that could not be read', () => {
    const fleet = fleetObservation(fleetOf(known('/a'), lost('/b'), lost('/c')));
    expect(statusesOf(fleet, { mask, failed: new Map([['/b', 2]]) })).toEqual([0, 2, 3]);
  });
});

describe('the lines of several servers', () => {
  it('are a line for monitors, and one for each server, the worst first', () => {
    const lines = linesOf([known('/a'), known('/b', finding('warning', 'queue filling')), lost('/c')], {
      '/c': 2,
    });
    expect(lines[0]).toMatch(
      /^UWSGI CRITICAL - 3 servers: 1 critical, 1 warning, 1 ok; c: connection refused \| a::rps=/,
    );
    expect(lines.slice(1)).toEqual([
      'c: CRITICAL - connection refused. Start it.',
      'b: WARNING - queue filling',
      'a: OK - 1 worker running, 0 of 1 core busy',
    ]);
  });

  it('have no reason in the first line if all is well', () => {
    expect(linesOf([known('/a'), known('/b')])[0]).toMatch(/^UWSGI OK - 2 servers: 2 ok \| /);
  });

  it('have no bar without performance data', () => {
    expect(linesOf([lost('/a'), lost('/b')])[0]).toBe(
      'UWSGI UNKNOWN - 2 servers: 2 unknown; a: connection refused',
    );
  });

  it('have different labels for all numbers, also of servers of other kinds', () => {
    const emperor = { ...observed(between(null, { ...EMPEROR, vassals: [vassal()] })), target: '/emperor' };
    const labels = labelsOf(linesOf([known('/a'), known('/b'), emperor]));
    expect(labels).toEqual(expect.arrayContaining(['a::rps', 'b::rps', 'emperor::vassals']));
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('have quotes around a label with a blank, and no equals sign or quote in it', () => {
    const [first = ''] = linesOf([known("/my app's=1"), known('/b')]);
    expect(first).toContain(" 'my app_s_1::rps'=");
    expect(labelsOf([first])).toContain('my app_s_1::rps');
  });

  it.each(['|', '\n', '\r\n', 'a|b=1;2;3', '\u001b]0;x\u0007', '\u2028', '\u202e', "'=;"])(
    'stay one line each with one bar in all, whatever a name or a finding contains: %j',
    (text) => {
      const servers = [known(`/a${text}`, finding('critical', `x${text}`)), lost('/b', `y${text}`)];
      const lines = linesOf(servers);
      expect(lines).toHaveLength(3);
      expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
      labelsOf(lines);
    },
  );
});

describe('the label of a server', () => {
  it('differs from all others', () => {
    const names = ['a=b', "a'b", 'a_b', 'a_b-2', 'a_b'];
    const labels = serverLabels(names);
    expect(labels[0]).toBe('a_b');
    expect(new Set(labels).size).toBe(names.length);
  });
});

describe('JSON of several servers', () => {
  const server = known('/run/a.stats', finding('warning', 'a\nb\u2028c'));
  const validatorOf = (name: string) =>
    new Ajv2020({ strict: true, strictTypes: false, formats: { 'date-time': true } }).compile(
      JSON.parse(readFileSync(new URL(`../../schema/statstop.${name}-1.json`, import.meta.url), 'utf8')),
    );

  it.each([
    ['sample', JSON_LINE, JSON_EXPORTER],
    ['check', CHECK_JSON_LINE, CHECK_JSON],
  ] as const)('is the document of one server in one line: %s', (name, line, document) => {
    const text = line.write(server, { mask });
    expect(text).toMatch(/^[^\n\u2028]+\n$/);
    const parsed = JSON.parse(text);
    expect(parsed).toEqual(JSON.parse(document.write(server, { mask })));
    expect(validatorOf(name)(parsed)).toBe(true);
  });

  it('is a document in one line for a server that could not be read', () => {
    const text = failureJson('/run/a.stats', 2, 'a\nb', mask, 'line');
    expect(text).toMatch(/^[^\n]+$/);
    expect(validatorOf('check')(JSON.parse(text))).toBe(true);
  });
});
