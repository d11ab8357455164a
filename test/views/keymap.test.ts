import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SettingError, settingsOf } from '../../src/settings/settings.ts';
import type { Action } from '../../src/views/actions.ts';
import { BINDINGS } from '../../src/views/bindings.ts';
import { UNICODE } from '../../src/views/glyphs.ts';
import { keyName } from '../../src/views/help.ts';
import { helpOf } from '../../src/views/help-pages.ts';
import { actionOf, createKeymap, type Keymap, sortKey, typingActionOf } from '../../src/views/keymap.ts';
import { whereOf } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import { tableView } from '../../src/views/table.ts';
import { VIEWS } from '../../src/views/views.ts';
import { makeScene, plain, secondSample, VIEW } from './samples.ts';
import { doing } from './updating.ts';

const PLACES = [null, 'detail', 'chooser', 'sort', 'help'] as const;

const KEYS = [
  'q',
  'C-c',
  'x',
  'p',
  'E',
  'L',
  't',
  'c',
  'space',
  'enter',
  'escape',
  'f5',
  '1',
  'R',
  'C-h',
  'up',
];
const changes = fc.dictionary(
  fc.constantFrom(...BINDINGS.map(({ name }) => name)),
  fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3 }),
  { maxKeys: 5 },
);

/** Keymaps that a setting file can produce. */
const keymaps = changes.filter(isTaken).map((taken) => ({ taken, keymap: createKeymap(taken) }));

function isTaken(keys: Record<string, string[]>): boolean {
  try {
    settingsOf({ keys });
    return true;
  } catch (error) {
    if (error instanceof SettingError) return false;
    throw error;
  }
}

/** The bindings that apply in a place. */
const bindingsIn = ({ bindings }: Keymap, place: (typeof PLACES)[number]) =>
  bindings.filter(({ where }) => (where ?? null) === place);

const meaning = (action: Action | ((place: number) => Action), place: number) =>
  typeof action === 'function' ? action(place) : action;

describe('keys after any valid change', () => {
  it('always quit with C-c, in every place', () => {
    fc.assert(
      fc.property(keymaps, ({ keymap }) => {
        for (const place of PLACES) expect(actionOf(keymap, 'C-c', [], place)).toEqual({ kind: 'quit' });
        expect(typingActionOf(keymap, 'C-c')).toEqual({ kind: 'quit' });
      }),
    );
  });

  it('have one meaning in each place', () => {
    fc.assert(
      fc.property(keymaps, ({ keymap }) => {
        for (const place of PLACES) {
          const keys = bindingsIn(keymap, place).flatMap((binding) => [...new Set(binding.keys)]);
          expect(keys).toHaveLength(new Set(keys).size);
        }
      }),
    );
  });

  it('act as their binding, and changed bindings have the changed keys', () => {
    fc.assert(
      fc.property(keymaps, ({ taken, keymap }) => {
        for (const { name, keys, where, action } of keymap.bindings) {
          for (const key of taken[name] ?? []) expect(keys).toContain(key);
          for (const [place, key] of keys.entries())
            expect(actionOf(keymap, key, [], where ?? null)).toEqual(meaning(action, place));
        }
      }),
    );
  });

  it('are unchanged for other bindings, except keys that were taken over', () => {
    fc.assert(
      fc.property(keymaps, ({ taken, keymap }) => {
        for (const { name, keys, where } of BINDINGS) {
          if (taken[name]) continue;
          const gone = BINDINGS.filter((other) => other.where === where).flatMap(
            (other) => taken[other.name] ?? [],
          );
          const now = keymap.bindings.find((each) => each.name === name)?.keys;
          expect(now).toEqual(keys.filter((key) => !gone.includes(key)));
        }
      }),
    );
  });

  it('are in the help with their current meaning', () => {
    fc.assert(
      fc.property(keymaps, ({ keymap }) => {
        const { entries } = helpOf([], keymap, { columns: 80, rows: 24 }, '…');
        const texts = entries.map(({ text }) => text);
        for (const { keys, names, help } of keymap.bindings)
          expect(texts).toContain(`${names ?? keys.map(keyName).join(' ')} ${help}`);
      }),
    );
  });

  it('are never marked as a letter in a heading', () => {
    fc.assert(
      fc.property(keymaps, fc.constantFrom(...Object.values(VIEWS).flat()), ({ keymap }, view) => {
        const { lines } = tableView(
          { columns: view.columns, rows: [], id: () => '' },
          {
            size: { columns: 500, rows: 2 },
            state: { sort: view.sort, selected: null, top: 0 },
            at: { time: 0, timeIsExact: true, mask: VIEW.mask, thresholds: VIEW.thresholds },
            glyphs: UNICODE,
            keys: keymap,
          },
        );
        const marked = lines.flatMap(({ spans }) =>
          spans.filter(({ role }) => /^heading(Sort)?Key$/.test(role)),
        );
        const commands = new Set(bindingsIn(keymap, null).flatMap(({ keys }) => keys));
        for (const { text } of marked) {
          // The letter in upper case can be a command, such as `R`.
          expect(commands).not.toContain(text.toLowerCase());
          for (const letter of [text.toLowerCase(), text.toUpperCase()])
            if (!commands.has(letter))
              expect(actionOf(keymap, letter, view.columns)).toMatchObject({ kind: 'sort' });
        }
        const letters = view.columns.filter(({ key }) => sortKey(keymap, key) !== '');
        expect(marked).toHaveLength(letters.length);
      }),
    );
  });

  it('give each column the letter that the help shows, if there is one', () => {
    fc.assert(
      fc.property(keymaps, fc.constantFrom(...Object.values(VIEWS).flat()), ({ keymap }, { columns }) => {
        for (const { name, key } of columns) {
          const letter = sortKey(keymap, key);
          if (letter === '') continue;
          expect(actionOf(keymap, letter, columns)).toEqual({ kind: 'sort', column: name });
        }
      }),
    );
  });
});

