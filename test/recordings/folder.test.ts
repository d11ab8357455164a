import {
  chmodSync,
  existsSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cutOut } from '../../src/recordings/cut.ts';
import { RecordingFolder } from '../../src/recordings/folder.ts';
import { openRecording } from '../../src/recordings/open.ts';
import { createMask } from '../../src/text/secrets.ts';
import {
  eventsOf,
  opened,
  recordedFile,
  recorderOf,
  recordTo,
  temporaryFolder,
  trafficEvents,
} from './files.ts';
import { captureEvents, documentEvent, recordAll, VERSION } from './recorded.ts';

const namesIn = (folder: string) => readdirSync(folder).sort();
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const open = (folder: string) => new RecordingFolder(folder, recorderOf(), { say: () => {} });

describe('a folder with a recording', () => {
  it('has a file for each hour, for its user only', () => {
    const folder = temporaryFolder();
    const events = trafficEvents(20, 600);
    expect(recordTo(folder, events)).toEqual([]);
    const names = namesIn(folder);
    expect(names.length).toBe(4);
    for (const name of names) {
      expect(name).toMatch(/^20261118T\d{6}Z\.statstop$/);
      expect(modeOf(join(folder, name))).toBe('600');
    }
    const recording = openRecording(folder, VERSION);
    const { events: found, problems } = eventsOf(recording);
    recording.close();
    expect(problems).toEqual([]);
    expect(found.map(({ time }) => time)).toEqual(events.map(({ time }) => time));
    expect(found.map(({ event }) => 'snapshot' in event && event.snapshot)).toEqual(
      events.map(({ snapshot }) => snapshot),
    );
  });

  it('keeps the order of the readings if those of several servers arrive in another order than they began', () => {
    const folder = temporaryFolder();
    const targets = ['/run/a.stats', '/run/b.stats'];
    const recorder = recorderOf();
    recorder.setServers(targets.map((target) => ({ target, name: target, node: 'web1' })));
    const recording = new RecordingFolder(folder, recorder, { say: () => {} });
    const events = trafficEvents(8).flatMap((event, at) => [
      { target: targets[at % 2] ?? '', event },
      // It began earlier, but took longer.
      { target: targets[(at + 1) % 2] ?? '', event: { ...event, time: event.time - 0.3 } },
    ]);
    for (const { target, event } of events) recording.record(target, event);
    recording.close();
    expect(namesIn(folder)).toHaveLength(1);
    const read = openRecording(folder, VERSION);
    const found = eventsOf(read).events;
    const { blocks } = read;
    read.close();
    expect(blocks).toHaveLength(1);
    expect(found.map(({ target, event }) => [target, event.time])).toEqual(
      events.map(({ target, event }) => [target, event.time]),
    );
    // The times of the items are in order, so that nothing is before the start.
    const times = found.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBe(read.start);
  });

  it('begins another block when the clock is set back', () => {
    const folder = temporaryFolder();
    const [first, second] = trafficEvents(2);
    if (!first || !second) expect.fail('there are no events');
    recordTo(folder, [first, { ...second, time: first.time - 3600 }]);
    const read = openRecording(folder, VERSION);
    expect(read.blocks.map(({ time }) => time)).toEqual([first.time - 3600, first.time]);
    read.close();
  });

  it('is continued in a new file after the recorder was killed', () => {
    const folder = temporaryFolder();
    const events = trafficEvents(30);
    recordTo(folder, events.slice(0, 15), { close: false });
    // The lock of an ended process has another pid or start.
    writeFileSync(join(folder, '.recorder'), '999999999 1\n');
    recordTo(folder, events.slice(15));
    expect(namesIn(folder).length).toBe(2);
    const recording = openRecording(folder, VERSION);
    expect(eventsOf(recording).events.length).toBe(30);
    expect(eventsOf(recording, events[20]?.time).events[0]?.time).toBe(events[15]?.time);
    recording.close();
  });

  it('is refused to a second recorder until the first one has ended', () => {
    const folder = temporaryFolder();
    const first = open(folder);
    expect(() => open(folder)).toThrow(`process ${process.pid} records to it`);
    first.close();
    open(folder).close();
    expect(namesIn(folder)).toEqual([]);
  });

  it('ends if another process takes over the lock', () => {
    const folder = temporaryFolder();
    const recording = open(folder);
    writeFileSync(join(folder, '.recorder'), '1 1\n');
    expect(() =>
      recording.record('app', documentEvent(trafficEvents(1)[0]?.document ?? Buffer.of(), 1)),
    ).toThrow('another process records to it');
  });

  it('is refused if other users can write to it, or if it is a link', () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o777);
    expect(() => open(folder)).toThrow('other users can write to it');
    const link = join(temporaryFolder(), 'link');
    symlinkSync(temporaryFolder(), link);
    expect(() => open(link)).toThrow(/ELOOP|ENOTDIR/);
  });

  it('keeps only files that are young and small enough, and only its own', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'notes.statstop'), 'mine');
    const old = join(folder, '20200101T000000Z.statstop');
    writeFileSync(old, 'old');
    utimesSync(old, 1_600_000_000, 1_600_000_000);
    recordTo(folder, trafficEvents(3), { keep: 86_400 });
    expect(existsSync(old)).toBe(false);
    expect(existsSync(join(folder, 'notes.statstop'))).toBe(true);

    const small = temporaryFolder();
    const most = 30_000;
    const events = trafficEvents(150);
    recordTo(small, events, { most });
    const sizes = namesIn(small).map((name) => statSync(join(small, name)).size);
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(most * 1.1);
    const recording = openRecording(small, VERSION);
    const { events: kept } = eventsOf(recording);
    recording.close();
    expect(kept.map(({ time }) => time)).toEqual(events.slice(-kept.length).map(({ time }) => time));
  });
});

