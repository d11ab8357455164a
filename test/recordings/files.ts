import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { appDocument } from '../../src/demo/document.ts';
import { createTraffic } from '../../src/demo/traffic.ts';
import { RecordingFolder } from '../../src/recordings/folder.ts';
import { openRecording, type Problem, type Recording } from '../../src/recordings/open.ts';
import type { Item } from '../../src/recordings/play.ts';
import { Recorder, type RecorderOptions } from '../../src/recordings/recorder.ts';
import type { DocumentEvent } from '../../src/sources/source.ts';
import { documentEvent, OPTIONS, VERSION } from './recorded.ts';

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-recordings-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The events of a small server under traffic. */
export function trafficEvents(count: number, everySeconds = 1): DocumentEvent[] {
  const traffic = createTraffic({ workers: 2, cores: 2, rate: 5 });
  const epoch = 1_795_000_000;
  return Array.from({ length: count }, (_, at) => {
    traffic.advance(1);
    return documentEvent(Buffer.from(appDocument(traffic.state, { epoch })), at * everySeconds);
  });
}

/** A recorder of the server `app`. */
export function recorderOf(options: Partial<RecorderOptions> = {}): Recorder {
  const recorder = new Recorder({ ...OPTIONS, block: { readings: 10, seconds: 600 }, ...options });
  recorder.setServers([{ target: 'app', name: 'app', node: 'web1' }]);
  return recorder;
}

/** Records events to a folder, and returns what was said. */
export function recordTo(
  folder: string,
  events: readonly DocumentEvent[],
  { close = true, ...limits }: { keep?: number; most?: number; close?: boolean } = {},
): string[] {
  const said: string[] = [];
  const recording = new RecordingFolder(folder, recorderOf(), { ...limits, say: (text) => said.push(text) });
  for (const event of events) recording.record('app', event);
  if (close) recording.close();
  return said;
}

/** The bytes of a file with these events, with or without its index. */
export function recordedFile(events: readonly DocumentEvent[], close = true): Buffer {
  const folder = temporaryFolder();
  recordTo(folder, events, { close });
  const recording = openRecording(folder, VERSION);
  const file = readFileSync(recording.blocks[0]?.file ?? '');
  recording.close();
  return file;
}

/** Opens bytes as a file. */
export function opened(bytes: Uint8Array): Recording {
  const file = join(temporaryFolder(), 'a.statstop');
  writeFileSync(file, bytes);
  const recording = openRecording(file, VERSION);
  onTestFinished(() => recording.close());
  return recording;
}

type EventItem = Extract<Item, { kind: 'event' }>;

/** The events of a recording, and what could not be read. */
export function eventsOf(recording: Recording, from = 0): { events: EventItem[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const events = [...recording.items(from, (problem) => problems.push(problem))].filter(
    (item): item is EventItem => item.kind === 'event',
  );
  return { events, problems };
}
