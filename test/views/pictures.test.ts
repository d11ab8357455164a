import { expect, it } from 'vitest';
import { assess, NOTHING_FOUND } from '../../src/insights/assess.ts';
import { RefusedError } from '../../src/sources/errors.ts';
import { createMask, NO_MASK } from '../../src/text/secrets.ts';
import { ASCII, UNICODE } from '../../src/views/glyphs.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { VIEWS } from '../../src/views/views.ts';
import { observedWith } from '../monitor/observing.ts';
import { historyOf } from './histories.ts';
import { LOOKED_AT, liveOf, plain, secondSample } from './samples.ts';

/**
 * What the screens look like: read them in `pictures/`. A change that is wanted is taken over with `vitest -u`.
 */
const CAPTURES = ['cheaper', 'hostile', 'queue', 'many'] as const;
const SMALL = { columns: 40, rows: 10 };
const SIZES = [{ columns: 80, rows: 24 }, { columns: 120, rows: 40 }, SMALL];

/** Every view, each of a server that has something for it. */
const OF_VIEW: Readonly<Record<string, string>> = {
  workers: 'threads',
  requests: 'full',
  cores: 'threads',
  apps: 'mounts',
  sockets: 'queue',
  caches: 'full',
  jobs: 'full',
  metrics: 'full',
  locks: 'legion',
  charts: 'threads',
  usage: 'threads',
  findings: 'threads',
  vassals: 'emperor',
  blacklist: 'emperor',
  nodes: 'routers',
};
const VIEW_SIZES = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 50 },
];
/** The first view of each kind is also looked at where there is hardly room. */
const FIRST = Object.values(VIEWS).map(([{ name }]) => ({ name, ...SMALL }));

const LOST = {
  state: 'lost',
  since: LOOKED_AT - 18,
  why: 'connection refused',
  advice: new RefusedError('').advice,
  retryAt: LOOKED_AT + 4,
} as const;

const threads = secondSample('threads');

const HISTORY = historyOf(
  Array.from({ length: 70 }, (_, at) => {
    const requests = 50 + 40 * Math.sin(at / 7);
    return { requests, runningTime: requests * (0.02 + at / 5000), tx: requests * 4096, busy: at / 80 };
  }),
);

const STATES: Readonly<Record<string, Scene>> = {
  connecting: liveOf(null),
  'connection-lost': liveOf(threads, { connection: LOST }),
  'never-connected': liveOf(null, { connection: { ...LOST, since: null } }),
  frozen: liveOf(threads, { view: { frozenAt: LOOKED_AT - 20 } }),
  reset: liveOf(threads, { resetAt: LOOKED_AT - 3 }),
  merged: liveOf(threads, { view: { cores: 'merged' } }),
  tree: liveOf(threads, { view: { cores: 'tree' } }),
  'hostile-tree': liveOf(secondSample('hostile'), { view: { cores: 'tree', mask: NO_MASK } }),
  ascii: liveOf(secondSample('hostile'), { view: { cores: 'tree', glyphs: ASCII, mask: NO_MASK } }),
  help: liveOf(threads, { view: { help: 0 } }),
  'help-end': liveOf(threads, { view: { help: 1000 } }),
};

const size = SIZES[0] ?? { columns: 80, rows: 24 };

it.each(CAPTURES.flatMap((name) => SIZES.map((size) => ({ name, ...size }))))(
  '$name at $columns x $rows',
  async ({ name, ...size }) => {
    // What is hostile has to be seen.
    const mask = name === 'hostile' ? NO_MASK : createMask();
    const picture = plain(screen(liveOf(secondSample(name), { view: { mask } }), size));
    await expect(picture).toMatchFileSnapshot(`pictures/${name}-${size.columns}x${size.rows}.txt`);
  },
);

it('there is a capture for each view', () => {
  const names = Object.values(VIEWS).flatMap((views) => views.map(({ name }) => name));
  expect(Object.keys(OF_VIEW)).toEqual([...new Set(names)]);
});

it.each([...Object.keys(OF_VIEW).flatMap((name) => VIEW_SIZES.map((size) => ({ name, ...size }))), ...FIRST])(
  'the view $name at $columns x $rows',
  async ({ name, ...size }) => {
    // The curves are painted by the terminal; only those of ASCII are lines of the screen.
    const glyphs = name === 'charts' ? ASCII : UNICODE;
    const read = secondSample(OF_VIEW[name] ?? '');
    const found = assess(NOTHING_FOUND, { sample: read, history: HISTORY }, {}, 0);
    const { findings } = name === 'findings' ? found : NOTHING_FOUND;
    const { sample, ...known } = observedWith(read, HISTORY, { findings });
    const picture = plain(screen(liveOf(sample, { ...known, view: { tab: name, glyphs } }), size));
    await expect(picture).toMatchFileSnapshot(`pictures/${name}-${size.columns}x${size.rows}.txt`);
  },
);

it.each(Object.entries(STATES))('%s', async (name, live) => {
  await expect(plain(screen(live, size))).toMatchFileSnapshot(`pictures/${name}.txt`);
});