it('the keys to quit are the given ones and C-c', () => {
  for (const quit of [['x'], ['C-c'], ['x', 'C-c']]) {
    const keymap = createKeymap({ quit });
    expect(keymap.bindings.find(({ name }) => name === 'quit')?.keys).toEqual([...new Set([...quit, 'C-c'])]);
    expect(actionOf(keymap, 'q', [])).toBeNull();
  }
});

it('the short form of many keys is not used if one of them has changed', () => {
  const view = createKeymap({ help: ['1'] }).bindings.find(({ name }) => name === 'view');
  expect(view).toMatchObject({ keys: [...'234567890'], names: undefined });
});

describe('while typing', () => {
  const keymap = createKeymap({ quit: ['f10'], redraw: ['R'] });

  it('characters are text, whatever their meaning as commands', () => {
    for (const key of ['q', 'R', 'é', '漢', '🦄', '/', '1'])
      expect(typingActionOf(keymap, key)).toEqual({ kind: 'type', text: key });
    expect(typingActionOf(keymap, 'space')).toEqual({ kind: 'type', text: ' ' });
  });

  it('other keys keep their meaning', () => {
    expect(typingActionOf(keymap, 'f10')).toEqual({ kind: 'quit' });
    expect(typingActionOf(keymap, 'C-z')).toEqual({ kind: 'suspend' });
    expect(typingActionOf(keymap, 'f7')).toBeNull();
  });

  it('Esc and Enter end the input, after any change', () => {
    const moved = createKeymap({ back: ['b'], detail: ['d'], done: ['e'] });
    expect(typingActionOf(moved, 'escape')).toEqual({ kind: 'back' });
    expect(typingActionOf(moved, 'enter')).toEqual({ kind: 'accept' });
  });
});

describe('the line of keys', () => {
  const wide = { columns: 400, rows: 24 };
  const threads = makeScene(secondSample('threads'));

  it('contains the changed keys', () => {
    const scene = makeScene(secondSample('threads'), {
      view: { keys: createKeymap({ quit: ['f10'], help: ['x'] }) },
    });
    expect(plain(screen(scene, wide))).toMatch(/^ f10 Quit {2}x Help/m);
  });

  it('contains no key that has another meaning in that place', () => {
    const overlays = [
      { kind: 'detail' },
      { kind: 'chooser' },
      { kind: 'sortMenu' },
      { kind: 'help' },
    ] as const;
    for (const scene of [threads, ...overlays.map((action) => doing(threads, action))]) {
      const { keys } = scene.view;
      const line = screen(scene, wide).lines.at(-1);
      const named = (line?.spans ?? []).filter(({ role }) => role === 'key').map(({ text }) => text.trim());
      const labels = (line?.spans ?? []).filter(({ role }) => role !== 'key').map(({ text }) => text.trim());
      expect(named.length).toBeGreaterThan(1);
      for (const [place, name] of named.entries()) {
        const where = whereOf(scene.view);
        const binding = keys.bindings.find(
          ({ label, over }) => (where ? over?.[where] : label) === labels[place],
        );
        const key = binding?.keys.find((each) => keyName(each) === name) ?? '';
        const does = actionOf(keys, key, [], where);
        expect([labels[place], name, does]).toEqual([labels[place], name, binding?.action]);
      }
    }
  });
});
