import { describe, expect, it } from 'vitest';
import { cells } from '../../src/text/clean.ts';
import type { Action } from '../../src/views/actions.ts';
import { BINDINGS, GROUPS } from '../../src/views/bindings.ts';
import type { Size } from '../../src/views/frame.ts';
import { keyNames } from '../../src/views/help.ts';
import { helpOf } from '../../src/views/help-pages.ts';
import { sortKey } from '../../src/views/keymap.ts';
import { screen } from '../../src/views/screen.ts';
import { update } from '../../src/views/update.ts';
import { VIEWS } from '../../src/views/views.ts';
import { fleetScene } from './fleets.ts';
import { KEYMAP } from './keymap.ts';
import { makeScene, plain, secondSample, textOf } from './samples.ts';
import { doing, SIZE } from './updating.ts';

const WIDE = { columns: 120, rows: 40 };
const NARROW = { columns: 80, rows: 24 };

const OF_KIND = { app: 'threads', emperor: 'emperor', router: 'routers' } as const;
const ALL_VIEWS = Object.entries(VIEWS).flatMap(([kind, views]) =>
  views.map((view) => ({ kind: kind as keyof typeof VIEWS, name: view.name, columns: view.columns })),
);

const sceneOf = (kind: keyof typeof VIEWS, tab: string) =>
  kind === 'fleet'
    ? fleetScene(undefined, { tab })
    : makeScene(secondSample(OF_KIND[kind]), { view: { tab } });

const openIn = (kind: keyof typeof VIEWS, tab: string, size: Size) =>
  update(sceneOf(kind, tab), { kind: 'help' }, size);

/** The text of all pages, as one goes through them. */
function pagesOf(kind: keyof typeof VIEWS, tab: string, size: Size): string[] {
  const found: string[] = [];
  for (let live = openIn(kind, tab, size); ; live = update(live, { kind: 'page', pages: 1 }, size)) {
    const page = plain(screen(live, size));
    if (page === found.at(-1)) return found;
    found.push(page);
  }
}

const footer = (live: Parameters<typeof screen>[0], size: Size) =>
  textOf(screen(live, size).lines.at(-1) ?? { spans: [] }).trimEnd();

describe.each(ALL_VIEWS)('the help of $kind, $name', ({ kind, name, columns }) => {
  it('has one page at 120x40 and at most two at 80x24', () => {
    expect(pagesOf(kind, name, WIDE)).toHaveLength(1);
    expect(pagesOf(kind, name, NARROW).length).toBeLessThanOrEqual(2);
  });

  it.each([WIDE, NARROW, { columns: 40, rows: 10 }])('lists each key at %o', (size) => {
    const text = pagesOf(kind, name, size).join('\n');
    for (const binding of BINDINGS) {
      expect(text).toContain(keyNames(binding));
      if (size.columns >= 80) for (const word of binding.help.split(' ')) expect(text).toContain(word);
    }
    for (const { key, title } of columns)
      expect(text).toContain(`${sortKey(KEYMAP, key).padEnd(1)} ${title}`);
  });

  it('has the groups in their order, the columns last', () => {
    const [page = ''] = pagesOf(kind, name, { columns: 39, rows: 400 });
    const places = [...GROUPS, 'Columns:'].map((title) => page.indexOf(`\n ${title}`));
    if (columns.length === 0) places.pop();
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });
});

