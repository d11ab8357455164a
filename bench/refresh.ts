import { initialState, sceneOf } from '../src/app/state.ts';
import { initialView } from '../src/commands/initial-view.ts';
import { sampleOf } from '../src/rates/rates.ts';
import type { Reading } from '../src/rates/sample.ts';
import { decode } from '../src/stats/decode.ts';
import { CORE_MODES } from '../src/views/core-modes.ts';
import { UNICODE } from '../src/views/glyphs.ts';
import type { Scene } from '../src/views/scene.ts';
import { screen } from '../src/views/screen.ts';
import { documents, SIZES, type Size, sizeName } from './documents.ts';
import { bytes, median, medianRatio, milliseconds, ratio } from './figures.ts';
import { openSink, SCREEN } from './sink.ts';
import { GAP, type Row, type Section } from './table.ts';

const DOCUMENTS = 24;
const INTERVAL = 1;
const WARM_UP_MS = 1500;
const MEASURED_MS = 3000;

/** By the name of a step: CPU milliseconds of each run, or the bytes that each run wrote. */
type Laps = Map<string, number[]>;

/** Measures the cost of a refresh inside the process, compared with `JSON.parse` of the same bytes. */
export function measureRefresh(): Section {
  const sizes = SIZES.map((size) => ({ name: sizeName(size), ...measure(size) }));
  const row = (label: string, cell: (laps: Laps) => string): Row => [
    label,
    ...sizes.map((s) => cell(s.laps)),
  ];
  const time = (label: string, step: string) => row(label, (laps) => milliseconds(of(laps, step)));
  return {
    title: `One refresh of ${SCREEN.columns}x${SCREEN.rows}, within the process`,
    columns: sizes.map(({ name, document }) => `${name}, ${bytes(document)}`),
    rows: [
      ...CORE_MODES.map((mode) =>
        row(
          `(decode + diff + view) / JSON.parse, cores ${mode}${mode === 'off' ? ' [goal 1.5]' : ''}`,
          (laps) => ratio(medianRatio(sums(laps, ['decode', 'diff', `view ${mode}`]), of(laps, 'parse'))),
        ),
      ),
      ...CORE_MODES.map((mode) =>
        row(`paint / JSON.parse, cores ${mode}`, (laps) =>
          ratio(medianRatio(of(laps, `paint ${mode}`), of(laps, 'parse'))),
        ),
      ),
      GAP,
      time('JSON.parse of the bytes, ms', 'parse'),
      time('decode, ms', 'decode'),
      time('diff, ms', 'diff'),
      ...CORE_MODES.map((mode) => time(`view, cores ${mode}, ms`, `view ${mode}`)),
      ...CORE_MODES.map((mode) => time(`paint, cores ${mode}, ms`, `paint ${mode}`)),
      ...CORE_MODES.map((mode) =>
        row(`bytes to the terminal, cores ${mode}`, (laps) => bytes(median(of(laps, `bytes ${mode}`)))),
      ),
    ],
  };
}

/** User and system time of this process. Unlike wall-clock time, it excludes the time of other processes. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function of(laps: Laps, step: string): readonly number[] {
  return laps.get(step) ?? [];
}

/** The sum of the times of some steps, for each run. */
function sums(laps: Laps, steps: readonly string[]): number[] {
  const [first = '', ...more] = steps;
  return of(laps, first).map((value, i) => more.reduce((sum, step) => sum + (of(laps, step)[i] ?? 0), value));
}

function measure(size: Size): { document: number; laps: Laps } {
  const all = documents(size, DOCUMENTS, INTERVAL);
  const sinks = CORE_MODES.map((mode) => ({ mode, sink: openSink() }));
  let laps: Laps = new Map();

  const lap = (step: string, value: number) => {
    const values = laps.get(step);
    if (values) values.push(value);
    else laps.set(step, [value]);
  };
  const timed = <Value>(step: string, work: () => Value): Value => {
    const start = cpuMs();
    const value = work();
    lap(step, cpuMs() - start);
    return value;
  };

  /** One refresh. The first refresh of a run is not counted, because there is no previous document. */
  const refresh = (document: Buffer, place: number, previous: Reading | null): Reading => {
    const savedLaps = laps;
    if (previous === null) laps = new Map();
    // Alternate the order, because the first of the two loads the bytes into the processor's cache.
    const parse = () => timed('parse', () => JSON.parse(document.toString('utf8')));
    if (place % 2 === 0) parse();
    const snapshot = timed('decode', () => decode(document));
    if (place % 2 === 1) parse();
    const current = { snapshot, time: Date.now() / 1000, clock: place * INTERVAL };
    const sample = timed('diff', () => sampleOf('bench', current, previous));
    for (const { mode, sink } of sinks) {
      const scene = { ...LIVE, sample, now: current.time, view: { ...LIVE.view, cores: mode } };
      const frame = timed(`view ${mode}`, () => screen(scene, SCREEN));
      const before = sink.bytes;
      timed(`paint ${mode}`, () => sink.terminal.draw(frame));
      lap(`bytes ${mode}`, sink.bytes - before);
    }
    laps = savedLaps;
    return current;
  };

  const run = (milliseconds: number) => {
    for (const end = performance.now() + milliseconds; performance.now() < end; ) {
      let previous: Reading | null = null;
      for (const [place, document] of all.entries()) previous = refresh(document, place, previous);
    }
  };
  run(WARM_UP_MS);
  laps = new Map();
  run(MEASURED_MS);
  for (const { sink } of sinks) sink.terminal.destroy();
  return { document: median(all.map(({ length }) => length)), laps };
}

const LIVE: Scene = {
  ...sceneOf(
    initialState({
      servers: [{ target: 'bench', name: 'bench', node: 'bench' }],
      node: 'bench',
      now: 0,
      view: {
        ...initialView({
          interval: INTERVAL,
          timeout: 4,
          cores: 'off',
          color: true,
          theme: 'dark',
          settings: {},
          settingPath: null,
        }),
        glyphs: UNICODE,
      },
    }),
  ),
  connection: { state: 'live' },
};
