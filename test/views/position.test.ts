import { describe, expect, it } from 'vitest';
import { layout } from '../../src/views/layout.ts';
import type { Scene, ViewState } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { makeScene, plain, secondSample } from './samples.ts';
import { doing, SIZE } from './updating.ts';

const EIGHT = secondSample('cheaper');

/** The position line of a screen; `undefined` if there is none. */
function positionOf(scene: Scene, size = SIZE): string | undefined {
  return plain(screen(scene, size))
    .split('\n')
    .slice(layout(size).header)
    .find((line) => /^ (all|none of|\d+-\d+ of) \d+/.test(line));
}

const withView = (view: Partial<ViewState>) => makeScene(EIGHT, { view });

describe('the position line', () => {
  it('names the visible rows and the number of all', () => {
    expect(positionOf(withView({}))).toBe(' all 8');
    const many = makeScene(secondSample('many'));
    const inView = layout(SIZE).body - 2;
    expect(positionOf(many)).toMatch(new RegExp(`^ 1-${inView} of \\d+$`));
    expect(positionOf(doing(many, { kind: 'scroll', rows: 5 }))).toMatch(new RegExp(`^ 6-${inView + 5} of `));
  });

  it('shows the filter and the number of rows that it hides', () => {
    expect(positionOf(withView({ filter: 'cheap' }))).toMatch(
      /^ 1-6 of 8 {2}2 hidden by the filter +filter cheap \(Esc\)$/,
    );
  });

  it('shows an invalid filter with its error', () => {
    expect(positionOf(withView({ filter: 'rps>x' }))).toMatch(/^ all 8 +filter rps>x \(.+\)$/);
  });

  it('shows the hidden idle and cheap rows with the key that shows them', () => {
    expect(positionOf(doing(withView({}), { kind: 'hideIdle' }))).toBe(' 1-2 of 8  6 cheap hidden (i)');
  });

  it('changes at once when idle rows are hidden and shown again', () => {
    const hidden = doing(withView({}), { kind: 'hideIdle' });
    const shown = doing(hidden, { kind: 'hideIdle' });
    expect([withView({}), hidden, shown].map((scene) => positionOf(scene))).toEqual([
      ' all 8',
      ' 1-2 of 8  6 cheap hidden (i)',
      ' all 8',
    ]);
  });

  it('shows an order that is not the default order', () => {
    const byPid = doing(withView({}), { kind: 'sort', column: 'pid' });
    expect(positionOf(byPid)).toMatch(/^ all 8 +order PID▲ \(o: default\)$/);
  });

  it('keeps the filter at every width, also on a small screen', () => {
    for (let columns = 20; columns <= 200; columns += 1) {
      for (const rows of [7, 10, 24]) {
        const line = positionOf(withView({ filter: 'cheap' }), { columns, rows }) ?? '';
        const text = plain(screen(withView({ filter: 'cheap' }), { columns, rows }));
        expect([columns, rows, text.includes('filter cheap'), line.length <= columns]).toEqual([
          columns,
          rows,
          true,
          true,
        ]);
      }
    }
  });

  it('is absent if the view has no rows', () => {
    expect(positionOf(makeScene(secondSample('prefork'), { view: { tab: 'caches' } }))).toBeUndefined();
  });
});
