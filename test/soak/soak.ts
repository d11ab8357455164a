import { PassThrough, Writable } from 'node:stream';
import { initialState } from '../../src/app/state.ts';
import { initialView } from '../../src/commands/options.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { terminalType } from '../../src/terminal/blessed/terminfo.ts';
import { runLoop } from '../../src/terminal/loop.ts';
import { type Measure, measure } from './measure.ts';
import type { Source } from './source.ts';

export interface SoakOptions {
  polls: number;
  /** Looks that are taken at this process. */
  looks: number;
  source: Source;
}

export interface Soak {
  measures: Measure[];
  seconds: number;
  /** Written to the terminal. */
  bytes: number;
  /** Pieces that were written: at least one a frame. */
  writes: number;
}

/** Help and back, charts and back, all core modes, rows, freeze and back, sorting both ways, a redraw. */
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

/** Lets the whole live view run, as fast as it can, with somebody at the keys. */
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
    // In the last state of the keys the terminal may be anything; `q` leaves it in all of them.
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
    target: parseTarget(source.address),
    timeoutSeconds: 60,
    hostOf: async () => null,
    stacksOf: async () => [],
    keeper: { question: async () => null, save: async () => 'written' },
    state: initialState({ target: source.address, node: 'soak', now: Date.now() / 1000, view }),
    streams: { input, output },
    terminal: terminalType({ TERM: 'xterm-256color', LANG: 'C.UTF-8' }),
  });
  return { measures, seconds: (performance.now() - start) / 1000, ...written };
}
