import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeymap, typingActionOf } from '../../src/views/keymap.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { update } from '../../src/views/update.ts';
import { filterError, tableOf, VIEWS, viewOf } from '../../src/views/views.ts';
import { observed } from '../monitor/observing.ts';
import { KEYMAP } from './keymap.ts';
import { makeScene, plain, secondSample, textOf, VIEW } from './samples.ts';
import { doing, SIZE, shown } from './updating.ts';

/** Ids of the rows that pass a filter. */
function filtered(capture: string, filter: string | null, view: Partial<typeof VIEW> = {}): string[] {
  const sample = secondSample(capture);
  const choice = { ...VIEW, ...view, filter };
  const table = tableOf(viewOf({ sample, view: choice }), observed(sample), choice);
  return table.rows.map((row) => table.id(row));
}

/** The scene after these keys. */
function typing(scene: Scene, ...keys: string[]): Scene {
  return keys.reduce((now, key) => {
    const action = typingActionOf(KEYMAP, key);
    return action ? update(now, action, SIZE) : now;
  }, scene);
}

describe('a text', () => {
  it('keeps the rows that contain it, ignoring case', () => {
    expect(filtered('cheaper', null)).toHaveLength(8);
    expect(filtered('cheaper', 'cheap')).toEqual(['3', '4', '5', '6', '7', '8']);
    expect(filtered('cheaper', 'BUSY')).toEqual(['1', '2']);
    expect(filtered('emperor', 'Shop')).toEqual(['shop.ini']);
  });

  it('with several words keeps the rows that contain all of them', () => {
    expect(filtered('threads', 'get ?order=3', { tab: 'requests' })).toEqual([
      expect.stringMatching(/^2:3 \d+$/),
    ]);
    expect(filtered('threads', 'post ?order=3', { tab: 'requests' })).toEqual([]);
  });

  it('finds the request of a core, below its worker, but no secret in it', () => {
    expect(filtered('threads', '?order=3', { cores: 'tree' })).toEqual(['2', '2:3']);
    expect(filtered('threads', '?order=3', { cores: 'merged' })).toEqual(['2:3']);
    expect(filtered('threads', 'deadbeef', { cores: 'tree' })).toEqual([]);
  });
});

