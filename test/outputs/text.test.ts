import { describe, expect, it } from 'vitest';
import type { Observed } from '../../src/monitor/observation.ts';
import { sampleText, type TextOptions } from '../../src/outputs/text.ts';
import type { Finding } from '../../src/rates/finding.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { Reading, Sample } from '../../src/rates/sample.ts';
import { width } from '../../src/text/clean.ts';
import { createMask } from '../../src/text/secrets.ts';
import { CORE_MODES } from '../../src/views/core-modes.ts';
import { ASCII, UNICODE } from '../../src/views/glyphs.ts';
import { THRESHOLDS } from '../../src/views/thresholds.ts';
import { observed } from '../monitor/observing.ts';
import { app, appBetween, between, core, NEVER_RAN, NOW, worker } from '../rates/builders.ts';
import { EMPEROR, node, router, subscription } from '../rates/routers.ts';
import { NAMES } from '../stats/captures.ts';
import { blacklistRow, vassal } from '../views/rows.ts';
import { firstSample, secondSample } from '../views/samples.ts';

const OPTIONS: TextOptions = {
  cores: 'off',
  sort: null,
  columns: null,
  filter: null,
  mask: createMask(),
  glyphs: UNICODE,
  thresholds: THRESHOLDS,
  tab: null,
  width: null,
};

/** Lines of a table: the totals, the heading, the rows. */
function linesOf(sample: Sample, given: Partial<TextOptions> = {}): string[] {
  return linesOfAll(observed(sample), given);
}

function linesOfAll(known: Observed, given: Partial<TextOptions> = {}): string[] {
  return sampleText(known, { ...OPTIONS, ...given }).split('\n');
}

it('the totals count the cores with requests that are long on purpose', () => {
  const open = core({ inRequest: true, requestStart: NOW - 300, vars: ['HTTP_UPGRADE=websocket'] });
  const [totals] = linesOf(appBetween(null, app([worker({ cores: [open, core({ id: 1 })] })])));
  expect(totals).toContain('1 worker (1 idle)  1 long  ');
});

describe.each(NAMES)('the table of %s', (name) => {
  it('is plain text without control characters, trailing blanks or empty lines, and with one newline at the end', () => {
    for (const sample of [firstSample(name), secondSample(name)]) {
      for (const cores of CORE_MODES) {
        const text = sampleText(observed(sample), { ...OPTIONS, cores });
        expect(text).not.toMatch(/[^\n\P{Cc}]|\p{Cf}|\p{Cs}/u);
        expect(text).not.toMatch(/ \n|\n\n|[^\n]$/);
      }
    }
  });

  it('has the same number of fields on each line, for awk and sort', () => {
    const [, heading = '', ...rows] = linesOf(secondSample(name), { cores: 'tree' }).slice(0, -1);
    const fields = (line: string) => line.trim().split(/ +/).length;
    const end = rows.findIndex((row) => row.startsWith('BLACKLIST'));
    for (const row of rows.slice(0, end < 0 ? rows.length : end))
      expect([row, fields(row)]).toEqual([row, fields(heading)]);
  });

  it('cuts nothing without a given width', () => {
    expect(sampleText(observed(secondSample(name)), OPTIONS)).not.toContain('…');
  });

  it('fits the given width', () => {
    for (const columns of [20, 40, 80, 132]) {
      const [, ...table] = linesOf(secondSample(name), { width: columns });
      for (const line of table) expect(width(line)).toBeLessThanOrEqual(columns);
    }
  });
});

it('the table of an emperor has a field for each column, for any state of its vassals', () => {
  const states = [
    vassal(),
    vassal({ pid: null, onDemand: '/run/a.sock' }),
    vassal({ cursedAt: NOW }),
    vassal({ suspended: true }),
  ];
  const [, heading, ...rows] = linesOf(between(null, { ...EMPEROR, vassals: states })).slice(0, -1);
  const fields = (line = '') => line.trim().split(/ +/).length;
  for (const row of rows) expect([row, fields(row)]).toEqual([row, fields(heading)]);
});

describe('the table of an app', () => {
  const sample = appBetween(
    app([worker(), worker({ requests: 5 })]),
    app([worker({ status: 'busy', requests: 30, runningTime: 1.2 }), worker({ requests: 5 })]),
  );

  it('summarises the server on the first line, followed by the workers', () => {
    const [first, heading, ...rows] = linesOf(sample);
    expect(first).toBe('uWSGI 2.0.21  pid 100  2 workers (1 busy, 1 idle)  10.0 req/s  50.0ms  queue -');
    expect(heading?.trim().split(/ +/).slice(0, 6)).toEqual([
      'WID',
      'STATUS',
      'BUSY',
      'OLDEST',
      'RPS',
      'RESP',
    ]);
    expect(rows.map((row) => row.trim().split(/ +/).slice(0, 6))).toEqual([
      ['1', 'busy', '0/1', '-', '10.0', '50.0ms'],
      ['2', 'idle', '0/1', '-', '0.0', '-'],
      [''],
    ]);
  });

  it('uses the singular for one worker, and names no workers without a list', () => {
    expect(linesOf(appBetween(null, app([worker()])))[0]).toContain('1 worker (');
    expect(linesOf(appBetween(null, app([])))[0]).toContain('  no workers: ');
  });

  it('has the requested columns and order, also an order by a column that is not shown', () => {
    const columns = ['requests', 'id'];
    expect(linesOf(sample, { columns })[1]?.trim().split(/ +/)).toEqual(['REQ', 'WID']);
    const ids = (descending: boolean) =>
      linesOf(sample, { columns: ['id'], sort: { column: 'requests', descending } })
        .slice(2, -1)
        .map((line) => line.trim());
    expect(ids(true)).toEqual(['1', '2']);
    expect(ids(false)).toEqual(['2', '1']);
  });

  it('contains the cores of the workers', () => {
    const cores = [core(), core({ id: 1, requests: 3 })];
    const some = appBetween(null, app([worker({ cores }), NEVER_RAN]));
    const ids = (mode: TextOptions['cores']) =>
      linesOf(some, { cores: mode, columns: ['id'] })
        .slice(2, -1)
        .map((line) => line.trim());
    expect(ids('off')).toEqual(['1', '2']);
    expect(ids('merged')).toEqual(['1:0', '1:1', '2']);
    expect(ids('tree')).toEqual(['1', ':0', ':1', '2']);
  });

  it('has dashes for unknown values, and reports a reset of the counters', () => {
    const reset = appBetween(app([worker({ requests: 50 })]), app([worker()]));
    expect(linesOf(reset)[0]).toMatch(/ {2}- req\/s {2}- .*counters reset: no rates$/);
  });

  it('uses ASCII characters only if requested', () => {
    expect(sampleText(observed(sample), { ...OPTIONS, glyphs: ASCII, width: 60 })).toMatch(
      /^[\x20-\x7e\n]*$/,
    );
  });
});

