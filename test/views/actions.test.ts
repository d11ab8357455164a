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
  it('are a unique letter of each title', () => {
    for (const { title, key } of columns) {
      expect(key).toHaveLength(1);
      expect(title).toContain(key);
    }
    expect(new Set(columns.map(({ key }) => key.toLowerCase())).size).toBe(columns.length);
  });

  it('sort by their column if pressed as the help shows', () => {
    for (const { name, key } of columns) {
      expect([name, actionOf(KEYMAP, sortKey(KEYMAP, key), columns)]).toEqual([
        name,
        { kind: 'sort', column: name },
      ]);
    }
  });

  it('have the same effect in the other case, unless that is a command', () => {
    const commands = new Set(BINDINGS.flatMap(({ keys, where }) => (where ? [] : keys)));
    for (const { name, key } of columns) {
      for (const letter of [key.toLowerCase(), key.toUpperCase()]) {
        if (!commands.has(letter))
          expect(actionOf(KEYMAP, letter, columns)).toEqual({ kind: 'sort', column: name });
      }
    }
  });

  it('are all in the help, with title and description', () => {
    const help = helpLines(columns, KEYMAP).map(textOf).join('\n');
    for (const { key, title, description } of columns) {
      const line = help.split('\n').find((each) => each.includes(description));
      expect(line?.trim().split(/\s+/).slice(0, 2)).toEqual([sortKey(KEYMAP, key), title]);
    }
  });
});

describe('the commands', () => {
  it('have unique keys in each place', () => {
    for (const place of [undefined, 'detail', 'chooser'] as const) {
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

  it('disable the sort keys while a detail covers the table', () => {
    const [[, columns] = ['', []]] = TABLES;
    expect(actionOf(KEYMAP, 'p', columns)).toMatchObject({ kind: 'sort' });
    expect(actionOf(KEYMAP, 'p', columns, 'detail')).toBeNull();
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

  it('are all in the help', () => {
    const help = helpLines([], KEYMAP).map(textOf);
    for (const { keys, names, help: text } of BINDINGS) {
      const line = help.find((each) => each.endsWith(text));
      expect(line).toBeDefined();
      for (const name of names ? [names] : keys.map(keyName)) expect(line).toContain(name);
    }
  });

  it('ignore other keys', () => {
    for (const key of ['$', 'C-a', 'S-up', 'f2', 'delete', '', ' ']) {
      for (const [, columns] of TABLES) expect([key, actionOf(KEYMAP, key, columns)]).toEqual([key, null]);
    }
  });
});
