import { describe, expect, it } from 'vitest';
import { cells } from '../../src/text/clean.ts';
import { CORE_MODES } from '../../src/views/core-modes.ts';
import { ASCII } from '../../src/views/glyphs.ts';
import type { Scene, ViewState } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { HELP_OPENED } from '../../src/views/updates/help.ts';
import { NAMES } from '../stats/captures.ts';
import { firstSample, LOOKED_AT, makeScene, plain, secondSample, textOf } from './samples.ts';

const SIZES = [
  ...[20, 21, 33, 40, 64, 79, 80, 81, 100, 120, 132, 160, 200].map((columns) => ({ columns, rows: 24 })),
  ...[5, 6, 11, 12, 15, 16, 50].map((rows) => ({ columns: 80, rows })),
  { columns: 20, rows: 5 },
  { columns: 200, rows: 50 },
];

const LOST = {
  state: 'lost',
  since: null,
  why: 'connection refused',
  advice: '',
  retryAt: LOOKED_AT + 4,
} as const;

/** The possible states of the screen of a captured server. */
const STATES: readonly (readonly [string, (name: string) => Scene])[] = [
  ['a first sample', (name) => makeScene(firstSample(name))],
  ...CORE_MODES.map((cores) => [`cores ${cores}`, (name: string) => second(name, { cores })] as const),
  ['a sort by another column', (name) => second(name, { sort: { column: 'rps', descending: true } })],
  ['a selected row', (name) => second(name, { selected: '1' })],
  ['few columns', (name) => second(name, { columns: ['id', 'status'], cores: 'tree' })],
  ['nothing but ASCII', (name) => second(name, { glyphs: ASCII })],
  ['frozen', (name) => second(name, { frozenAt: LOOKED_AT })],
  ['connection lost', (name) => makeScene(secondSample(name), { connection: LOST })],
  ['reset', (name) => makeScene(secondSample(name), { resetAt: LOOKED_AT })],
  ['help', (name) => second(name, { help: HELP_OPENED })],
  ['the end of the help', (name) => second(name, { help: { ...HELP_OPENED, page: 1000 } })],
];

function second(name: string, view: Partial<ViewState>): Scene {
  return makeScene(secondSample(name), { view });
}

describe.each(STATES)('the screen of every captured server, %s', (_state, sceneOf) => {
  it('fits every size, with the keys on its last line', () => {
    const wrong: unknown[] = [];
    for (const name of NAMES) {
      const scene = sceneOf(name);
      for (const size of SIZES) {
        const { lines, hotspots } = screen(scene, size);
        const tooLong = lines.map(textOf).filter((line) => cells(line).length > size.columns);
        const outside = hotspots.filter(({ line, end }) => line >= size.rows || end > size.columns);
        const keys = lines.length === size.rows && lines.at(-1)?.emphasis === 'bar';
        if (!keys || tooLong.length + outside.length > 0)
          wrong.push({ name, ...size, keys, tooLong, outside });
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it('contains no control characters', () => {
    for (const name of NAMES) {
      const text = plain(screen(sceneOf(name), { columns: 300, rows: 50 }));
      expect(text).not.toMatch(/[^\n\P{Cc}]|\p{Cf}|\p{Cs}/u);
    }
  });
});

describe('a screen', () => {
  const scene = makeScene(secondSample('many'));

  it.each([
    [50, 5],
    [16, 5],
    [15, 4],
    [12, 4],
    [11, 3],
    [10, 3],
    [9, 2],
    [5, 2],
  ])('of %i lines has %i of them above the table', (rows, above) => {
    const { lines } = screen(scene, { columns: 80, rows });
    expect(lines.findIndex(({ emphasis }) => emphasis === 'heading')).toBe(above);
  });

  it('that is too small contains a message that fits', () => {
    for (const size of [
      { columns: 19, rows: 24 },
      { columns: 80, rows: 4 },
      { columns: 1, rows: 1 },
      { columns: 0, rows: 0 },
    ]) {
      const { lines } = screen(scene, size);
      expect(lines.length).toBeLessThanOrEqual(Math.max(1, size.rows));
      for (const line of lines) expect(cells(textOf(line)).length).toBeLessThanOrEqual(size.columns);
    }
    expect(plain(screen(scene, { columns: 80, rows: 4 }))).toBe('too small: 20x5 is the least\n');
  });

  it('is the same for the same state', () => {
    const size = { columns: 100, rows: 30 };
    expect(screen(scene, size)).toEqual(screen(scene, size));
  });

  it('has hotspots at the place of their words', () => {
    const { lines, hotspots } = screen(scene, { columns: 80, rows: 24 });
    const under = hotspots.map(({ line, start, end, action }) => {
      const text = cells(textOf(lines[line] ?? { spans: [] }))
        .slice(start, end)
        .join('');
      return [text.trim().replace(/[▲▼]/, ''), action.kind];
    });
    expect(under).toContainEqual(['OLDEST', 'sort']);
    expect(under).toContainEqual(['WID', 'sort']);
    expect(under).toContainEqual(['q Quit', 'quit']);
    expect(under).toContainEqual(['h Help', 'help']);
    for (const [text] of under) expect(text).not.toBe('');
  });

  it('uses ASCII characters only with the ASCII glyphs, except for those of the document', () => {
    for (const name of ['threads', 'emperor', 'rawrouter'] as const) {
      for (const view of [{ help: null }, { help: HELP_OPENED }, { frozenAt: LOOKED_AT }]) {
        const ascii = makeScene(secondSample(name), { view: { ...view, glyphs: ASCII } });
        expect(plain(screen(ascii, { columns: 200, rows: 100 }))).toMatch(/^[\x20-\x7e\n]*$/);
      }
    }
  });

  it('explains why a table is empty', () => {
    const empty = secondSample('threads');
    if (empty.kind !== 'app') throw new Error(empty.kind);
    const none = makeScene({ ...empty, workers: [], snapshot: { ...empty.snapshot, workers: [] } });
    expect(plain(screen(none, { columns: 80, rows: 24 }))).toContain('no workers');
  });
});

it('says that the hidden rows are idle, also if they pass the filter', () => {
  const idle = secondSample('idle');
  const shown = (sample: typeof idle, filter: string | null) =>
    plain(screen(makeScene(sample, { view: { filter, hidesIdle: true } }), { columns: 80, rows: 24 }));
  expect(shown(idle, null)).toContain('all rows are idle (i shows them)');
  expect(shown(idle, 'status=idle')).toContain('all rows are idle (i shows them)');
  expect(shown(idle, 'id=1')).toContain('all rows that pass the filter are idle (i shows them)');
  expect(shown(idle, 'status=busy')).toContain('no row passes the filter (Esc removes it)');
  expect(shown(secondSample('cheaper'), 'cheap')).toContain('that pass the filter are cheap (i shows them)');
});
