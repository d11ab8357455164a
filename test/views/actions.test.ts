import { describe, expect, it } from 'vitest';
import { BINDINGS } from '../../src/views/bindings.ts';
import { helpLines, keyName } from '../../src/views/help.ts';
import { actionOf, sortKey } from '../../src/views/keymap.ts';
import { VIEWS } from '../../src/views/views.ts';
import { KEYMAP } from './keymap.ts';
import { textOf } from './samples.ts';

const TABLES = Object.values(VIEWS)
  .flat()
  .filter(({ columns }) => columns.length > 0)
  .map(({ name, columns }) => [name, columns] as const);

describe.each(TABLES)('the keys of the columns of %s', (_kind, columns) => {
  it('are a letter of the title each, and no letter twice', () => {
    for (const { title, key } of columns) {
      expect(key).toHaveLength(1);
      expect(title).toContain(key);
    }
    expect(new Set(columns.map(({ key }) => key.toLowerCase())).size).toBe(columns.length);
  });

  it('sort by their column when they are pressed as the help says', () => {
    for (const { name, key } of columns) {
      expect([name, actionOf(KEYMAP, sortKey(KEYMAP, key), columns)]).toEqual([
        name,
        { kind: 'sort', column: name },
      ]);
    }
  });

  it('do nothing else in their other case, unless that is a command', () => {
    const commands = new Set(BINDINGS.flatMap(({ keys, where }) => (where ? [] : keys)));
    for (const { name, key } of columns) {
      for (const letter of [key.toLowerCase(), key.toUpperCase()]) {
        if (!commands.has(letter))
          expect(actionOf(KEYMAP, letter, columns)).toEqual({ kind: 'sort', column: name });
      }
    }
  });

  it('are all in the help, with the title and the description', () => {
    const help = helpLines(columns, KEYMAP).map(textOf).join('\n');
    for (const { key, title, description } of columns) {
      const line = help.split('\n').find((each) => each.includes(description));
      expect(line?.trim().split(/\s+/).slice(0, 2)).toEqual([sortKey(KEYMAP, key), title]);
    }
  });
});

describe('the commands', () => {
  it('have no key in common where they mean something', () => {
    for (const place of [undefined, 'detail', 'chooser'] as const) {
      const keys = BINDINGS.filter(({ where }) => where === place).flatMap((binding) => binding.keys);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('have a name each', () => {
    expect(new Set(BINDINGS.map(({ name }) => name)).size).toBe(BINDINGS.length);
  });

  it('of the detail and of the columns mean something only there, and there first', () => {
    expect(actionOf(KEYMAP, 'space', [], 'chooser')).toEqual({ kind: 'toggle' });
    expect(actionOf(KEYMAP, 'space', [], 'detail')).toEqual({ kind: 'freeze' });
    expect(actionOf(KEYMAP, 'q', [], 'chooser')).toEqual({ kind: 'quit' });
  });

  it('leave no column to sort by over a table', () => {
    const [[, columns] = ['', []]] = TABLES;
    expect(actionOf(KEYMAP, 'p', columns)).toMatchObject({ kind: 'sort' });
    expect(actionOf(KEYMAP, 'p', columns, 'detail')).toBeNull();
  });

  it('do what they say, whatever the table', () => {
    for (const { keys, action, where } of BINDINGS) {
      if (where) continue;
      for (const [place, key] of keys.entries())
        for (const [, columns] of TABLES)
          expect(actionOf(KEYMAP, key, columns)).toEqual(
            typeof action === 'function' ? action(place) : action,
          );
    }
  });

  it('are all in the help', () => {
    const help = helpLines([], KEYMAP).map(textOf);
    for (const { keys, names, help: text } of BINDINGS) {
      const line = help.find((each) => each.endsWith(text));
      expect(line).toBeDefined();
      for (const name of names ? [names] : keys.map(keyName)) expect(line).toContain(name);
    }
  });

  it('leave other keys alone', () => {
    for (const key of ['$', 'C-a', 'S-up', 'f2', 'delete', '', ' ']) {
      for (const [, columns] of TABLES) expect([key, actionOf(KEYMAP, key, columns)]).toEqual([key, null]);
    }
  });
});
