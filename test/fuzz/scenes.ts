import type { Random } from '../../src/demo/random.ts';
import { PERIODS } from '../../src/insights/paths/period.ts';
import { EVENT_KINDS, type Event } from '../../src/monitor/event.ts';
import { type Connection, nothingObserved, type Observed } from '../../src/monitor/observation.ts';
import { type History, NO_HISTORY } from '../../src/rates/history.ts';
import { MARKS } from '../../src/rates/point.ts';
import type { Sample } from '../../src/rates/sample.ts';
import { createMask } from '../../src/text/secrets.ts';
import type { Action } from '../../src/views/actions.ts';
import { BINDINGS } from '../../src/views/bindings.ts';
import { CORE_MODES } from '../../src/views/core-modes.ts';
import type { Size } from '../../src/views/frame.ts';
import type { Glyphs } from '../../src/views/glyphs.ts';
import { type Scene, type StackReading, UNTOUCHED, type ViewState } from '../../src/views/scene.ts';
import { THRESHOLDS } from '../../src/views/thresholds.ts';
import { update } from '../../src/views/update.ts';
import { VIEWS } from '../../src/views/views.ts';
import { KEYMAP } from '../views/keymap.ts';
import { oneOf } from './choose.ts';

/** A mask with the default options. */
export const MASK = createMask();

/** A size from one cell to more than any real terminal; often small, where layout is difficult. */
export function sizeOf(random: Random): Size {
  return random.chance(0.3)
    ? { columns: random.integer(1, 40), rows: random.integer(1, 14) }
    : { columns: random.integer(1, 300), rows: random.integer(1, 100) };
}

const ALL_VIEWS = Object.values(VIEWS).flat();
const NAMES = [...new Set(ALL_VIEWS.flatMap(({ columns }) => columns.map(({ name }) => name)))];
const ACTIONS: readonly Action[] = [
  ...BINDINGS.flatMap(({ keys, action }) =>
    typeof action === 'function' ? keys.map((_, place) => action(place)) : [action],
  ),
  ...NAMES.map((column): Action => ({ kind: 'sort', column })),
  ...[-30, -3, 3, 500].map((rows): Action => ({ kind: 'scroll', rows })),
];

/** The state of the monitor after this sample alone. */
export function observed(sample: Sample): Observed {
  return { ...nothingObserved(sample.target), connection: { state: 'live' }, sample };
}

/**
 * A random view of a sample, as after some keys.
 *
 * @param said a text from the network
 */
export function randomScene(sample: Sample, size: Size, said: string, glyphs: Glyphs, random: Random): Scene {
  let scene: Scene = {
    ...nothingObserved(random.chance(0.8) ? '/run/uwsgi/stats.sock' : said),
    node: random.chance(0.8) ? 'web1' : said,
    name: random.chance(0.2) ? said : null,
    backTo: random.chance(0.2) ? 'Servers' : null,
    replay: null,
    pace: random.chance(0.1) ? 2.5 : 1,
    sample: random.chance(0.97) ? sample : null,
    events: random.chance(0.5) ? eventsOf(sample.time, said, random) : [],
    history: random.chance(0.5) ? historyOf(random) : NO_HISTORY,
    now: sample.time + random.integer(0, 20),
    connection: connectionOf(sample.time, said, random),
    resetAt: random.chance(0.1) ? sample.time : null,
    lastSeen: null,
    stack: random.chance(0.2) ? stackOf(sample.time, said) : null,
    notice: random.chance(0.1) ? { text: said, role: 'good', at: sample.time } : null,
    recording: random.chance(0.1) ? said : null,
    view: viewOf(said, glyphs, random),
  };
  for (let turn = random.integer(0, 5); turn > 0; turn--) scene = update(scene, oneOf(random, ACTIONS), size);
  return scene;
}

function connectionOf(time: number, said: string, random: Random): Connection {
  if (random.chance(0.7)) return { state: 'live' };
  if (random.chance(0.1)) return { state: 'connecting' };
  return {
    state: 'lost',
    since: random.chance(0.5) ? time - 90 : null,
    why: said,
    advice: said,
    retryAt: time + 4,
  };
}

