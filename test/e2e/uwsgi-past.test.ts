import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RecordingFolder } from '../../src/recordings/folder.ts';
import { openRecording } from '../../src/recordings/open.ts';
import { Recorder } from '../../src/recordings/recorder.ts';
import { createMask } from '../../src/text/secrets.ts';
import { skipWithout } from '../lab/available.ts';
import { insideOf } from '../lab/inside.ts';
import { ask, startLoad } from '../lab/load.ts';
import { readerOf } from '../lab/reader.ts';
import { serverOf } from '../lab/server.ts';
import type { Uwsgi } from '../lab/uwsgi.ts';
import { OPTIONS, VERSION } from '../recordings/recorded.ts';
import type { Emulator } from '../terminal/emulator.ts';
import { watch } from '../terminal/session.ts';

const SIZE = { columns: 150, rows: 40 };

/**
 * The rows of the view of events, without how long they have lasted. The recording begins after the live view, so its
 * findings can cover a shorter time.
 */
async function eventsOf(terminal: Emulator, count: number): Promise<string[]> {
  terminal.type('*');
  await terminal.untilText(/WHEN.*KIND.*LASTED.*EVENT/);
  const rows = (lines: readonly string[]) =>
    lines.flatMap((line) => {
      const [, when, kind, text] = /^ +([\d:]{8}) ([a-z]+) +\S+ +(?:\S+ +)?(\S.*?) *$/.exec(line) ?? [];
      return when === undefined ? [] : [`${when} ${kind} ${text}`.replace(/ in \d+s\b/g, '')];
    });
  return rows(await terminal.until((lines) => rows(lines).length >= count, `${count} events`));
}

/**
 * Records the live view of a server while something happens, and replays the recording. Returns the events of both. The
 * live view can have more events, from the time before the recording.
 */
async function livedAndReplayed(
  server: Uwsgi,
  happens: (terminal: Emulator) => Promise<void>,
): Promise<{ live: string[]; replayed: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-past-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const levels = { exceptions: { warning: 0.5, critical: null } };
  const recorder = new Recorder({ ...OPTIONS, options: { levels }, mask: createMask() });
  const written = new RecordingFolder(folder, recorder, { say: () => {} });
  const terminal = watch(server.target, {
    size: SIZE,
    view: { interval: 0.3, levels },
    recorder: {
      start: async () => folder,
      stop: () => {},
      record: (...event) => void written.record(...event),
      setServers: (all) => recorder.setServers(all),
    },
  });
  await terminal.untilText(/RPS +[0-9]/);
  recorder.setServers([{ target: server.target, name: 'app', node: 'web1' }]);
  terminal.type('R');
  await terminal.until((lines) => / recording +[\d.]+s$/.test(lines[1] ?? ''));

  terminal.type('*');
  await happens(terminal);
  const live = await eventsOf(terminal, 3);
  terminal.type('R');
  await terminal.until((lines) => !/ recording +[\d.]+s$/.test(lines[1] ?? ''));
  written.close();

  const recording = openRecording(folder, VERSION);
  onTestFinished(() => recording.close());
  const replay = watch(server.target, {
    size: SIZE,
    recording: { timeline: recording, name: folder, marks: () => [], at: recording.end },
  });
  await replay.untilText(/^replay .* paused/m);
  return { live, replayed: (await eventsOf(replay, live.length)).slice(-live.length) };
}

describe.skipIf(skipWithout())('a recording of the live view has the same events when it is replayed', () => {
  test('of a harakiri, exceptions, a reload, a killed master and a restart', async () => {
    const server = await serverOf({ processes: 2, args: ['--harakiri', '2'] });
    const { live, replayed } = await livedAndReplayed(server, async (terminal) => {
      await ask(server.http, '/sleep/20?page=7&token=s3cret').catch(() => null);
      await terminal.untilText(/ harakiri .* was killed; last seen: GET \/sleep\/20\?page=7&token=\*\*\*/);
      await startLoad({ to: server.http, path: '/boom', connections: 1, seconds: 600, count: 10 }).finished;
      await terminal.untilText(/ began .*exceptions? in /);
      process.kill(server.pid(), 'SIGHUP');
      await terminal.untilText(/ reload /);
      process.kill(server.pid(), 'SIGKILL');
      await terminal.untilText(/ lost .* refused/);
      await server.restart({ processes: 2, args: ['--harakiri', '2'] });
      await terminal.untilText(/ restart .* new master/);
    });
    expect(replayed).toEqual(live);
    expect(live.map((row) => row.split(' ')[1])).toEqual(
      expect.arrayContaining(['harakiri', 'began', 'reload', 'lost', 'restored', 'restart']),
    );
  });

  test('of a filling queue and a crash loop', async () => {
    // Each worker that starts while the file exists ends before it serves, and the master starts the next one.
    const hook = 'exec:test ! -e "$LAB_FOLDER/crash" || kill -KILL $PPID';
    const server = await insideOf({
      processes: 2,
      httpPort: true,
      args: ['--listen', '20', '--hook-accepting', hook],
    });
    const { live, replayed } = await livedAndReplayed(server, async (terminal) => {
      const clients = startLoad({
        to: server.http,
        path: '/inside/hold/1',
        connections: 8,
        seconds: 600,
        count: 8,
      });
      await terminal.untilText(/ began .*listen queue filling: \d waiting, limit 20/);
      server.release();
      await clients.finished;
      await terminal.untilText(/ ended .*at worst: listen queue filling/);

      writeFileSync(join(server.folder, 'crash'), '');
      const { sample } = await readerOf(server.target).app();
      process.kill(sample.snapshot.workers[0]?.pid ?? 0, 'SIGKILL');
      await terminal.untilText(/ began .*\d respawns of 2 workers/);
    });
    expect(replayed).toEqual(live);
    expect(live.map((row) => row.split(' ')[1])).toEqual(
      expect.arrayContaining(['began', 'ended', 'respawn']),
    );
  });
});
