import { setTimeout as sleep } from 'node:timers/promises';
import { initialState, sceneOf } from '../src/app/state.ts';
import { initialView } from '../src/commands/initial-view.ts';
import { sampleOf } from '../src/rates/rates.ts';
import { decode } from '../src/stats/decode.ts';
import type { Scene } from '../src/views/scene.ts';
import { screen } from '../src/views/screen.ts';
import { update } from '../src/views/update.ts';
import { documents, SIZES, type Size, sizeName } from './documents.ts';
import { median, milliseconds, ratio } from './figures.ts';
import { STATSTOP } from './processes.ts';
import { hasPty } from './pty.ts';
import { openSink, SCREEN } from './sink.ts';
import { GAP, type Section } from './table.ts';
import { startWatched } from './watched.ts';

const DOCUMENTS = 60;
const ROUNDS = 6;
const LETTERS = 'bcdefghijkl';
/** Ctrl-U: erases the typed text. */
const ERASE = '\x15';
/** Pauses between two keys, in milliseconds. They must not be in step with the refreshes, ten per second. */
const PAUSES_MS = [37, 61, 83, 113];

const MOVES = 400;
/** The server sizes between which the cost of scrolling is compared. */
const FEW: Size = { workers: 5, cores: 8 };
const MANY: Size = { workers: 512, cores: 8 };

/** Measures the response time of a key while the view refreshes ten times per second, and the cost of scrolling. */
export async function measureKeys(): Promise<Section> {
  const title = 'Keys';
  const scrolled = [FEW, MANY].map((size) => scroll(size));
  const scrolling = ratio(median(scrolled[1] ?? []) / median(scrolled[0] ?? []));
  if (!hasPty())
    return {
      title,
      columns: [],
      rows: [['a move among 4,096 cores / among 40', scrolling]],
      notes: ['Key times not measured: `script` of util-linux is not installed.'],
    };
  const sizes: number[][] = [];
  for (const size of SIZES) sizes.push(await answers(size));
  const cell = (values: readonly number[], share: number) =>
    `${(values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN).toFixed(1)}`;
  return {
    title: 'Time from a key to its frame, in fast mode',
    columns: SIZES.map(sizeName),
    rows: [
      ['median, ms [goal 50]', ...sizes.map((values) => cell(values, 0.5))],
      ['90th percentile, ms', ...sizes.map((values) => cell(values, 0.9))],
      ['maximum, ms', ...sizes.map((values) => cell(values, 1))],
      GAP,
      ['a move among 4,096 cores / among 40 [goal 1]', '', '', scrolling],
      ['a move among 40 cores and among 4,096, ms', ...scrolled.map((values) => milliseconds(values))],
    ],
  };
}

/** Types into the filter, which is applied to all rows, and waits for each letter to appear on the screen. */
async function answers(size: Size): Promise<number[]> {
  const view = await startWatched([process.execPath, STATSTOP], documents(size, DOCUMENTS, 0.1), 'WORKERS');
  view.pace();
  await view.answers('/', 'column>value');
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const letter of LETTERS) {
      await sleep(PAUSES_MS[times.length % PAUSES_MS.length]);
      times.push(await view.answers(letter, `${letter}_`));
    }
    await view.answers(ERASE, 'column>value|_ ');
  }
  await view.answers('\r', '.');
  await view.quit();
  return times;
}

/** CPU time in milliseconds of each step down the Cores view, including the painting of its frame. */
function scroll(size: Size): number[] {
  const [first, second] = documents(size, 2, 1).map((document, place) => ({
    snapshot: decode(document),
    time: place,
    clock: place,
  }));
  if (!first || !second) throw new Error('two documents expected');
  const { terminal } = openSink();
  const options = {
    interval: 1,
    timeout: 4,
    cores: 'off',
    color: true,
    theme: 'dark',
    settings: {},
    settingPath: null,
  } as const;
  const view = { ...initialView(options), tab: 'cores' };
  let scene: Scene = {
    ...sceneOf(
      initialState({
        servers: [{ target: 'bench', name: 'bench', node: 'bench' }],
        node: 'bench',
        now: Date.now() / 1000,
        view,
      }),
    ),
    sample: sampleOf('bench', second, first),
  };
  const times = Array.from({ length: MOVES }, (_, at) => {
    const rows = at % 80 < 40 ? 1 : -1;
    const { user, system } = process.cpuUsage();
    scene = update(scene, { kind: 'move', rows }, SCREEN);
    terminal.draw(screen(scene, SCREEN));
    const after = process.cpuUsage({ user, system });
    return (after.user + after.system) / 1000;
  });
  terminal.destroy();
  // The first steps are slow while the code is compiled.
  return times.slice(MOVES / 4);
}
