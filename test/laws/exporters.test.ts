import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { serversJson, serversText } from '../../src/outputs/servers.ts';
import { createMask } from '../../src/text/secrets.ts';
import { observing } from '../monitor/observing.ts';
import { EXPORTERS, OUTPUT_FILES } from '../outputs/exporters.ts';
import { server } from '../outputs/found-servers.ts';
import { app, core, worker } from '../rates/builders.ts';
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
const snapshot = app([worker({ cores: [request] })]);
const known = observing(`/run/${NASTY}.stats`, [
  { snapshot, time: 1_795_335_100, clock: 0 },
  { snapshot, time: 1_795_335_200, clock: 100 },
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

/** A declaration of an exporter. */
const DECLARED = /(:|\b(satisfies|implements|as)) Exporter\b/g;

it.each(OUTPUT_FILES)('$file exports each exporter that it declares', ({ text, exporters }) => {
  expect(exporters).toHaveLength(text.match(DECLARED)?.length ?? 0);
});

it('all exporters have different names', () => {
  expect(EXPORTERS.map(({ name }) => name)).toEqual([...new Set(EXPORTERS.map(({ name }) => name))]);
  expect(EXPORTERS).not.toEqual([]);
});

const COMMANDS = new URL('../../src/commands/', import.meta.url);
const OBSERVING = readdirSync(COMMANDS).filter((file) =>
  readFileSync(new URL(file, COMMANDS), 'utf8').includes("from './observe-target.ts'"),
);

it.each(OBSERVING)('%s writes its observations with an exporter', (file) => {
  const text = readFileSync(new URL(file, COMMANDS), 'utf8');
  const outputs = OUTPUT_FILES.filter((output) => text.includes(`from '../outputs/${output.file}'`));
  expect(outputs.flatMap(({ exporters }) => exporters)).not.toEqual([]);
});
