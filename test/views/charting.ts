import type { History } from '../../src/rates/history.ts';
import { cells } from '../../src/text/clean.ts';
import type { Action } from '../../src/views/actions.ts';
import type { Chart, Frame, Size } from '../../src/views/frame.ts';
import type { Scene } from '../../src/views/scene.ts';
import { update } from '../../src/views/update.ts';
import { historyOf } from './histories.ts';
import { makeScene, secondSample, textOf } from './samples.ts';

export const SIZE = { columns: 80, rows: 24 };
/** A size with room for all charts. */
export const LARGE = { columns: 200, rows: 60 };

/** A scene with the charts of a history. */
export function chartsOf(
  history: History,
  view: Partial<Scene['view']> = {},
  given: Partial<Scene> = {},
): Scene {
  return makeScene(secondSample('threads'), { ...given, history, view: { tab: 'charts', ...view } });
}

/** A history with known values of all measures, for this many seconds. */
export function busyFor(seconds: number): History {
  return historyOf(
    Array.from({ length: seconds }, (_, at) => ({
      requests: at % 50,
      runningTime: at % 7,
      tx: at * 1000,
      exceptions: at % 3,
      busy: (at % 10) / 10,
      queue: at % 101,
      memory: 1e8 + at * 1e5,
    })),
  );
}

/** The texts around a curve: the title above it, the first and the last number at its left, the line below it. */
export function around({ lines }: Frame, { line, left, rows, columns }: Chart) {
  const text = (y: number, from: number, to: number) =>
    cells(lines[y] ? textOf(lines[y]) : '')
      .slice(from, to)
      .join('');
  return {
    title: text(line - 1, left - 8, left + columns).trim(),
    top: text(line, left - 8, left).trim(),
    bottom: text(line + rows - 1, left - 8, left).trim(),
    below: text(line + rows, left, left + columns),
  };
}

const KEYS = {
  up: { kind: 'move', rows: -1 },
  down: { kind: 'move', rows: 1 },
  pageup: { kind: 'page', pages: -1 },
  pagedown: { kind: 'page', pages: 1 },
  home: { kind: 'edge', edge: 'first' },
  end: { kind: 'edge', edge: 'last' },
  z: { kind: 'stretch' },
} as const satisfies Record<string, Action>;

export type Key = keyof typeof KEYS;

/** The scene after these keys, in order. */
export function press(scene: Scene, size: Size, ...keys: Key[]): Scene {
  return keys.reduce((now, key) => update(now, KEYS[key], size), scene);
}