describe('a condition', () => {
  it.each([
    ['requests>0', ['1']],
    ['REQ>0', ['1']],
    ['req>=60', ['1']],
    ['req>60', []],
    ['req<=0', ['2']],
    ['req=60', ['1']],
    ['req!=60', ['2']],
    ['share>99', ['1']],
    ['share>99%', ['1']],
    ['tx>1K', ['1']],
    ['tx<39k', ['2']],
    ['tx<1m', ['2', '1']],
    ['avg<1ms', ['1']],
    ['avg>1s', []],
    ['status=busy', ['2', '1']],
    ['status=BUSY', ['2', '1']],
    ['status!=busy', []],
    ['status~^b', ['2', '1']],
    ['pid~4$', ['1']],
    ['status=busy req>0', ['1']],
    ['busy req>0', ['1']],
  ])('%s', (filter, ids) => {
    expect(filtered('threads', filter)).toEqual(ids);
  });

  it('hides unknown values', () => {
    for (const sign of ['>', '<', '>=', '<=', '=', '!='])
      expect(filtered('threads', `rss${sign}0`)).toEqual([]);
  });

  it('cannot guess a masked value', () => {
    const view = { tab: 'requests' };
    const scene = makeScene(secondSample('threads'), { view });
    const shownUris = shownText(scene);
    expect(shownUris).not.toContain('deadbeef');
    expect(filtered('threads', 'uri~deadbeef', view)).toEqual([]);
  });

  it.each([
    ['rps>', 'rps> what?'],
    ['rps>fast', 'RPS is a number, as in rps>10'],
    ['rss>10x', 'RSS is a number, as in rss>100M'],
    ['resp>5q', 'RESP is a number, as in responseTime>5s'],
    ['%>x', '% is a number, as in share>50'],
    ['status>busy', 'STATUS is a word: = != ~'],
    ['status~[', '[ is no regular expression: missing closing ]'],
    ['status~(?=a)', '(?= is not supported (RE2 syntax: no look-around)'],
    ['status~(?<!a)b', '(?<! is not supported (RE2 syntax: no look-around)'],
    ['status~(a)\\1', '\\1 is not supported (RE2 syntax: no back-reference)'],
    ['status~(?<n>a)\\k<n>', '\\k is not supported (RE2 syntax: no back-reference)'],
    ['status~a{900}', 'a{900} repeats too much: use smaller numbers in braces'],
    [`status~${'a'.repeat(501)}`, 'a regular expression has at most 500 characters'],
  ])('%s is invalid, the error explains why, and no row is hidden', (filter, error) => {
    expect(filterError(makeScene(secondSample('threads'), { view: { filter } }))).toBe(error);
    expect(filtered('threads', filter)).toHaveLength(2);
  });

  it.each([
    ['requests > 5', 'no blanks beside >: write requests>5'],
    ['req >5', 'no blanks beside >: write req>5'],
    ['busy req>= 5', 'no blanks beside >=: write req>=5'],
    ['req == 5', 'no blanks beside =: write req=5'],
    ['req >', 'req> what?'],
    ['req> status=busy', 'req> what?'],
    ['> 5', '> needs a column before it, as in id>1'],
    ['reqests=5', 'no column reqests in Workers: REQ, REQUEST ("reqests=5" finds the text)'],
    ['stat=busy', 'no column stat in Workers: STATUS, STAY ("stat=busy" finds the text)'],
    ['zzz ~ x', 'no column zzz in Workers: WID, STATUS,'],
    ['age>5s', 'no column age in Workers; Requests (2) has it'],
    ['rps>10 uri ~ x', 'no column uri in Workers; Requests (2) has it'],
  ])('%s is invalid, and the error contains the correct form', (filter, error) => {
    expect(filterError(makeScene(secondSample('threads'), { view: { filter } }))).toContain(error);
    expect(filtered('threads', filter)).toHaveLength(2);
  });

  it('finds a core by its name', () => {
    expect(filtered('threads', 'core=2:3', { tab: 'cores' })).toEqual(['2:3']);
    expect(filtered('threads', 'core!=2:3', { tab: 'cores' })).not.toContain('2:3');
    expect(filtered('threads', 'id=2', { cores: 'merged' })).toContain('2:3');
  });

  it('lists all columns of the view if no name is similar', () => {
    const error = filterError(makeScene(secondSample('threads'), { view: { filter: 'zzz=5' } }));
    const titles = viewOf({ sample: secondSample('threads'), view: VIEW }).columns.map(({ title }) => title);
    expect(error).toBe(`no column zzz in Workers ("zzz=5" finds the text): ${titles.join(', ')}`);
  });

  it('names a column as a condition accepts it', () => {
    const sample = secondSample('threads');
    for (const { name: tab, columns } of VIEWS.app) {
      const errorOf = (filter: string) => filterError(makeScene(sample, { view: { tab, filter } }));
      const [, list = ''] = /: (.*)$/.exec(errorOf('zzz=5') ?? '') ?? [];
      const names = list.split(', ').filter(Boolean);
      expect(names).toHaveLength(columns.length);
      for (const name of names) expect(errorOf(`${name}=`)).toBe(`${name}= what?`);
    }
  });

  it('names the view that has the column, with the keys of the user', () => {
    const view = { filter: 'age>5s', keys: createKeymap({ view: ['7', '8'] }) };
    expect(filterError(makeScene(secondSample('threads'), { view }))).toContain('; Requests (8) has it');
    expect(filterError(makeScene(secondSample('threads'), { view: { filter: 'age>5s' } }))).toContain('(2)');
  });

  it('shows at 80 columns which view has the column', () => {
    const scene = makeScene(secondSample('threads'), { view: { filter: 'rps>10 status=busy age>5s' } });
    expect(plain(screen(scene, SIZE))).toContain('no column age in Workers; Requests (2)');
  });

  it('in quotes is a text with its blanks', () => {
    expect(filtered('threads', '"order=3"', { cores: 'merged' })).toEqual(['2:3']);
    expect(filtered('threads', '"requests > 5"')).toEqual([]);
    expect(filtered('threads', '"bus')).toEqual(['2', '1']);
  });

  it('with a question mark before it is a text, as in a query string', () => {
    expect(filterError(makeScene(secondSample('threads'), { view: { filter: '?order=3' } }))).toBeNull();
  });
});

