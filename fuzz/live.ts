import type { Random } from '../src/demo/random.ts';
import type { Point } from '../src/rates/history.ts';
import type { Sample } from '../src/rates/sample.ts';
import { type Action, BINDINGS } from '../src/views/actions.ts';
import type { Size } from '../src/views/frame.ts';
import type { Glyphs } from '../src/views/glyphs.ts';
import { type Connection, type Live, UNTOUCHED, type ViewState } from '../src/views/live.ts';
import { createMask } from '../src/views/secrets.ts';
import { CORE_MODES } from '../src/views/tables/worker-columns.ts';
import { update } from '../src/views/update.ts';
import { VIEWS } from '../src/views/views.ts';
import { oneOf } from './choose.ts';

/** Masks everything that is masked without further options. */
export const MASK = createMask();

/** A size from one cell to more than anybody has; often small, where things get tight. */
export function sizeOf(random: Random): Size {
  return random.chance(0.3)
    ? { columns: random.integer(1, 40), rows: random.integer(1, 14) }
    : { columns: random.integer(1, 300), rows: random.integer(1, 100) };
}

const ALL_VIEWS = Object.values(VIEWS).flat();
const NAMES = [...new Set(ALL_VIEWS.flatMap(({ columns }) => columns.map(({ name }) => name)))];
const ACTIONS: readonly Action[] = [
  ...BINDINGS.flatMap(({ keys, action }) => (typeof action === 'function' ? keys.map(action) : [action])),
  ...NAMES.map((column): Action => ({ kind: 'sort', column })),
  ...[-30, -3, 3, 500].map((rows): Action => ({ kind: 'scroll', rows })),
];

/** A view of a sample as somebody could have it, after some keys. @param said a text of the network's */
export function liveOf(sample: Sample, size: Size, said: string, glyphs: Glyphs, random: Random): Live {
  let live: Live = {
    target: random.chance(0.8) ? '/run/uwsgi/stats.sock' : said,
    node: random.chance(0.8) ? 'web1' : said,
    sample: random.chance(0.97) ? sample : null,
    history: random.chance(0.5) ? pointsOf(random) : [],
    now: sample.time + random.integer(0, 20),
    connection: connectionOf(sample.time, said, random),
    resetAt: random.chance(0.1) ? sample.time : null,
    view: viewOf(said, glyphs, random),
  };
  for (let turn = random.integer(0, 5); turn > 0; turn--) live = update(live, oneOf(random, ACTIONS), size);
  return live;
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
    left: {},
    cores: oneOf(random, CORE_MODES),
    sort: random.chance(0.5) ? { column: oneOf(random, NAMES), descending: random.chance(0.5) } : null,
    columns: random.chance(0.3) && columns.length > 0 ? columns : null,
    filter: random.chance(0.15) ? oneOf(random, ['1', 'busy', 'GET', said]) : null,
    selected: random.chance(0.3) ? String(random.integer(0, 8)) : null,
    top: random.chance(0.2) ? random.integer(0, 70) : 0,
    prompt: random.chance(0.1) ? { before: null } : null,
    detail: random.chance(0.15)
      ? { id: oneOf(random, ['1', '1:0', '2:1', 'x']), top: random.integer(0, 20) }
      : null,
    help: random.chance(0.1) ? random.integer(0, 80) : null,
    mask: MASK,
    glyphs,
  };
}

/** Rates as counters of JavaScript can give them, ten times a second. */
function pointsOf(random: Random): Point[] {
  const value = (most: number) => (random.chance(0.1) ? null : random.skewed(0, most));
  const rps = oneOf(random, [0, 1, 500, 1e6, 9e16]);
  const seconds = oneOf(random, [0, 1e-12, 0.05, 3600, 9e9]);
  return Array.from({ length: random.integer(0, 610) }, (_, place) => ({
    time: 1_795_335_000 + place,
    rps: value(rps),
    responseTime: value(seconds),
  }));
}
