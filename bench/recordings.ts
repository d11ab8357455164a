import { initialState, sceneOf } from '../src/app/state.ts';
import { initialView } from '../src/commands/initial-view.ts';
import { nothingObserved, type Observation } from '../src/monitor/observation.ts';
import { observe } from '../src/monitor/observe.ts';
import { Recorder } from '../src/recordings/recorder.ts';
import type { DocumentEvent } from '../src/sources/source.ts';
import { decoding, type Parsed } from '../src/stats/decode.ts';
import { atOnce } from '../src/stats/steps.ts';
import { createMask } from '../src/text/secrets.ts';
import { screen } from '../src/views/screen.ts';
import { Recorded, VERSION } from '../test/recordings/recorded.ts';
import { documents, SIZES, type Size, sizeName } from './documents.ts';
import { bytes, medianRatio, milliseconds, ratio } from './figures.ts';
import { measureRecentPast, type RecentResult } from './recent-past.ts';
import { SCREEN } from './sink.ts';
import { GAP, type Row, type Section } from './table.ts';

/** Number of readings to measure: the longest block. */
const READINGS = 100;

/** Readings ten seconds apart that fill the history of an hour, and the following ones a second apart. */
const HOUR_READINGS = 361;
const EPOCH = 1_790_000_000;

interface Result {
  /** Bytes of each reading of a block, including its checkpoint. */
  perReading: number;
  checkpoint: number;
  /** CPU milliseconds of each reading. */
  watching: number[];
  recording: number[];
  /** CPU milliseconds to jump to the last reading of a block. */
  jump: number;
}

interface Sized extends Result {
  name: string;
  recent: RecentResult;
}

/** Measures what a recording costs, compared with watching: time, and disk after an hour. */
export async function measureRecordings(): Promise<Section> {
  const sizes: Sized[] = [];
  for (const size of SIZES.slice(0, 2))
    sizes.push({ name: sizeName(size), ...measure(size), recent: await measureRecentPast(size) });
  const row = (label: string, cell: (result: Sized) => string): Row => [label, ...sizes.map(cell)];
  return {
    title: 'A recording, one reading a second, after an hour',
    columns: sizes.map(({ name }) => name),
    rows: [
      row('CPU of recording / watching [goal 1.3]', (of) => ratio(medianRatio(of.recording, of.watching))),
      row('bytes per reading [goal 1 KiB and 5 KiB]', (of) => bytes(of.perReading)),
      row('jump to the end of a block, ms [goal 300 and 1000]', (of) => milliseconds([of.jump])),
      row('the same in the recent past of the live view', ({ recent }) => milliseconds([recent.jump])),
      row('ten minutes of the recent past [goal 64 MB]', ({ recent }) => bytes(recent.bytes)),
      row('its own estimate', ({ recent }) => bytes(recent.estimate)),
      GAP,
      row('recording, ms per reading', (of) => milliseconds(of.recording)),
      row('watching, ms per reading', (of) => milliseconds(of.watching)),
      row('first part of a block', (of) => bytes(of.checkpoint)),
    ],
    notes: [
      `watching: decode, observe and draw ${SCREEN.columns}x${SCREEN.rows}; recording: decode and record`,
    ],
  };
}

function measure(size: Size): Result {
  const past = new Recorded();
  const recorder = new Recorder({ version: VERSION, run: '1', interval: 1, options: {}, mask: createMask() });
  const server = { target: 'app', name: 'app', node: 'bench' };
  recorder.setServers([server]);
  const view = initialView({
    ...{ interval: 1, timeout: 4, cores: 'off', theme: 'dark', color: true },
    ...{ settings: {}, settingPath: null },
  });
  let watched: Observation = nothingObserved('app');
  const state = initialState({ servers: [server], node: 'bench', now: EPOCH, view });
  const result: Result = { perReading: 0, checkpoint: 0, watching: [], recording: [], jump: 0 };
  let seconds = 0;
  const read = (document: Uint8Array, every: number, isMeasured: boolean) => {
    seconds += every;
    const decodingMs = cpuMs();
    let parsed: Parsed | undefined;
    const snapshot = atOnce(
      decoding(document, (json) => {
        parsed = json;
      }),
    );
    const decoded = cpuMs() - decodingMs;
    const [time, clock] = [EPOCH + seconds, 1000 + seconds];
    const event: DocumentEvent = {
      ...{ kind: 'document', document, snapshot, origin: 'server', time, clock, clockError: 0, host: null },
      ...(parsed ? { parsed } : {}),
    };
    const start = cpuMs();
    watched = observe(watched, event);
    const fleet = { ...state.fleet, servers: new Map([['app', watched]]) };
    screen(sceneOf({ ...state, fleet, now: time }), SCREEN);
    const drawn = cpuMs();
    const part = recorder.record('app', event);
    if (part) past.add(part);
    if (!isMeasured || !part) return;
    result.watching.push(decoded + drawn - start);
    result.recording.push(decoded + cpuMs() - drawn);
    if (part.beginsBlock) result.checkpoint = part.bytes.length;
  };
  for (const document of documents(size, HOUR_READINGS, 10)) read(document, 10, false);
  recorder.beginBlock();
  for (const document of documents(size, READINGS, 1)) read(document, 1, true);
  const block = past.blocks.toSorted((one, other) => one.events - other.events).at(-1);
  if (!block) throw new Error('nothing was recorded');
  result.perReading = block.bytes.length / block.events;
  const begun = cpuMs();
  let observations: ReadonlyMap<string, Observation> = new Map();
  for (const item of past.play(block)) {
    if (item.kind === 'block') observations = item.observations();
    if (item.kind !== 'event') continue;
    const before = observations.get(item.target) ?? nothingObserved(item.target);
    observations = new Map([[item.target, observe(before, item.event)]]);
  }
  result.jump = cpuMs() - begun;
  return result;
}

/** User and system time of this process. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