function viewOf(said: string, glyphs: Glyphs, random: Random): ViewState {
  const columns = NAMES.filter(() => random.chance(0.3));
  return {
    interval: oneOf(random, [0.1, 1, 3600]),
    fast: random.chance(0.2),
    frozenAt: random.chance(0.1) ? 1_795_335_300 : null,
    ...UNTOUCHED,
    tab: random.chance(0.2) ? null : oneOf(random, ALL_VIEWS).name,
    firstTab: null,
    otherTabs: {},
    cores: oneOf(random, CORE_MODES),
    chartRange: oneOf(random, ['near', 'hour']),
    hidesIdle: random.chance(0.2),
    isSplit: random.chance(0.8),
    lower: {
      selected: random.chance(0.2) ? '1:0' : null,
      top: random.chance(0.1) ? random.integer(0, 70) : 0,
    },
    sort: random.chance(0.5) ? { column: oneOf(random, NAMES), descending: random.chance(0.5) } : null,
    columns: random.chance(0.3) && columns.length > 0 ? columns : null,
    filter: random.chance(0.15) ? oneOf(random, ['1', 'busy', 'GET', said]) : null,
    selected: random.chance(0.3) ? String(random.integer(0, 8)) : null,
    top: random.chance(0.2) ? random.integer(0, 70) : 0,
    prompt: random.chance(0.1) ? { before: null } : null,
    question: random.chance(0.05) ? said : null,
    detail: random.chance(0.15)
      ? {
          id: oneOf(random, ['1', '1:0', '2:1', 'x']),
          top: random.integer(0, 20),
          field: random.chance(0.5) ? random.integer(0, 20) : null,
          search: random.chance(0.3) ? said : null,
        }
      : null,
    help: random.chance(0.1)
      ? { page: random.integer(0, 8), search: random.chance(0.5) ? said : null, at: null }
      : null,
    mask: MASK,
    glyphs,
    keys: KEYMAP,
    thresholds: THRESHOLDS,
    levels: {},
    long: random.chance(0.5) ? [] : ['/*', '/a*b*'],
    chooser: random.chance(0.1)
      ? {
          ...oneOf(random, [
            { kind: 'chooser' as const, shown: columns.length > 0 ? columns : NAMES },
            { kind: 'sort' as const },
          ]),
          order: NAMES,
          at: random.integer(0, NAMES.length - 1),
        }
      : null,
    period: oneOf(random, PERIODS),
    paths: [],
    ledFrom: random.chance(0.1) ? 'paths' : null,
  };
}

/** One event of each kind, with hostile texts. */
function eventsOf(time: number, said: string, random: Random): Event[] {
  return EVENT_KINDS.map((kind, at) => ({
    id: at + 1,
    time: time - random.integer(-5, 5000),
    kind,
    text: said,
    about: random.chance(0.5)
      ? { view: oneOf(random, ALL_VIEWS).name, row: oneOf(random, ['1', said]) }
      : null,
    ...(random.chance(0.5) ? { until: random.chance(0.5) ? time : null, result: said } : {}),
    ...(random.chance(0.2) ? { server: { target: said, name: said } } : {}),
  }));
}

/** A stack whose texts are hostile too. */
function stackOf(time: number, said: string): StackReading {
  const frame = { file: said, line: null, function: said, source: said };
  const stack = { thread: said, worker: 1, core: 0, frames: [frame, frame], whole: false };
  return { worker: 1, core: 0, result: { state: 'read', time, stacks: [stack, stack] } };
}

/** A history with ten points per second and extreme values. */
function historyOf(random: Random): History {
  const value = (most: number) => (random.chance(0.1) ? null : random.skewed(0, most));
  const most = oneOf(random, [0, 1e-12, 1, 500, 1e6, 9e16]);
  const workers = {
    requests: new Float32Array(3),
    timedRequests: new Float32Array(3),
    runningTime: new Float32Array(3),
    memory: new Float32Array(3),
    pid: new Uint32Array(3),
  };
  const hour = Array.from({ length: random.integer(0, 610) }, (_, place) => ({
    time: 1_795_335_000 + place,
    seconds: oneOf(random, [0, 0.1, 1, 100]),
    requests: value(most),
    timedRequests: value(most),
    runningTime: value(most),
    tx: value(most),
    exceptions: value(most),
    busy: value(1),
    queue: value(most),
    memory: value(most),
    refused: null,
    work: { begun: null, open: null, cut: null, cores: null },
    writeErrors: value(most),
    harakiris: value(most),
    respawns: value(most),
    cheap: random.integer(0, 3),
    hadCheap: false,
    reloading: false,
    marks: MARKS.filter(() => random.chance(0.05)),
    workers,
  }));
  return { ...NO_HISTORY, near: hour, hour: hour.slice(-360) };
}
