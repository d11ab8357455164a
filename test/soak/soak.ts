import { PassThrough, Writable } from 'node:stream';
import { initialState } from '../../src/app/state.ts';
import { initialView } from '../../src/commands/initial-view.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { terminalType } from '../../src/terminal/blessed/terminfo.ts';
import { runLoop } from '../../src/terminal/loop.ts';
import { NO_RECORDER } from '../terminal/no-recorder.ts';
import { type Measure, measure } from './measure.ts';
import type { Source } from './source.ts';

export interface SoakOptions {
  polls: number;
  /** Number of measurements of this process. */
  looks: number;
  source: Source;
}

export interface Soak {
  measures: Measure[];
  seconds: number;
  /** Bytes written to the terminal. */
  bytes: number;
  /** Number of writes: at least one per frame. */
  writes: number;
}

/**
 * Opens and closes help and charts, shows all core modes, moves the selection, freezes and resumes, sorts both ways,
 * redraws.
 */
const KEYS = [
  'h',
  'h',
  '\t',
  '\t',
  'a',
  'a',
  'a',
  'j',
  'j',
  'G',
  'g',
  '\x1b[6~',
  ' ',
  ' ',
  '>',
  '<',
  'r',
  'r',
  '\x0c',
];
const SCREEN = { columns: 100, rows: 30 };

/** Runs the whole live view as fast as possible, with simulated keys. */
export async function soak({ polls, looks, source }: SoakOptions): Promise<Soak> {
  const start = performance.now();
  const every = Math.max(1, Math.floor(polls / looks));
  const input = Object.assign(new PassThrough(), { setRawMode() {} });
  const measures: Measure[] = [];
  const written = { bytes: 0, writes: 0 };
  const output = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.bytes += chunk.length;
        written.writes += 1;
        done();
      },
    }),
    SCREEN,
  );
  let pressed = 0;
  let next = every;
  source.onPolls((done) => {
    input.write(KEYS[pressed++ % KEYS.length]);
    if (done < next) return;
    next += every;
    measures.push(measure(done));
    // The last key may leave any state. `q` ends the view in all of them.
    if (done >= polls) input.write('q');
  });
  const view = {
    ...initialView({
      interval: 0,
      timeout: 60,
      cores: 'off',
      color: true,
      theme: 'dark',
      settings: {},
      settingPath: null,
    }),
    interval: 0,
  };
  await runLoop({
    servers: [
      {
        server: { target: source.address, name: 'soak', node: 'soak' },
        target: parseTarget(source.address),
        hostOf: async () => null,
        stacksOf: async () => [],
      },
    ],
    timeoutSeconds: 60,
    keeper: { question: async () => null, save: async () => 'written' },
    recorder: NO_RECORDER,
    state: initialState({
      servers: [{ target: source.address, name: 'soak', node: 'soak' }],
      node: 'soak',
      now: Date.now() / 1000,
      view,
    }),
    streams: { input, output },
    terminal: terminalType({ TERM: 'xterm-256color', LANG: 'C.UTF-8' }),
  });
  return { measures, seconds: (performance.now() - start) / 1000, ...written };
}