describe('a period that is cut out', () => {
  it('begins with the block of its begin and ends with its last event', () => {
    const events = trafficEvents(60);
    const recording = opened(recordedFile(events));
    const at = (place: number) => events[place]?.time ?? 0;
    const file = join(temporaryFolder(), 'cut.statstop');
    const cut = cutOut(recording, at(25), at(33), file);
    expect([cut.start, cut.end]).toEqual([at(20), at(33)]);
    expect(modeOf(file)).toBe('600');
    const part = openRecording(file, VERSION);
    expect(eventsOf(part).events.map(({ time }) => time)).toEqual(
      events.slice(20, 34).map(({ time }) => time),
    );
    const first = [...part.items(0)].find((item) => item.kind === 'block');
    const known = first?.kind === 'block' ? first.observations().get('app') : undefined;
    expect(known?.history.near.at(-1)?.time).toBe(at(19));
    part.close();
    expect(() => cutOut(recording, at(25), at(33), file)).toThrow('EEXIST');
    expect(() => cutOut(recording, 1, 2, `${file}2`)).toThrow('nothing was recorded');
  });
});

describe('secrets', () => {
  it('are not written', () => {
    const secret = 'hunter2-S3CR3T';
    const document = JSON.parse(
      Buffer.from(
        captureEvents()
          .get('threads')
          ?.flatMap((e) => ('document' in e ? [e.document] : []))[1] ?? '',
      ).toString(),
    );
    document.workers[0].cores[0].vars = [
      `HTTP_COOKIE=session=${secret}`,
      `HTTP_AUTHORIZATION=Bearer ${secret}`,
      `QUERY_STRING=token=${secret}`,
      'REQUEST_METHOD=GET',
      `REQUEST_URI=/search?q=tea&page=2&token=${secret}`,
      // uWSGI ends the list with an empty text.
      '',
    ];
    document.daemons = [{ cmd: `worker --password ${secret}`, pid: 5, respawns: 0 }];
    document.spoolers = [{ dir: `/srv/token=${secret}`, pid: 6, tasks: 1, respawns: 0, running: 0 }];
    const bytes = Buffer.from(JSON.stringify(document));
    const events = [1, 2, 3].map((seconds) => documentEvent(bytes, seconds));
    const past = recordAll(new Map([['app', events]]), {
      mask: createMask(),
      block: { readings: 2, seconds: 600 },
    });
    const texts = past.blocks.flatMap((block) =>
      [...past.play(block)].map((item) =>
        item.kind === 'event' && 'document' in item.event ? Buffer.from(item.event.document).toString() : '',
      ),
    );
    expect(texts.join('')).toContain('REQUEST_METHOD=GET');
    expect(texts.join('')).toContain('"REQUEST_URI=/search?q=tea&page=2&token=***",""]');
    expect(texts.join('')).toContain('HTTP_COOKIE=***');
    expect(texts.join('')).not.toContain(secret);
    const states = past.blocks.flatMap((block) =>
      [...past.play(block)].map((item) => (item.kind === 'block' ? [...item.observations()] : null)),
    );
    expect(JSON.stringify(states)).not.toContain(secret);
  });
});
