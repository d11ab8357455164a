import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { RecordingFolder } from '../../src/recordings/folder.ts';
import { Recorder } from '../../src/recordings/recorder.ts';
import { captureFile, type Ended, statstop } from '../commands/run.ts';
import { OPTIONS, troubleEvents } from '../recordings/recorded.ts';

const folder = mkdtempSync(join(tmpdir(), 'statstop-report-'));
const events = troubleEvents();
const times = events.map(({ time }) => time);
const [start = 0, end = 0] = [times[0], times.at(-1)];
const iso = (time: number) => new Date(time * 1000).toISOString();

beforeAll(() => {
  const recorder = new Recorder({
    ...OPTIONS,
    version: manifest.version,
    block: { readings: 10, seconds: 600 },
  });
  recorder.setServers([{ target: '/run/app.stats', name: 'app', node: 'web1' }]);
  const written = new RecordingFolder(folder, recorder, { say: () => {} });
  for (const event of events) written.record('/run/app.stats', event);
  written.close();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const report = (...args: string[]): Promise<Ended> => statstop(['report', ...args]);

describe('statstop report', () => {
  it('prints a summary of a folder, in local time', async () => {
    const { status, stdout, stderr } = await statstop(['report', folder], {
      env: { TZ: 'Asia/Kathmandu' },
    });
    expect([stderr, status]).toEqual(['', 0]);
    const text = stdout.toString();
    expect(text).toContain('Times are local: Asia/Katmandu (UTC+05:45)');
    expect(text).toContain(iso(start + 5.75 * 3600).slice(11, 19));
    expect(text).toContain(`${events.length} readings, 0 failed reads`);
  });

  it('names no time zone that has no name', async () => {
    const { stdout } = await statstop(['report', folder], { env: { TZ: ':/etc/localtime' } });
    expect(stdout.toString()).toMatch(/^Times are local: UTC[+-]\d\d:\d\d$/m);
  });

  it('prints a part of a file as JSON, with times in UTC', async () => {
    const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.statstop'));
    const from = iso((start + end) / 2).replace(/\.\d+/, '');
    const args = [join(folder, file), '--from', from, '--period', '5s', '--format', 'json'];
    const { status, stdout, stderr } = await report(...args);
    expect([stderr, status]).toEqual(['', 0]);
    const document = JSON.parse(stdout.toString());
    expect(document).toMatchObject({ since: from.replace('Z', '.000Z'), until: iso(end), periodSeconds: 5 });
    expect(document.servers[0].documents).toBe(
      times.filter((time) => time >= Date.parse(from) / 1000).length,
    );
  });

  it('says on standard error which file is damaged, and prints the rest', async () => {
    const damaged = mkdtempSync(join(tmpdir(), 'statstop-report-'));
    try {
      const [name = ''] = readdirSync(folder).filter((each) => each.endsWith('.statstop'));
      const bytes = readFileSync(join(folder, name));
      bytes.fill(0, bytes.length >> 1, (bytes.length >> 1) + 200);
      writeFileSync(join(damaged, name), bytes);
      const { status, stdout, stderr } = await report(damaged, '--format', 'json');
      expect(status).toBe(0);
      expect(stderr).toMatch(
        new RegExp(`^statstop: ${join(damaged, name)}: .*damaged.*The report does not contain it\n`),
      );
      const { documents } = JSON.parse(stdout.toString()).servers[0];
      expect(documents).toBeGreaterThan(10);
      expect(documents).toBeLessThan(events.length);
    } finally {
      rmSync(damaged, { recursive: true, force: true });
    }
  });
});

describe('statstop report refuses', () => {
  it.each([
    ['a missing file', ['/nonexistent'], 1, /^statstop: \/nonexistent: there is no such file or folder\n$/],
    ['another file', [captureFile('threads')], 1, /it is not a recording of statstop\n$/],
    [
      'a time that is not recorded',
      [folder, '--from', '2020-01-01 08:00', '--until', '2020-01-01 09:00'],
      2,
      /begins at 20\S+ \S+ and ends at 20\S+ \S+\n$/,
    ],
    [
      'an end before the begin',
      [folder, '--from', iso(end), '--until', iso(start)],
      2,
      /--from is not before --until/,
    ],
    ['a wrong time', [folder, '--from', 'noon'], 2, /Expected a time such as 08:10/],
    ['a wrong format', [folder, '--format', 'html'], 2, /text, markdown, json/],
  ])('%s', async (_, args, expected, why) => {
    const { status, stdout, stderr } = await report(...args);
    expect([status, stdout.toString()]).toEqual([expected, '']);
    expect(stderr).toMatch(why);
  });
});
