import { expect, it } from 'vitest';
import { assess, NOTHING_FOUND } from '../../src/insights/assess.ts';
import type { Sample } from '../../src/rates/sample.ts';
import { RefusedError } from '../../src/sources/errors.ts';
import { NO_MASK } from '../../src/text/secrets.ts';
import type { Size } from '../../src/views/frame.ts';
import { ASCII, UNICODE } from '../../src/views/glyphs.ts';
import { layout } from '../../src/views/layout.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { tabLine } from '../../src/views/tabs.ts';
import { HELP_OPENED } from '../../src/views/updates/help.ts';
import { VIEWS } from '../../src/views/views.ts';
import { HAPPENINGS, observedAfter } from '../monitor/happenings.ts';
import { observedWith } from '../monitor/observing.ts';
import { historyOf } from './histories.ts';
import { LOOKED_AT, makeScene, plain, secondSample, textOf } from './samples.ts';

/** The expected screens are in `pictures/`. Use `vitest -u` to accept an intended change. */
const SIZE = { columns: 80, rows: 24 };
/** Sizes for the first view with much and with little room. */
const OTHER_SIZES = [
  { columns: 120, rows: 40 },
  { columns: 200, rows: 50 },
  { columns: 40, rows: 10 },
];

/** The capture for the views of each kind of server. */
const OF_KIND = { app: 'full', emperor: 'emperor', router: 'routers' } as const;

/** Other captures, for views of which they show more. */
const OF_VIEW: Readonly<Record<string, string>> = {
  workers: 'threads',
  cores: 'threads',
  apps: 'mounts',
  sockets: 'queue',
  locks: 'legion',
  charts: 'threads',
  usage: 'threads',
  findings: 'threads',
};

/** The capture for a view. */
function captureOf(name: string): string {
  const kind = KINDS.find((each) => VIEWS[each].some((view) => view.name === name)) ?? 'app';
  return OF_VIEW[name] ?? OF_KIND[kind];
}

/** `fleet.test.ts` has the pictures of a fleet. */
const KINDS = Object.keys(OF_KIND) as Sample['kind'][];
const NAMES = [...new Set(KINDS.flatMap((kind) => VIEWS[kind].map(({ name }) => name)))];

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
  connecting: makeScene(null),
  'connection-lost': makeScene(threads, { connection: LOST }),
  frozen: makeScene(threads, { view: { frozenAt: LOOKED_AT - 20 } }),
  tree: makeScene(threads, { view: { cores: 'tree' } }),
  'hostile-tree': makeScene(secondSample('hostile'), { view: { cores: 'tree', mask: NO_MASK } }),
  ascii: makeScene(secondSample('hostile'), { view: { cores: 'tree', glyphs: ASCII, mask: NO_MASK } }),
  help: makeScene(threads, { view: { help: HELP_OPENED } }),
};

/** A screen without the line of tabs, which has its own test, so that a new view changes no other picture. */
function pictureOf(scene: Scene, size: Size): string {
  const frame = screen(scene, size);
  const { header, tabs } = layout(size);
  // The help covers the tabs.
  if (scene.view.help !== null) return plain(frame);
  return plain({ ...frame, lines: frame.lines.toSpliced(header, tabs) });
}

it.each(KINDS)('the tabs of %s', async (kind) => {
  const tabs = [80, 120].map((columns) =>
    textOf(tabLine(makeScene(secondSample(OF_KIND[kind])), columns).line).trimEnd(),
  );
  await expect(`${tabs.join('\n')}\n`).toMatchFileSnapshot(`pictures/tabs-${kind}.txt`);
});

it.each([
  ...NAMES.map((name) => ({ name, ...SIZE })),
  ...OTHER_SIZES.map((size) => ({ name: 'workers', ...size })),
])('the view $name at $columns x $rows', async ({ name, ...size }) => {
  // The terminal draws the curves; only ASCII curves are lines of the frame.
  const glyphs = name === 'charts' ? ASCII : UNICODE;
  const read = secondSample(captureOf(name));
  const found = assess(NOTHING_FOUND, { sample: read, history: HISTORY }, {}, 0);
  const { findings } = name === 'findings' ? found : NOTHING_FOUND;
  const { events } = observedAfter(name === 'events' ? HAPPENINGS : []);
  const { sample, ...known } = observedWith(read, HISTORY, { findings, events });
  // If this fails, name a capture with rows for this view in OF_VIEW.
  const view = VIEWS[sample.kind].find((each) => each.name === name);
  expect(view?.has({ sample, ...known })).toBe(true);
  const picture = pictureOf(makeScene(sample, { ...known, view: { tab: name, glyphs } }), size);
  await expect(picture).toMatchFileSnapshot(`pictures/${name}-${size.columns}x${size.rows}.txt`);
});

it.each(Object.entries(STATES))('%s', async (name, scene) => {
  await expect(pictureOf(scene, SIZE)).toMatchFileSnapshot(`pictures/${name}.txt`);
});
