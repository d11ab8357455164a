import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observed } from '../../src/monitor/observation.ts';
import { checkJson, checkLine, STATUSES, statusOf, unknownLine } from '../../src/outputs/check.ts';
import type { Finding } from '../../src/rates/finding.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { Sample } from '../../src/rates/sample.ts';
import { withHost } from '../../src/rates/with-host.ts';
import { decode } from '../../src/stats/decode.ts';
import { createMask, NO_MASK } from '../../src/text/secrets.ts';
import { loading } from '../insights/cases.ts';
import { observed } from '../monitor/observing.ts';
import {
  app,
  appBetween,
  between,
  core,
  hostReading,
  NOW,
  reading,
  socket,
  worker,
} from '../rates/builders.ts';
import { EMPEROR, node, router, subscription } from '../rates/routers.ts';
import { NAMES } from '../stats/captures.ts';
import { vassal } from '../views/rows.ts';
import { firstSample, secondSample } from '../views/samples.ts';

const finding = (given: Partial<Finding> = {}): Finding => ({
  rule: 'queue',
  subject: '',
  severity: 'warning',
  since: NOW - 30,
  text: 'listen queue filling: 12 waiting, limit 100',
  advice: 'listen',
  about: null,
  ...given,
});
const CRITICAL = finding({
  severity: 'critical',
  rule: 'stuck',
  text: 'request running for 2m00s on 1:0: GET /',
});

const PLAIN = appBetween(
  app([worker(), worker()], { sockets: [socket({ queue: 3, maxQueue: 100 })] }),
  app(
    [worker({ requests: 30, runningTime: 1.2, tx: 9000 }), worker({ cores: [core({ inRequest: true })] })],
    {
      sockets: [socket({ queue: 3, maxQueue: 100 })],
    },
  ),
);
const withFindings = (...findings: Finding[]): Observed => observed(PLAIN, { findings });
const lineOf = (known: Observed) => checkLine(known, { mask: createMask() });
const lineOfSample = (sample: Sample) => lineOf(observed(sample));

/** `'label'=value[UOM];[warn];[crit];[min];[max]` of the Monitoring Plugins Development Guidelines. */
const NUMBER = String.raw`-?\d+(?:\.\d+)?`;
const DATUM = new RegExp(`^([^=' ]+)=(${NUMBER})(s|us|ms|%|B|KB|MB|TB|c)?(?:;(${NUMBER})?){0,4}$`);

/** Parses a line like a monitor: the text, and the numbers by label. */
function parsed(line: string): { text: string; numbers: Record<string, string> } {
  const parts = line.split('|');
  expect(parts.length).toBeLessThanOrEqual(2);
  const [text = '', data = ''] = parts.map((part) => part.trim());
  const each = data === '' ? [] : data.split(' ');
  for (const datum of each) expect(datum).toMatch(DATUM);
  const numbers = each.map((datum): [string, string] => {
    const equals = datum.indexOf('=');
    return [datum.slice(0, equals), datum.slice(equals + 1)];
  });
  expect(new Set(numbers.map(([label]) => label)).size).toBe(numbers.length);
  return { text, numbers: Object.fromEntries(numbers) };
}

describe('the status', () => {
  it('is that of the worst finding', () => {
    expect(statusOf(withFindings())).toBe(0);
    expect(statusOf(withFindings(finding()))).toBe(1);
    expect(statusOf(withFindings(finding(), CRITICAL))).toBe(2);
    expect(statusOf(withFindings(CRITICAL, finding()))).toBe(2);
    const hint = finding({ severity: 'hint' });
    expect([statusOf(withFindings(hint)), statusOf(withFindings(finding(), hint))]).toEqual([0, 1]);
    expect(STATUSES).toEqual(['OK', 'WARNING', 'CRITICAL', 'UNKNOWN']);
  });

  it('is unknown for a server without workers, unless there is a finding, and the reason is given', () => {
    const none = (given = {}) => observed(appBetween(null, app([], given)));
    const emperor = 'no workers: for an emperor, set emperor-stats = ADDRESS to see its vassals';
    expect([statusOf(none()), lineOf(none())]).toEqual([3, `UWSGI UNKNOWN - ${emperor}`]);
    expect(JSON.parse(checkJson(none(), NO_MASK))).toMatchObject({ status: 'UNKNOWN', error: emperor });
    expect(lineOf(none({ sockets: [socket({})] }))).toMatch(
      /^UWSGI UNKNOWN - no workers: the server has sockets/,
    );
    expect(lineOf({ ...none(), findings: [CRITICAL] })).toMatch(/^UWSGI CRITICAL - request running/);
  });
});

