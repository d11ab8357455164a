import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { isObserved } from '../../src/monitor/observation.ts';
import { JSON_EXPORTER } from '../../src/outputs/json.ts';
import { RecordingFolder } from '../../src/recordings/folder.ts';
import { dayAndTime } from '../../src/text/format.ts';
import { createMask } from '../../src/text/secrets.ts';
import { captureFile, statstop } from '../commands/run.ts';
import { recorderOf, temporaryFolder } from '../recordings/files.ts';
import { failureEvent, observations, troubleEvents } from '../recordings/recorded.ts';

const EVENTS = troubleEvents();
const LIVE = observations('app', EVENTS);
const MIDDLE = EVENTS.length >> 1;

/** The time of an event as an argument, rounded up to the next millisecond. */
function at(index: number): string {
  return new Date(Math.ceil((EVENTS[index]?.time ?? 0) * 1000)).toISOString();
}

function recording(): string {
  const folder = temporaryFolder();
  const recorder = recorderOf({ version: manifest.version, mask: createMask() });
  const written = new RecordingFolder(folder, recorder, { say: () => {} });
  for (const event of EVENTS) written.record('app', event);
  written.close();
  return folder;
}

/** The document that `--json` printed for the live server after an event. */
function documentOf(index: number): unknown {
  const observed = LIVE[index];
  if (!observed || !isObserved(observed)) throw new Error('the server was observed');
  return JSON.parse(JSON_EXPORTER.write(observed, { mask: createMask() }));
}

describe('a recording', () => {
  it('has the JSON of the live server at each time', async () => {
    const folder = recording();
    const middle = await statstop([folder, '--json', '--at', at(MIDDLE)]);
    expect([middle.stderr, middle.status]).toEqual(['', 0]);
    expect(JSON.parse(middle.stdout.toString())).toEqual(documentOf(MIDDLE));
    const last = await statstop([folder, '--json']);
    expect(JSON.parse(last.stdout.toString())).toEqual(documentOf(EVENTS.length - 1));
  });

  it('is printed as a table, and checked', async () => {
    const folder = recording();
    const table = await statstop([folder, '--once', '--at', at(MIDDLE)]);
    expect(table.stderr).toBe('');
    const shown = dayAndTime(EVENTS[MIDDLE]?.time ?? null);
    expect(table.stdout.toString()).toMatch(/^uWSGI .* req\/s .*\n +WID +STATUS /);
    expect(table.stdout.toString()).toContain(`  at ${shown}  `);
    const checked = await statstop(['check', folder]);
    expect(checked.stdout.toString()).toMatch(/^UWSGI (OK|WARNING|CRITICAL) - /);
    expect(checked.stdout.toString()).toContain(` (at ${dayAndTime(EVENTS.at(-1)?.time ?? null)}) | `);
  });

  it('has the time of a server that could not be read', async () => {
    const folder = temporaryFolder();
    const recorder = recorderOf({ version: manifest.version, mask: createMask() });
    const written = new RecordingFolder(folder, recorder, { say: () => {} });
    const failure = failureEvent('app', 0);
    written.record('app', failure);
    written.close();
    const { stdout, status } = await statstop(['check', folder]);
    expect([stdout.toString(), status]).toEqual([
      expect.stringContaining(`connection refused (at ${dayAndTime(failure.time)}). `),
      3,
    ]);
  });

  it('is streamed as a whole, from a time on, or as a number of readings', async () => {
    const folder = recording();
    const lines = async (...args: string[]) => {
      const { stdout, stderr, status } = await statstop([folder, '--stream', 'ndjson', ...args]);
      expect([stderr, status]).toEqual(['', 0]);
      return stdout
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).time as string);
    };
    const times = EVENTS.map(({ time }) => new Date(time * 1000).toISOString());
    expect(await lines()).toEqual(times);
    expect(await lines('--count', '3')).toEqual(times.slice(0, 3));
    expect(await lines('--at', at(MIDDLE))).toEqual(times.slice(MIDDLE + 1));
  });

  it.each([
    ['by --raw', (folder: string) => [folder, '--raw']],
    ['by doctor', (folder: string) => ['doctor', folder]],
    ['by export', (folder: string) => ['export', folder, '--format', 'text']],
    ['by record', (folder: string) => ['record', folder, '--to', `${folder}/other`]],
  ])('is not read as a server %s', async (_, args) => {
    const { stdout, stderr, status } = await statstop(args(recording()));
    expect(status).toBe(1);
    expect(`${stdout}${stderr}`).toContain('it is a recording. Give it alone');
  });

  it('is needed for --at', async () => {
    const { stdout, stderr, status } = await statstop([captureFile('threads'), '--json', '--at', '08:10']);
    expect([stdout.toString(), status]).toEqual(['', 2]);
    expect(stderr).toBe('statstop: --at needs a recording. A server can be shown only as it is now\n');
  });

  it('without permission has an error that says so, also for --at', async () => {
    const folder = recording();
    chmodSync(folder, 0);
    onTestFinished(() => chmodSync(folder, 0o700));
    const user = process.getuid?.() === 0 ? { uid: 65534 } : {};
    for (const args of [['--once'], ['--once', '--at', '08:10'], ['--stream', 'ndjson', '--at', '08:10']]) {
      const { stderr, status } = await statstop([folder, ...args], user);
      expect([stderr, status]).toEqual([expect.stringContaining('permission denied'), 1]);
    }
    const checked = await statstop(['check', folder], user);
    expect([checked.stdout.toString(), checked.status]).toEqual([
      expect.stringContaining(': permission denied. '),
      3,
    ]);
  });

  it.each([
    [
      'that is cut off in its first reading',
      (bytes: Buffer) => bytes.subarray(0, 1000),
      'reading; the file is',
    ],
    ['whose only reading is damaged', (bytes: Buffer) => bytes.fill('x', 1000, 1200), 'reading at '],
  ])('%s has an error in every output', async (_, damage, says) => {
    const folder = temporaryFolder();
    const recorder = recorderOf({ version: manifest.version, mask: createMask() });
    const written = new RecordingFolder(folder, recorder, { say: () => {} });
    for (const event of EVENTS.slice(0, 1)) written.record('app', event);
    written.close();
    const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.statstop')) ?? '');
    const bytes = readFileSync(file);
    writeFileSync(file, damage(bytes));
    for (const args of [['--once'], ['--json'], ['--stream', 'ndjson'], ['--line']]) {
      const { stdout, stderr, status } = await statstop([file, ...args]);
      expect([stdout.toString(), status]).toEqual(['', 1]);
      expect(stderr).toContain(`${file}: it has no complete ${says}`);
      expect(stderr).toContain('the file is incomplete or damaged');
    }
    const checked = await statstop(['check', file]);
    expect([checked.stdout.toString(), checked.status]).toEqual([
      expect.stringContaining(`UWSGI UNKNOWN - ${file}: it has no complete ${says}`),
      3,
    ]);
    const report = await statstop(['report', file]);
    expect(report.stderr).toContain(file);
  });

  it('is refused beside other targets, and for a time that it does not have', async () => {
    const folder = recording();
    for (const args of [
      [folder, '/run/app.stats', '--json'],
      [folder, '--json', '--at', '2001-02-03 04:05'],
    ]) {
      const { stdout, stderr, status } = await statstop(args);
      expect([stdout.toString(), status]).toEqual(['', 2]);
      expect(stderr).toMatch(/^statstop: .*(is a recording|begins at)/);
    }
  });
});