function shownText(scene: Scene): string {
  return plain(screen(scene, { columns: 200, rows: 30 }));
}

describe('the prompt', () => {
  const scene = doing(makeScene(secondSample('cheaper')), { kind: 'filter' });
  const bottom = (now: Scene) => textOf(screen(now, SIZE).lines.at(-1) ?? { spans: [] });

  it('filters with each character and shows the typed text', () => {
    const typed = typing(scene, 'c', 'h', 'e');
    expect(bottom(typed)).toMatch(/^\/che_ {2}/);
    expect(shown(typed).ids).toEqual(['3', '4', '5', '6', '7', '8']);
    expect(shown(typing(typed, 'C-u')).ids).toHaveLength(8);
  });

  it('accepts blanks and letters that are otherwise commands', () => {
    expect(typing(scene, 'q', 'h', 'space', 'G', '1').view.filter).toBe('qh G1');
  });

  it('erases a character, a word or everything', () => {
    const typed = typing(scene, 'a', 'b', 'space', 'c', 'd');
    expect(typing(typed, 'backspace').view.filter).toBe('ab c');
    expect(typing(typed, 'C-w').view.filter).toBe('ab ');
    expect(typing(typed, 'C-u').view.filter).toBeNull();
    expect(typing(scene, 'backspace').view.filter).toBeNull();
  });

  it('closes with Enter, which keeps the filter, and with Esc, which restores the previous one', () => {
    const accepted = typing(scene, 'c', 'h', 'enter');
    expect(accepted.view).toMatchObject({ filter: 'ch', prompt: null });
    expect(bottom(accepted)).toContain('Quit');
    const again = typing(doing(accepted, { kind: 'filter' }), 'x', 'escape');
    expect(again.view).toMatchObject({ filter: 'ch', prompt: null });
  });

  it('shows an error while typing', () => {
    expect(bottom(typing(scene, ...'rps>x'))).toContain('RPS is a number, as in rps>10');
  });

  it('leaves other keys unchanged', () => {
    expect(typing(scene, 'down').view.selected).not.toBeNull();
    expect(typing(scene, 'C-c')).toEqual(scene);
    expect(typingActionOf(KEYMAP, 'C-c')).toEqual({ kind: 'quit' });
  });

  it('accepts any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 12 }),
        fc.constantFrom('workers', 'requests', 'caches'),
        (text, tab) => {
          const now = typing(
            makeScene(secondSample('full'), { view: { tab, prompt: { before: null } } }),
            ...text,
          );
          for (const line of screen(now, SIZE).lines)
            expect(textOf(line)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        },
      ),
    );
  });
});

describe('a filter', () => {
  const scene = makeScene(secondSample('cheaper'), { view: { filter: 'cheap' } });

  it('is shown below the table, with the number of hidden rows', () => {
    const text = plain(screen(makeScene(secondSample('cheaper'), { view: { filter: 'postgres' } }), SIZE));
    expect(text).toMatch(/^ none of 8 {2}8 hidden by the filter +filter postgres \(Esc\)$/m);
    expect(text).toContain('no row passes the filter (Esc removes it)');
  });

  it('n and N move to the next and previous row that matches, and wrap around', () => {
    const next = { kind: 'match', step: 1 } as const;
    const before = { kind: 'match', step: -1 } as const;
    expect(doing(scene, next).view.selected).toBe('3');
    expect(doing(scene, next, next).view.selected).toBe('4');
    expect(doing(scene, before).view.selected).toBe('8');
    expect(doing(scene, next, before).view.selected).toBe('8');
    expect(doing(scene, before, next).view.selected).toBe('3');
    expect(doing(makeScene(secondSample('cheaper')), next).view.selected).toBeNull();
  });

  it('is removed with Esc, after the selection', () => {
    const back = { kind: 'back' } as const;
    const selected = doing(scene, { kind: 'match', step: 1 }, back);
    expect(selected.view).toMatchObject({ selected: null, filter: 'cheap' });
    expect(doing(selected, back).view.filter).toBeNull();
  });
});