describe('readings that came too late', () => {
  const sample = sampleOf(
    'test',
    { ...reading(app([worker()]), 1), clockError: 0.5 },
    reading(app([worker({ requests: 5 })])),
  );
  const late = observed(sample);

  it('are unknown, unless there is a finding', () => {
    expect([statusOf(late), lineOf(late)]).toEqual([
      3,
      expect.stringMatching(/^UWSGI UNKNOWN - no measurement: this machine is too busy/),
    ]);
    expect(JSON.parse(checkJson(late, NO_MASK)).error).toMatch(/^no measurement: this machine is too busy/);
    expect(statusOf({ ...late, findings: [CRITICAL] })).toBe(2);
  });

  it('are not assumed for a single reading or after a reset', () => {
    expect(statusOf(observed(appBetween(null, app([worker()]))))).toBe(0);
    const reset = appBetween(app([worker({ requests: 50 })]), app([worker({ requests: 3 })]));
    expect(statusOf(observed({ ...reset, interval: null }))).toBe(0);
  });
});

describe('the text without findings', () => {
  it('counts running workers, and separately those that load or have ended', () => {
    const all = app([worker(), worker({ pid: null }), worker({ pid: null, status: 'cheap' }), loading(5)]);
    expect(lineOf(observed(appBetween(null, all)))).toMatch(
      /^UWSGI OK - 1 worker running, 1 loading, 1 down, 0 of 1 core busy/,
    );
  });

  it('describes a reload', () => {
    const busy = worker({ status: 'busy', cores: [core({ inRequest: true })] });
    expect(lineOf(observed(appBetween(null, app([busy, worker({ pid: null })]))))).toMatch(
      /^UWSGI OK - 1 worker running, 1 down, reloading or stopping, 1 of 1 core busy/,
    );
  });
});

describe('hints', () => {
  const HINT = finding({ severity: 'hint', rule: 'memory-report', text: 'a hint' });

  it('are in the JSON but not in the line', () => {
    const known = withFindings(HINT);
    expect(lineOf(known)).toBe(lineOf(withFindings()));
    expect(lineOf(withFindings(finding(), HINT))).toBe(lineOf(withFindings(finding())));
    expect(JSON.parse(checkJson(known, NO_MASK))).toMatchObject({
      status: 'OK',
      findings: [{ severity: 'hint', rule: 'memory-report', text: 'a hint' }],
    });
  });
});

describe('the numbers of other servers', () => {
  it('of a router are its sessions, nodes and counters', () => {
    const document = readFileSync(new URL('../../fixtures/cases/router.json', import.meta.url));
    const line = lineOfSample(between(null, decode(document)));
    expect(parsed(line).numbers).toEqual({
      sessions: '551;;;0',
      nodes: '3;;;0',
      dead_nodes: '1;;;0',
      hits: '1242209c;;;0',
      requests: '626790c;;;0',
    });
    expect(parsed(lineOfSample(between(null, router({ activeSessions: null })))).numbers).toEqual({
      nodes: '0;;;0',
      dead_nodes: '0;;;0',
      hits: '0c;;;0',
    });
  });

  it('of an emperor are its vassals, those that accept and those that do not start', () => {
    const entry = { throttle: 3, attempts: 1, firstAttempt: NOW - 900 };
    const emperor = between(null, {
      ...EMPEROR,
      vassals: [vassal({ accepting: true }), vassal({ accepting: false }), vassal({ accepting: true })],
      blacklist: [
        { ...entry, id: 'tried.ini', lastAttempt: NOW - 1 },
        { ...entry, id: 'removed.ini', lastAttempt: NOW - 600 },
      ],
    });
    expect(parsed(lineOfSample(emperor)).numbers).toEqual({
      vassals: '3;;;0',
      accepting: '2;;;0',
      failed: '1;;;0',
    });
    const unknown = between(null, { ...EMPEROR, vassals: [vassal({ accepting: null })] });
    expect(parsed(lineOfSample(unknown)).numbers).toEqual({ vassals: '1;;;0', failed: '0;;;0' });
  });
});