describe('the help', () => {
  const live = openIn('app', 'workers', NARROW);

  it('has short texts', () => {
    for (const { help } of BINDINGS) expect(help.length).toBeLessThanOrEqual(34);
  });

  it('has descriptions of columns in full where there is room', () => {
    const [page = ''] = pagesOf('app', 'workers', { columns: 200, rows: 60 });
    expect(page).not.toContain('…');
    const { columns } = VIEWS.app[0];
    const { entries } = helpOf(columns, KEYMAP, NARROW, '…');
    for (const { description } of columns)
      expect(entries.some(({ text }) => text.endsWith(description))).toBe(true);
  });

  it('keeps the first line of the screen, and has a key line of its own', () => {
    const [first = ''] = plain(screen(live, NARROW)).split('\n');
    expect(first).toBe(plain(screen({ ...live, view: { ...live.view, help: null } }, NARROW)).split('\n')[0]);
    expect(footer(live, NARROW)).toBe(' Esc Close  / Search  PgDn More  1/2');
    expect(footer(doing(live, { kind: 'page', pages: 1 }), NARROW)).toBe(
      ' Esc Close  / Search  PgDn More  2/2',
    );
    expect(footer(live, WIDE)).toBe(' Esc Close  / Search');
  });

  it.each([
    { columns: 20, rows: 5 },
    { columns: 33, rows: 7 },
    { columns: 79, rows: 12 },
    { columns: 300, rows: 100 },
  ])('fits into %o, to the last page', (size) => {
    let shown = openIn('app', 'workers', size);
    for (const action of [...Array(3).fill({ kind: 'page', pages: 1 }), { kind: 'edge', edge: 'last' }]) {
      shown = update(shown, action as Action, size);
      const { lines } = screen(shown, size);
      expect(lines).toHaveLength(size.rows);
      for (const line of lines) expect(cells(textOf(line)).length).toBeLessThanOrEqual(size.columns);
    }
  });

  it('shows its last page when the terminal becomes larger', () => {
    const last = doing(live, { kind: 'edge', edge: 'last' });
    expect(plain(screen(last, WIDE))).toBe(plain(screen(live, WIDE)));
    const back = update(update(last, { kind: 'scroll', rows: 3 }, WIDE), { kind: 'move', rows: -1 }, NARROW);
    expect(back.view.help?.page).toBe(0);
  });
});

describe('the search in the help', () => {
  const live = openIn('app', 'workers', SIZE);
  const typing = (text: string): Action[] => [
    { kind: 'filter' },
    ...[...text].map((each): Action => ({ kind: 'type', text: each })),
  ];
  const found = (scene: typeof live) =>
    screen(scene, SIZE)
      .lines.flatMap(({ spans }) => spans)
      .filter(({ role }) => role === 'match')
      .map(({ text }) => text);

  it('highlights the matches, and shows the page of the first one', () => {
    expect(plain(screen(live, SIZE))).not.toContain('RESPAWN');
    const searched = doing(live, ...typing('respawn'));
    expect(searched.view).toMatchObject({ help: { page: 1, search: 'respawn' }, filter: null });
    expect(found(searched)).toEqual(['>', 'RESPAWN']);
    expect(footer(searched, SIZE)).toContain('/respawn_  search; n next, N previous');
  });

  it('says when there is no match', () => {
    expect(footer(doing(live, ...typing('no such thing')), SIZE)).toContain('no match');
  });

  it('goes on with n and back with N, from the last match to the first', () => {
    const searched = doing(live, ...typing('column'), { kind: 'accept' });
    expect(footer(searched, SIZE)).toContain('n Next');
    const first = searched.view.help?.at;
    const visited = [first];
    let now = doing(searched, { kind: 'match', step: 1 });
    for (; now.view.help?.at !== first; now = doing(now, { kind: 'match', step: 1 }))
      visited.push(now.view.help?.at);
    expect(visited.length).toBeGreaterThan(4);
    expect(visited).toEqual(visited.toSorted((a, b) => Number(a) - Number(b)));
    expect(doing(now, { kind: 'match', step: -1 }).view.help?.at).toBe(visited.at(-1));
    // The current match is always in view.
    expect(found(now)).toContain('>');
  });

  it('does not move the table below the help', () => {
    const open = doing(makeScene(secondSample('many')), { kind: 'help' }, { kind: 'filter' });
    const moves: Action[] = [
      { kind: 'move', rows: 1 },
      { kind: 'page', pages: 1 },
      { kind: 'edge', edge: 'last' },
      { kind: 'scroll', rows: 3 },
    ];
    for (const move of moves) {
      const { selected, top } = doing(open, move).view;
      expect({ selected, top }).toEqual({ selected: null, top: 0 });
    }
  });

  it('ends with Esc, which closes the help after that', () => {
    const searched = doing(live, ...typing('column'));
    expect(doing(searched, { kind: 'back' }).view).toMatchObject({ prompt: null, help: { search: null } });
    const kept = doing(searched, { kind: 'accept' }, { kind: 'back' });
    expect(kept.view).toMatchObject({ help: { search: null, at: null } });
    expect(doing(kept, { kind: 'back' }).view.help).toBeNull();
  });

  it('leaves the search of a detail and the filter alone', () => {
    const opened = doing(makeScene(secondSample('threads'), { view: { filter: 'busy' } }), {
      kind: 'detail',
    });
    const searched = doing(opened, { kind: 'help' }, ...typing('row'), { kind: 'accept' });
    expect(searched.view).toMatchObject({ filter: 'busy', detail: { search: null } });
  });
});
