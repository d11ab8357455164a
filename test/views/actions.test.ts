import { describe, expect, it } from 'vitest';
import { BINDINGS } from '../../src/views/bindings.ts';
import { actionOf, sortKey } from '../../src/views/keymap.ts';
import { VIEWS } from '../../src/views/views.ts';
import { KEYMAP } from './keymap.ts';

const TABLES = Object.values(VIEWS)
  .flat()
  .filter(({ columns }) => columns.length > 0)
  .map(({ name, columns }) => [name, columns] as const);

describe.each(TABLES)('the keys of the columns of %s', (_kind, columns) => {
  const letters = columns.flatMap(({ name, title, key }) =>
    key === undefined ? [] : [{ name, title, key }],
  );

  it('are a unique letter of the title, if the column has a letter', () => {
    expect(letters.length).toBeGreaterThan(2);
    for (const { title, key } of letters) {
      expect(key).toHaveLength(1);
      expect(title).toContain(key);
    }
    expect(new Set(letters.map(({ key }) => key.toLowerCase())).size).toBe(letters.length);
  });

  it('sort by their column in lower case, and in upper case if that is no command', () => {
    for (const { name, key } of letters) {
      expect(sortKey(KEYMAP, key)).toBe(key.toLowerCase());
      const commands = BINDINGS.flatMap((binding) => binding.keys);
      for (const letter of [key.toLowerCase(), key.toUpperCase()].filter((each) => !commands.includes(each)))
        expect([name, actionOf(KEYMAP, letter, columns)]).toEqual([name, { kind: 'sort', column: name }]);
    }
  });
});

describe('the commands', () => {
  it('have unique keys in each place', () => {
    for (const place of [undefined, 'detail', 'chooser', 'sort'] as const) {
      const keys = BINDINGS.filter(({ where }) => where === place).flatMap((binding) => binding.keys);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('have unique names', () => {
    expect(new Set(BINDINGS.map(({ name }) => name)).size).toBe(BINDINGS.length);
  });

  it('of the detail and of the chooser take precedence there and have no effect elsewhere', () => {
    expect(actionOf(KEYMAP, 'space', [], 'chooser')).toEqual({ kind: 'toggle' });
    expect(actionOf(KEYMAP, 'space', [], 'detail')).toEqual({ kind: 'freeze' });
    expect(actionOf(KEYMAP, 'q', [], 'chooser')).toEqual({ kind: 'quit' });
  });

  it('disable the letters of the columns in every overlay except the sort menu', () => {
    const [[, columns] = ['', []]] = TABLES;
    expect(actionOf(KEYMAP, 'p', columns)).toMatchObject({ kind: 'sort' });
    expect(actionOf(KEYMAP, 'p', columns, 'detail')).toBeNull();
    expect(actionOf(KEYMAP, 'p', columns, 'chooser')).toBeNull();
    expect(actionOf(KEYMAP, 'p', columns, 'sort')).toMatchObject({ kind: 'sort' });
  });

  it('have the same effect in every table', () => {
    for (const { keys, action, where } of BINDINGS) {
      if (where) continue;
      for (const [place, key] of keys.entries())
        for (const [, columns] of TABLES)
          expect(actionOf(KEYMAP, key, columns)).toEqual(
            typeof action === 'function' ? action(place) : action,
          );
    }
  });

  it('ignore other keys', () => {
    for (const key of ['$', 'C-a', 'S-up', 'f2', 'delete', '', ' ']) {
      for (const [, columns] of TABLES) expect([key, actionOf(KEYMAP, key, columns)]).toEqual([key, null]);
    }
  });
});
