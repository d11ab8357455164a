import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withProgress } from '../../src/commands/progress.ts';

const START = new Date(2026, 10, 22, 8).getTime() / 1000;
const TIME = { since: START, until: START + 40 };

let shown: string[] = [];

beforeEach(() => {
  shown = [];
  vi.useFakeTimers({ toFake: ['hrtime'] });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    shown.push(String(text));
    return true;
  });
  Object.assign(process.stderr, { isTTY: true });
});

afterEach(() => {
  vi.restoreAllMocks();
  Reflect.deleteProperty(process.stderr, 'isTTY');
  vi.useRealTimers();
});

/** Reads 40 items; each takes this number of seconds. */
function readAll(seconds: number): number {
  let count = 0;
  const items = Array.from({ length: 40 }, (_, second) => ({ time: START + second }));
  for (const _ of withProgress(items, TIME)) {
    count += 1;
    vi.advanceTimersByTime(seconds * 1000);
  }
  return count;
}

/** What a terminal shows in the end. */
function line(): string {
  const cells: string[] = [];
  let at = 0;
  for (const char of shown.join('')) {
    if (char === '\r') at = 0;
    else {
      cells[at] = char;
      at += 1;
    }
  }
  return cells.join('').trimEnd();
}

it('is shown once a second, and removed at the end', () => {
  expect(readAll(0.25)).toBe(40);
  expect(shown).toHaveLength(10);
  expect(shown[0]).toBe('\rread up to 2026-11-22 08:00:04, 10%');
  expect(line()).toBe('');
});

it('is not shown for what takes less than a second', () => {
  expect(readAll(0.02)).toBe(40);
  expect(shown).toEqual([]);
});

it('is not shown if standard error is no terminal', () => {
  Object.assign(process.stderr, { isTTY: false });
  expect(readAll(1)).toBe(40);
  expect(shown).toEqual([]);
});
