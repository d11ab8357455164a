import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fleetObservation } from '../../src/monitor/fleet.ts';
import { nothingObserved, type Observation } from '../../src/monitor/observation.ts';
import { serversJson, serversText } from '../../src/outputs/servers.ts';
import { SUMMARY_FORMATS } from '../../src/outputs/summary/formats.ts';
import type { SourceEvent } from '../../src/sources/source.ts';
import { createMask } from '../../src/text/secrets.ts';
import { VIEWS } from '../../src/views/views.ts';
import { killed, type Read, running, sourceEvent } from '../monitor/happenings.ts';
import { observing } from '../monitor/observing.ts';
import { EXPORTERS, FLEET_EXPORTERS, OUTPUT_FILES } from '../outputs/exporters.ts';
import { server } from '../outputs/found-servers.ts';
import { app, core, worker } from '../rates/builders.ts';
import { block, periods, summaryOf } from '../summaries/items.ts';
import { fleetOf } from '../views/fleets.ts';
import { VIEW } from '../views/samples.ts';

const SECRET = 'kX9vQ2mT7wZ4pL8sB3nR6yHd';
/** Characters that a terminal obeys, hides or reorders. */
const OBEYED = /[^\n\P{Cc}]|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
const NASTY = '\x1b]0;title\x07\x9b31m\u202e';

const request = core({
  inRequest: true,
  requestStart: 1_795_335_000,
  vars: [
    'REQUEST_METHOD=GET',
    `REQUEST_URI=/${NASTY}pay?token=${SECRET}`,
    `HTTP_COOKIE=sessionid=${SECRET}`,
    `HTTP_AUTHORIZATION=Bearer ${SECRET}`,
    `X_${NASTY}=${SECRET}`,
  ],
});
const victim = worker({ id: 2, cores: [request] });
const snapshot = app([worker({ cores: [request] }), victim]);
const afterHarakiri = app([worker({ cores: [request] }), killed(victim, 4711)]);
const known = observing(`/run/${NASTY}.stats`, [
  { snapshot, time: 1_795_335_100, clock: 0 },
  { snapshot, time: 1_795_335_200, clock: 100 },
  { snapshot: afterHarakiri, time: 1_795_335_201, clock: 101 },
]);