describe('the line', () => {
  it('describes a healthy server', () => {
    expect(lineOf(withFindings())).toBe(
      'UWSGI OK - 2 workers running, 1 of 2 cores busy | rps=10;;;0 response_time=0.05s;;;0 busy_cores=1;;;0;2 long_cores=0;;;0;2 queue=3;;;0;100 rss=134217728B;;;0 requests=40c;;;0 exceptions=0c;;;0 harakiris=0c;;;0 respawns=0c;;;0',
    );
  });

  it('contains all findings, the worst first', () => {
    expect(parsed(lineOf(withFindings(CRITICAL, finding()))).text).toBe(
      'UWSGI CRITICAL - request running for 2m00s on 1:0: GET /; listen queue filling: 12 waiting, limit 100',
    );
    expect(parsed(lineOf(withFindings(finding()))).text).toMatch(/^UWSGI WARNING - /);
  });

  it('has the numbers in the format of monitors, with units and limits', () => {
    expect(parsed(lineOf(withFindings(finding()))).numbers).toEqual({
      rps: '10;;;0',
      response_time: '0.05s;;;0',
      busy_cores: '1;;;0;2',
      long_cores: '0;;;0;2',
      queue: '3;;;0;100',
      rss: '134217728B;;;0',
      requests: '40c;;;0',
      exceptions: '0c;;;0',
      harakiris: '0c;;;0',
      respawns: '0c;;;0',
    });
  });

  it('contains the harakiris, the starts after the first one, and the memory of the running workers', () => {
    const MIB = 2 ** 20;
    const snapshot = app([
      worker({ harakiris: 2, spawns: 4, rss: 30 * MIB }),
      worker({ harakiris: 1, spawns: 1, rss: 12 * MIB }),
      worker({ pid: null, status: 'cheap', harakiris: 0, spawns: 2, rss: 99 * MIB, cores: [] }),
    ]);
    const host = hostReading();
    const numbersOf = (sample: Sample) => parsed(lineOfSample(sample)).numbers;
    expect(numbersOf(appBetween(null, snapshot))).toMatchObject({
      harakiris: '3c;;;0',
      respawns: '4c;;;0',
      rss: `${42 * MIB}B;;;0`,
    });
    const here = sampleOf('test', { snapshot, time: NOW, clock: 0, host }, null);
    expect(numbersOf(here).rss).toBe(`${42 * MIB}B;;;0;${host.resources.memory}`);
  });

  it("contains the kernel's queue of a unix socket, which uWSGI does not report", () => {
    const unix = app([worker()], { sockets: [socket({ name: '/run/a.sock', queue: null, maxQueue: null })] });
    expect(parsed(lineOfSample(appBetween(null, unix))).numbers).not.toHaveProperty('queue');
    const host = hostReading([], { queues: new Map([['/run/a.sock', { queue: 7, limit: 50 }]]) });
    const known = sampleOf('test', { snapshot: withHost(unix, host), time: NOW, clock: 0, host }, null);
    expect(parsed(lineOfSample(known)).numbers).toMatchObject({ queue: '7;;;0;50' });
  });

  it('omits unknown values', () => {
    const unknown = appBetween(
      null,
      app([worker({ requests: null, exceptions: null, runningTime: null, rss: null, cores: [] })]),
    );
    expect(lineOfSample(unknown)).toBe('UWSGI OK - 1 worker running | harakiris=0c;;;0 respawns=0c;;;0');
    expect(parsed(lineOfSample(appBetween(null, app([worker()])))).numbers).toEqual({
      busy_cores: '0;;;0;1',
      long_cores: '0;;;0;1',
      rss: '67108864B;;;0',
      requests: '10c;;;0',
      exceptions: '0c;;;0',
      harakiris: '0c;;;0',
      respawns: '0c;;;0',
    });
  });

  it('does not count workers that do not run', () => {
    const cheap = worker({ pid: null, status: 'cheap' });
    expect(lineOfSample(appBetween(null, app([worker(), cheap, cheap])))).toMatch(
      /^UWSGI OK - 1 worker running, 0 of 1 core busy/,
    );
  });

  it('describes an emperor and a router', () => {
    const emperor = between(null, {
      ...EMPEROR,
      vassals: [vassal({ id: 'a.ini' }), vassal({ id: 'b.ini' })],
    });
    expect(parsed(lineOfSample(emperor)).text).toBe('UWSGI OK - 2 vassals');
    const nodes = router({ subscriptions: [subscription('a', 1, [node('1'), node('2')])] });
    expect(parsed(lineOfSample(between(null, nodes))).text).toBe('UWSGI OK - 2 nodes');
    const one = router({ subscriptions: [subscription('a', 1, [node('1')])] });
    expect(parsed(lineOfSample(between(null, one))).text).toBe('UWSGI OK - 1 node');
    const alone = between(null, { ...EMPEROR, vassals: [vassal()] });
    expect(parsed(lineOfSample(alone)).text).toBe('UWSGI OK - 1 vassal');
    expect(parsed(lineOf(observed(emperor, { findings: [CRITICAL] }))).text).toBe(
      'UWSGI CRITICAL - request running for 2m00s on 1:0: GET /',
    );
  });

  it.each(['|', '\n', '\r\n', 'a|b=1;2;3', '\u001b]0;x\u0007', '\u2028', '\u202e', '\u0085', "'=;"])(
    'is one line with one bar, whatever a client sends: %j',
    (sent) => {
      const text = `request running for 12s on 1:0: GET /${sent}${sent}`;
      const line = lineOf(withFindings(finding({ text })));
      expect(line).not.toMatch(/[^\P{Cc}]|\p{Cf}|\p{Zl}|\p{Zp}/u);
      expect(line.split('|')).toHaveLength(2);
      expect(Object.keys(parsed(line).numbers)).toContain('rps');
      expect(unknownLine(3, text)).not.toMatch(/[|\n\r\p{Cc}]/u);
    },
  );

  it('can be parsed for any numbers', () => {
    const number = fc.oneof(
      fc.constant(null),
      fc.nat(),
      fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    );
    const given = fc.record({
      requests: number,
      exceptions: number,
      queue: number,
      maxQueue: number,
      runningTime: fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1e15, noNaN: true })),
      seconds: fc.double({ min: 0.05, max: 1e6, noNaN: true }),
    });
    fc.assert(
      fc.property(given, ({ seconds, queue, maxQueue, ...counters }) => {
        const none = worker({ requests: 0, exceptions: 0, runningTime: 0, cores: [core({ requests: 0 })] });
        const after = app([worker(counters)], { sockets: [socket({ queue, maxQueue })] });
        parsed(lineOfSample(appBetween(app([none]), after, seconds)));
      }),
      { numRuns: 500 },
    );
  });

  it('masks secrets unless masking is off', () => {
    const known = withFindings(
      finding({ text: 'request running for 12s on 1:0: GET /a?token=hunter2&b=1' }),
      finding({ text: 'vassal http://a:hunter2@b/x.ini failed to start 3 times' }),
    );
    expect(lineOf(known)).not.toContain('hunter2');
    expect(lineOf(known)).toContain('token=***');
    expect(checkLine(known, { mask: NO_MASK })).toContain('hunter2');
  });
});

