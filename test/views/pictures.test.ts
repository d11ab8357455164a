import { expect, it } from 'vitest';
import { RefusedError } from '../../src/client/errors.ts';
import { ASCII } from '../../src/views/glyphs.ts';
import type { Live } from '../../src/views/live.ts';
import { screen } from '../../src/views/screen.ts';
import { LOOKED_AT, liveOf, plain, secondSample } from './samples.ts';

/**
 * What the screens look like: read them in `pictures/`. A change that is wanted is taken over with `vitest -u`.
 */
const CAPTURES = ['threads', 'cheaper', 'hostile', 'emperor', 'routers', 'queue', 'many'] as const;
const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 40, rows: 10 },
];

const LOST = {
  state: 'lost',
  since: LOOKED_AT - 18,
  why: 'connection refused',
  advice: new RefusedError('').advice,
  retryAt: LOOKED_AT + 4,
} as const;

const threads = secondSample('threads');

const HISTORY = Array.from({ length: 70 }, (_, at) => ({
  time: LOOKED_AT - 70 + at,
  rps: 50 + 40 * Math.sin(at / 7),
  responseTime: 0.02 + at / 5000,
}));

const STATES: Readonly<Record<string, Live>> = {
  connecting: liveOf(null),
  'connection-lost': liveOf(threads, { connection: LOST }),
  'never-connected': liveOf(null, { connection: { ...LOST, since: null } }),
  frozen: liveOf(threads, { view: { frozenAt: LOOKED_AT - 20 } }),
  reset: liveOf(threads, { resetAt: LOOKED_AT - 3 }),
  merged: liveOf(threads, { view: { cores: 'merged' } }),
  tree: liveOf(threads, { view: { cores: 'tree' } }),
  'hostile-tree': liveOf(secondSample('hostile'), { view: { cores: 'tree' } }),
  ascii: liveOf(secondSample('hostile'), { view: { cores: 'tree', glyphs: ASCII } }),
  charts: liveOf(threads, { history: HISTORY, view: { tab: 'charts', glyphs: ASCII } }),
  help: liveOf(threads, { view: { help: 0 } }),
  'help-end': liveOf(threads, { view: { help: 1000 } }),
};

const size = SIZES[0] ?? { columns: 80, rows: 24 };

it.each(CAPTURES.flatMap((name) => SIZES.map((size) => ({ name, ...size }))))(
  '$name at $columns x $rows',
  async ({ name, ...size }) => {
    const picture = plain(screen(liveOf(secondSample(name)), size));
    await expect(picture).toMatchFileSnapshot(`pictures/${name}-${size.columns}x${size.rows}.txt`);
  },
);

it.each(Object.entries(STATES))('%s', async (name, live) => {
  await expect(plain(screen(live, size))).toMatchFileSnapshot(`pictures/${name}.txt`);
});