describe.each(EXPORTERS.map((each) => [each.name, each] as const))('%s', (_, exporter) => {
  const options = { ...VIEW, tab: 'requests', mask: createMask(), width: null };

  it('sends no escape sequences to the terminal', () => {
    const text = exporter.write(known, options);
    expect(text).not.toMatch(OBEYED);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('shows no secret', () => {
    expect(known.findings.map(({ rule }) => rule)).toContain('stuck');
    expect(known.events.map(({ text }) => text).join()).toContain(SECRET);
    expect(exporter.write(known, options)).not.toContain(SECRET);
  });
});

/** The outputs of servers that are found on this machine. Any user can start such processes. */
describe.each([
  ['servers', serversText],
  ['servers --json', serversJson],
])('%s', (_, write) => {
  const found = server({
    name: NASTY,
    user: { id: 7, name: NASTY },
    command: ['uwsgi', NASTY, `--set-placeholder=token=${SECRET}`, '--password', SECRET],
    configurations: [`/${NASTY}`],
    sockets: [{ name: `/${NASTY}`, inode: '1', target: `/${NASTY}?token=${SECRET}`, why: null }],
  });
  const lost = server({ ...found, sockets: [{ name: `/${NASTY}`, inode: '1', target: null, why: 'path' }] });
  const text = write([found, lost, server({ ...found, sockets: [], missing: 'none' })], createMask());

  it('sends no escape sequences to the terminal', () => {
    expect(text).not.toMatch(OBEYED);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('shows no secret', () => {
    expect(text).not.toContain(SECRET);
  });
});

/** The formats of `statstop report`. A recording can come from a stranger. */
describe.each(Object.entries(SUMMARY_FORMATS))('report --format %s', (_, write) => {
  const events = [29, 30, 31].map((seconds): Read => {
    const busy = running(`/${NASTY}pay?token=${SECRET}`, seconds, seconds, { pid: 201 });
    return [seconds, app([seconds === 31 ? killed(busy, 203) : busy, worker({ pid: 202 })])];
  });
  const name = `/run/${NASTY}${SECRET}.stats?token=${SECRET}`;
  const lost = sourceEvent([32, null]);
  const reads = new Map<string, SourceEvent[]>([[name, [...events.map(sourceEvent), lost]]]);
  const summary = summaryOf(block(reads), periods(0, 60, 30));
  const several = summaryOf(block(new Map([...reads, ['other', []]])), periods(0, 60, 30));
  const options = { mask: createMask(), zone: 'UTC' };
  const texts = [summary, several].map((each) => write({ ...each, recording: name }, options));

  it('sends no escape sequences to the terminal', () => {
    for (const text of texts) {
      expect(text).not.toMatch(OBEYED);
      expect(text.endsWith('\n')).toBe(true);
    }
  });

  it('shows no secret', () => {
    const [server] = summary.servers;
    expect(server?.events.map(({ kind }) => kind)).toContain('harakiri');
    expect(server?.slowest.map(({ uri }) => uri).join()).toContain(SECRET);
    expect(texts.join('')).not.toContain(SECRET);
  });
});

const lost: Observation = {
  ...nothingObserved(`/run/lost?token=${SECRET}${NASTY}`),
  connection: {
    state: 'lost',
    since: null,
    why: `HTTP status 403 ${NASTY} for /?token=${SECRET}`,
    advice: `See http://ann:${SECRET}@web1/${NASTY}.`,
    retryAt: 1_795_335_200,
  },
};
const fleet = fleetObservation(fleetOf(known, lost));

describe.each(FLEET_EXPORTERS.map((each) => [each.name, each] as const))('%s', (_, exporter) => {
  const texts = VIEWS.fleet.map(({ name }) =>
    exporter.write(fleet, { ...VIEW, tab: name, mask: createMask(), width: null }),
  );

  it('names both servers, and sends no escape sequences to the terminal', () => {
    for (const text of texts) {
      expect(text).not.toMatch(OBEYED);
      expect(text.endsWith('\n')).toBe(true);
    }
    for (const name of [/\blost\b/, /\.stats/]) expect(texts.join('')).toMatch(name);
  });

  it('shows no secret', () => {
    expect(texts.join('')).toContain('HTTP status 403');
    expect(texts.join('')).not.toContain(SECRET);
  });
});

/** A declaration of an exporter. */
const DECLARED = /(:|\b(satisfies|implements|as)) Exporter\b/g;

it.each(OUTPUT_FILES)('$file exports each exporter that it declares', ({ text, exporters }) => {
  expect(exporters).toHaveLength(text.match(DECLARED)?.length ?? 0);
});

it('all exporters have different names', () => {
  const names = [...EXPORTERS, ...FLEET_EXPORTERS].map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
  expect(EXPORTERS).not.toEqual([]);
  expect(FLEET_EXPORTERS).not.toEqual([]);
});

const COMMANDS = new URL('../../src/commands/', import.meta.url);
const OBSERVING = readdirSync(COMMANDS).filter((file) =>
  /from '\.\/(observe-(target|all|each)|look)\.ts'/.test(readFileSync(new URL(file, COMMANDS), 'utf8')),
);

/** These return observations, or pass them to `write-steps`, which writes them. */
const PASSING = ['observe-all.ts', 'look.ts', 'look-back.ts', 'stream.ts', 'stream-recording.ts'];

it.each(OBSERVING.filter((file) => !PASSING.includes(file)))(
  '%s writes its observations with an exporter',
  (file) => {
    const text = readFileSync(new URL(file, COMMANDS), 'utf8');
    const outputs = OUTPUT_FILES.filter((output) => text.includes(`from '../outputs/${output.file}'`));
    expect(outputs.flatMap(({ exporters }) => exporters)).not.toEqual([]);
  },
);
