import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sceneOf } from '../../src/app/state.ts';
import { isObserved } from '../../src/monitor/observation.ts';
import { cells, width } from '../../src/text/clean.ts';
import type { Frame } from '../../src/views/frame.ts';
import { overlayOf } from '../../src/views/overlays.ts';
import { tableOf, viewOf } from '../../src/views/views.ts';
import { plain, textOf } from './samples.ts';
import { anyWalk, frameOf, type Step, stepped, type Walk } from './walking.ts';

/** Checks a property of the view after each step of random walks. */
function always(check: (walk: Walk) => void): void {
  const property = fc.property(anyWalk, ({ start, steps }) => {
    let walk = start;
    const done: string[] = [`${start.size.columns}x${start.size.rows}`];
    try {
      check(walk);
      for (const step of steps) {
        done.push(wordsOf(step));
        walk = stepped(walk, step);
        check(walk);
      }
    } catch (error) {
      throw new Error(`after ${done.join(', ')}:\n${plain(frameOf(walk))}`, { cause: error });
    }
  });
  const { counterexample, errorInstance, seed } = fc.check(property, {
    numRuns: 40,
  });
  // The documents of the counterexample are too long to print.
  if (counterexample) throw new Error(`seed ${seed}`, { cause: errorInstance });
}

function wordsOf(step: Step): string {
  if (step.kind === 'key') return step.key;
  return step.kind === 'size' ? `${step.size.columns}x${step.size.rows}` : step.kind;
}

const press = (key: string): Step => ({ kind: 'key', key });

const selectedLines = ({ lines }: Frame) => lines.filter(({ emphasis }) => emphasis === 'selected');

/** Whether the keys act on a table with rows. */
function isOnTable({ state }: Walk): boolean {
  const scene = sceneOf(state);
  const { view } = scene;
  if (overlayOf(view) !== null || view.question !== null || !isObserved(scene)) return false;
  return !viewOf(scene).isCharts && tableOf(viewOf(scene), scene, view).rows.length > 0;
}

it('fits the screen, selects at most one row, and has its clickable areas on text', () => {
  always((walk) => {
    const frame = frameOf(walk);
    const { columns, rows } = walk.size;
    expect(frame.lines).toHaveLength(rows);
    for (const line of frame.lines) expect(width(textOf(line))).toBeLessThanOrEqual(columns);
    // A value of a detail can take several lines.
    if (walk.state.view.detail === null) expect(selectedLines(frame).length).toBeLessThanOrEqual(1);
    for (const { line, start, end, action } of frame.hotspots) {
      expect([start >= 0, end > start, end <= columns]).toEqual([true, true, true]);
      const text = cells(textOf(frame.lines[line] ?? { spans: [] }))
        .slice(start, end)
        .join('');
      expect([action, text.trim() === '']).toEqual([action, false]);
    }
  });
});

it('selects a visible row with the arrow keys, whatever was selected before', () => {
  always((walk) => {
    if (!isOnTable(walk)) return;
    for (const key of ['up', 'down'])
      expect([key, selectedLines(frameOf(stepped(walk, press(key)))).length]).toEqual([key, 1]);
  });
});

it('opens the row that is selected on the screen', () => {
  always((walk) => {
    const { selected, lower } = walk.state.view;
    if (!isOnTable(walk) || selectedLines(frameOf(walk)).length === 0) return;
    if (viewOf(sceneOf(walk.state)).name === 'findings') return;
    const { detail } = stepped(walk, press('enter')).state.view;
    expect(detail?.id).toBe(lower.selected ?? selected);
  });
});

it('shows an effect of each Esc, until nothing is left to close or to clear', () => {
  always((walk) => {
    let at = walk;
    for (let turn = 0; turn < 8; turn += 1) {
      const next = stepped(at, press('escape'));
      if (plainMarked(next) === plainMarked(at)) {
        expect(restOf(next)).toEqual({ overlay: null, filter: null, selected: [] });
        return;
      }
      at = next;
    }
  });
});

/** What Esc closes or clears. */
function restOf({ state, size }: Walk) {
  const { view } = state;
  return {
    overlay: overlayOf(view),
    filter: view.filter,
    selected: selectedLines(frameOf({ state, size })),
  };
}

/** The text of a frame with its selected line marked. */
function plainMarked(walk: Walk): string {
  const frame = frameOf(walk);
  return plain({
    ...frame,
    lines: frame.lines.map((line) =>
      line.emphasis === 'selected' ? { ...line, spans: [{ text: '>', role: 'plain' }, ...line.spans] } : line,
    ),
  });
}