const finding = (given: Partial<Finding>): Finding => ({
  rule: 'stuck',
  subject: '',
  about: null,
  severity: 'warning',
  since: NOW,
  text: 'a finding',
  advice: 'Look.',
  ...given,
});
const LONG = Array.from({ length: 40 }, () => 'all the cores').join(' ');
const FOUND = [
  finding({
    severity: 'critical',
    text: 'request running for 1m30s on 1:0: GET /a?token=hunter2',
  }),
  finding({ severity: 'warning', text: 'vassal a.ini \u001b[2J failed to start 3 times' }),
  finding({ severity: 'warning', text: LONG }),
  finding({ severity: 'hint', text: 'a hint' }),
];
const KINDS: readonly Sample[] = [
  appBetween(null, app([worker()])),
  between(null, { ...EMPEROR, vassals: [vassal()], blacklist: [blacklistRow(3)] }),
  between(null, router({ subscriptions: [subscription('a', 1, [node('1')])] })),
];

describe.each(KINDS)('findings of a server of kind $kind', (plain) => {
  const known = observed(plain, { findings: FOUND });

  it('are below the table, one line each, masked and clean, and without hints', () => {
    const lines = linesOfAll(known);
    const before = linesOf(plain).slice(0, -1);
    expect(lines.slice(0, before.length)).toEqual(before);
    expect(lines.slice(before.length)).toEqual([
      'critical: request running for 1m30s on 1:0: GET /a?token=***',
      'warning: vassal a.ini \\x1b[2J failed to start 3 times',
      `warning: ${LONG}`,
      '',
    ]);
  });

  it('are cut to the width', () => {
    const lines = linesOfAll(known, { width: 40 });
    expect(lines.slice(-4, -1).map(width)).toEqual([40, 40, 40]);
    expect(lines.at(-2)).toMatch(/^warning: all the cores .*…$/);
  });

  it.each([null, ['severity', 'finding']])('are the table itself if requested: columns %j', (columns) => {
    const text = sampleText(known, { ...OPTIONS, tab: 'findings', columns });
    expect(text.match(/failed to start/g)).toHaveLength(1);
    expect(text).not.toContain('warning:');
  });

  it('are not printed without a header, and no row means no output', () => {
    const none = appBetween(null, app([]));
    expect(sampleText(observed(none), { ...OPTIONS, header: false })).toBe('');
  });

  it('are omitted with the totals and the heading if only rows are requested', () => {
    const rows = linesOfAll(known, { header: false });
    expect(rows).toHaveLength(2);
    expect(linesOf(plain)).toContain(rows[0]);
    expect(rows.join(' ')).not.toMatch(/uWSGI|critical|WID|VASSAL|BLACKLIST|NODE/);
  });
});

it('the totals of an emperor and of a router use the correct plurals', () => {
  const [one] = linesOf(between(null, { ...EMPEROR, vassals: [vassal()], blacklist: [] }));
  expect(one).toMatch(/emperor of 1 vassal \(1 \w+\) {2}0 blacklisted$/);
  expect(linesOf(between(null, { ...EMPEROR, vassals: [], blacklist: [] }))[0]).toMatch(
    /emperor of 0 vassals {2}0 blacklisted$/,
  );
  expect(linesOf(between(null, router({ activeSessions: 1 })))[0]).toMatch(/ 1 session$/);
});

describe('the time of a saved document', () => {
  const firstLine = (given: Partial<Reading>, workers = [worker()]) =>
    linesOf(sampleOf('x', { snapshot: app(workers), time: NOW, clock: 0, ...given }, null))[0];

  it('is on the first line, with its uncertainty', () => {
    expect(firstLine({})).not.toContain('saved');
    expect(firstLine({ saved: true, timeIsExact: true })).toMatch(
      / saved \d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}1 worker/,
    );
    expect(firstLine({ saved: true, timeIsExact: false })).toMatch(/ saved \S+ \S+ or later {2}1 worker/);
    expect(firstLine({ saved: true, timeIsExact: false }, [])).toMatch(/ saved \S+ \S+ or earlier /);
  });
});