describe('the line without a document', () => {
  it('contains the status and the reason', () => {
    expect(unknownLine(3, 'a: it is no stats server')).toBe('UWSGI UNKNOWN - a: it is no stats server');
    expect(unknownLine(2, 'a: connection refused')).toBe('UWSGI CRITICAL - a: connection refused');
  });
});

describe.each(NAMES)('for the captured server %s', (name) => {
  it('the line can be parsed by a monitor', () => {
    for (const sample of [firstSample(name), secondSample(name)]) {
      const { text } = parsed(lineOfSample(sample));
      expect(text).toMatch(/^UWSGI OK - \d/);
      expect(text).not.toMatch(/null|undefined|NaN/);
    }
  });
});

describe('the JSON', () => {
  const known = withFindings(
    { ...CRITICAL, subject: '?token=hunter2', text: 'GET /?token=hunter2|\u001b[2J\nx' },
    finding(),
  );
  const json = (mask = createMask()) => JSON.parse(checkJson(known, mask));

  it('contains all findings, with times in ISO 8601', () => {
    expect(json()).toEqual({
      schema: 'statstop.check/1',
      target: 'test',
      time: new Date((NOW + 2) * 1000).toISOString(),
      timeIsExact: true,
      interval: 2,
      kind: 'app',
      status: 'CRITICAL',
      findings: [
        {
          ...CRITICAL,
          subject: '?token=***',
          text: expect.stringContaining('token=***'),
          since: new Date((NOW - 30) * 1000).toISOString(),
        },
        { ...finding(), since: new Date((NOW - 30) * 1000).toISOString() },
      ],
      events: [],
    });
    expect(JSON.parse(checkJson(withFindings(), createMask()))).toMatchObject({ status: 'OK', findings: [] });
    expect(JSON.parse(checkJson(withFindings(finding()), createMask()))).toMatchObject({ status: 'WARNING' });
  });

  it('masks secrets unless masking is off, and contains no control characters', () => {
    expect(checkJson(known, createMask())).not.toContain('hunter2');
    expect(checkJson(known, NO_MASK)).toContain('hunter2');
    expect(checkJson(known, NO_MASK)).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
    expect(json(NO_MASK).findings[0].text).toBe('GET /?token=hunter2|\u001b[2J\nx');
  });
});

describe('the time of the line', () => {
  const TIME = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;

  it('is that of a recording or of a saved document, and absent for a server', () => {
    expect(lineOfSample(PLAIN)).not.toMatch(TIME);
    expect(checkLine(observed(PLAIN), { mask: createMask(), recorded: true })).toMatch(
      new RegExp(String.raw`^UWSGI OK - [^()]* busy \(at ${TIME}\) \| `),
    );
    expect(lineOfSample({ ...PLAIN, saved: true })).toMatch(
      new RegExp(String.raw`^UWSGI OK - [^()]* busy \(saved ${TIME}\) \| `),
    );
  });

  it('follows the findings, and precedes an error of the state file', () => {
    const known = withFindings(CRITICAL, finding());
    const line = checkLine(known, { mask: createMask(), recorded: true, stateError: 'no space' });
    expect(line).toMatch(new RegExp(String.raw`limit 100 \(at ${TIME}\); no space \| `));
  });
});
