import { expect, it } from 'vitest';
import { NO_HISTORY, remember } from '../../src/rates/history.ts';
import { ASCII } from '../../src/views/glyphs.ts';
import { screen } from '../../src/views/screen.ts';
import { update } from '../../src/views/update.ts';
import { historyAfter } from '../rates/histories.ts';
import { chartsOf, LARGE, SIZE } from './charting.ts';
import { coarse, historyOf, pointsOf, ratesOf } from './histories.ts';
import { firstSample, makeScene, plain } from './samples.ts';

/** Tests of former errors. */

it.each([1, 1.001, 1.002, 1.01])('ten minutes of reads, one in %d s, are shown as ten minutes', (seconds) => {
  const history = historyOf(Array(600).fill({ seconds, requests: 1 }));
  expect(plain(screen(chartsOf(history), SIZE))).toContain('the last 10 min');
});

it.each([0.7, 1, 1.0007, 2, 3, 7])(
  'with a read in %d s, nearly ten minutes and nearly an hour are kept',
  (seconds) => {
    const { near, hour } = historyAfter(Array(12_000).fill({ seconds }));
    const sum = (points: readonly { seconds: number }[]) =>
      points.reduce((all, each) => all + each.seconds, 0);
    expect(sum(near)).toBeGreaterThan(540);
    expect(sum(hour)).toBeGreaterThan(3240);
  },
);

it('values of a single reading are shown, as of a saved document', () => {
  const sample = firstSample('threads');
  const scene = makeScene(sample, { history: remember(NO_HISTORY, sample), view: { tab: 'charts' } });
  const text = plain(screen(scene, LARGE));
  expect(text).toMatch(/busy cores: \d+%/);
  expect(text).not.toContain('no worker runs');
});

it('a page is one chart if there is room for only one', () => {
  const size = { columns: 80, rows: 16 };
  expect(update(chartsOf(ratesOf([1, 1])), { kind: 'page', pages: 1 }, size).view.top).toBe(1);
});

it('the charts use ASCII characters only with the ASCII glyphs', () => {
  const marked = { requests: 2e6, marks: ['lost', 'reset', 'harakiri', 'respawn'] as const };
  for (const columns of [30, 40, 50, 80, 120])
    for (const history of [NO_HISTORY, ratesOf(Array(60).fill(1)), historyOf(Array(60).fill(marked))])
      expect(plain(screen(chartsOf(history, { glyphs: ASCII }), { columns, rows: 40 }))).toMatch(
        /^[\x20-\x7e\n]*$/,
      );
});

it('a mark that is no longer on the screen is not explained', () => {
  const points = [{ seconds: 30, marks: ['harakiri' as const] }, ...Array(359).fill({ seconds: 30 })];
  const hour = coarse(pointsOf(points));
  expect(
    plain(screen(chartsOf({ ...NO_HISTORY, near: hour, hour }, { chartRange: 'hour' }), SIZE)),
  ).not.toContain('H harakiri');
});
