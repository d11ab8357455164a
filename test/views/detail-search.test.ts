import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_MASK } from '../../src/text/secrets.ts';
import type { Action } from '../../src/views/actions.ts';
import { detailOf } from '../../src/views/detail.ts';
import { detailLines, matchesIn } from '../../src/views/detail-lines.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { makeScene, plain, secondSample, textOf } from './samples.ts';
import { doing, SIZE, times } from './updating.ts';

const OPEN = { kind: 'detail' } as const;
const BACK = { kind: 'back' } as const;
const match = (step: 1 | -1): Action => ({ kind: 'match', step });
const typing = (text: string): Action[] => [
  { kind: 'filter' },
  ...[...text].map((each): Action => ({ kind: 'type', text: each })),
];
const textOfScreen = (scene: Scene, rows = 24) => plain(screen(scene, { columns: 80, rows }));

describe('searching in a detail', () => {
  const scene = doing(makeScene(secondSample('threads')), OPEN);
  const found = (text: string) => {
    const detail = detailOf(scene, SIZE.columns);
    return matchesIn(detail, text).map((place) => detail.fields[place]?.name);
  };

  it('finds a text in names and values, ignoring case, and no match for an empty text', () => {
    expect(found('wid')).toContain('WID');
    expect(found('9395')).toEqual(['PID']);
    expect(found('PID 9395')).toEqual(['PID']);
    expect(found('')).toEqual([]);
  });

  it('takes the text literally', () => {
    for (const text of ['.*', '[', '(', '\\', '^', '$', '(?:', '{2}', '+', '|'])
      expect(doing(scene, ...typing(text)).view.detail?.search).toBe(text);
    expect(found('.*')).toEqual([]);
    expect(found('W.D')).toEqual([]);
    expect(found('NOW%')).toEqual(['NOW%']);
  });

  it('moves to the first match while typing, and n and N move to the next and previous one and wrap around', () => {
    const wanted = 'respo';
    const places = matchesIn(detailOf(scene, SIZE.columns), 'e');
    expect(places.length).toBeGreaterThan(2);
    const typed = doing(scene, ...typing('e'), { kind: 'accept' });
    const visited = places.map((_, count) => doing(typed, ...times(count, match(1))).view.detail?.field);
    expect(visited).toEqual(places);
    expect(doing(typed, ...times(places.length, match(1))).view.detail?.field).toBe(places[0]);
    expect(doing(typed, match(-1)).view.detail?.field).toBe(places.at(-1));
    expect(textOfScreen(doing(scene, ...typing(wanted)))).toMatch(/^\/respo_/m);
  });

  it('reports that there is no match, but not for an empty text', () => {
    expect(textOfScreen(doing(scene, ...typing('no such thing')))).toContain('no match');
    expect(textOfScreen(doing(scene, ...typing('')))).not.toContain('no match');
  });

  it('ends with Esc while typing, and the next Esc clears the matches', () => {
    const typed = doing(scene, ...typing('wid'));
    expect(doing(typed, BACK).view).toMatchObject({ prompt: null, detail: { search: null } });
    const accepted = doing(typed, { kind: 'accept' });
    expect(accepted.view).toMatchObject({ prompt: null, detail: { search: 'wid' } });
    expect(doing(accepted, ...typing('x'), BACK).view.detail?.search).toBe('wid');
    expect(doing(accepted, BACK).view.detail).toMatchObject({ search: null, field: null });
    expect(doing(accepted, BACK, BACK).view.detail).toBeNull();
  });

  it('does not change the filter of the table', () => {
    expect(doing(scene, ...typing('wid'), { kind: 'erase', what: 'all' }).view.filter).toBeNull();
    const filtered = makeScene(secondSample('threads'), { view: { filter: 'busy' } });
    expect(doing(filtered, OPEN, ...typing('wid')).view.filter).toBe('busy');
  });

  /** The line of a detail with this value, and the parts that are marked as matches. */
  const marked = (value: string, search: string) => {
    const why = `${value} `;
    const detail = { id: '1', top: 0, field: null, search };
    const stack = { worker: 1, core: null, result: { state: 'failed', why } } as const;
    const view = { ...scene.view, detail, mask: NO_MASK };
    const lines = detailLines(detailOf({ ...scene, stack, view }, 200), detail);
    const line = lines.find((each) => textOf(each).includes('not known'));
    const spans = line?.spans ?? [];
    const text = (line ? textOf(line) : '').trim().replace(/^not known +/, '');
    return { text, found: spans.filter(({ role }) => role === 'match').map((span) => span.text) };
  };

  it('marks the matches and leaves the rest unchanged', () => {
    expect(marked('to be or Not to be', 'TO BE')).toEqual({
      text: 'to be or Not to be',
      found: ['to be', 'to be'],
    });
    expect(marked('aaaa', 'aa').found).toEqual(['aa', 'aa']);
    expect(marked('漢字 and 字', '字').found).toEqual(['字', '字']);
    expect(marked('🦄 horn', '🦄').found).toEqual(['🦄']);
  });

  it('marks matches after a letter whose lower case is longer', () => {
    expect(marked('İİİ abc def', 'abc')).toEqual({ text: 'İİİ abc def', found: ['abc'] });
    expect(marked('İ', 'İ').found).toEqual(['İ']);
  });

  it('never separates a combining mark from its letter', () => {
    const detail = { id: '1', top: 0, field: null, search: 'cafe' };
    const stack = { worker: 1, core: null, result: { state: 'failed', why: 'cafe\u0301 x' } } as const;
    const lines = detailLines(detailOf({ ...scene, stack, view: { ...scene.view, detail } }, 200), detail);
    for (const { spans } of lines) for (const { text } of spans) expect(text).not.toMatch(/^\p{Mn}/u);
  });

  it('shows each value completely, for any search', () => {
    const texts = fc.string({
      unit: fc.constantFrom('a', 'A', 'b', 'İ', 'ß', '漢', '🦄', 'ı', '.', '*'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(texts, texts, (value, search) => {
        expect(marked(`x${value}`, search).text).toBe(`x${value}`);
      }),
    );
  });
});
