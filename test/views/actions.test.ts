import { describe, expect, it } from 'vitest';
import { actionOf, BINDINGS, sortKey } from '../../src/views/actions.ts';
import { helpLines, keyName } from '../../src/views/help.ts';
import { VIEWS } from '../../src/views/views.ts';
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
      expect([name, actionOf(sortKey(key), columns)]).toEqual([name, { kind: 'sort', column: name }]);
    }
  });

  it('do nothing else in their other case, unless that is a command', () => {
    const commands = new Set(BINDINGS.flatMap(({ keys }) => keys));
    for (const { name, key } of columns) {
      for (const letter of [key.toLowerCase(), key.toUpperCase()]) {
        if (!commands.has(letter)) expect(actionOf(letter, columns)).toEqual({ kind: 'sort', column: name });
      }
    }
  });

  it('are all in the help, with the title and the description', () => {
    const help = helpLines(columns).map(textOf).join('\n');
    for (const { key, title, description } of columns) {
      const line = help.split('\n').find((each) => each.includes(description));
      expect(line?.trim().split(/\s+/).slice(0, 2)).toEqual([sortKey(key), title]);
    }
  });
});

describe('the commands', () => {
  it('have no key in common', () => {
    const keys = BINDINGS.flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('do what they say, whatever the table', () => {
    for (const { keys, action } of BINDINGS) {
      for (const key of keys)
        for (const [, columns] of TABLES)
          expect(actionOf(key, columns)).toEqual(typeof action === 'function' ? action(key) : action);
    }
  });

  it('are all in the help', () => {
    const help = helpLines([]).map(textOf);
    for (const { keys, names, help: text } of BINDINGS) {
      const line = help.find((each) => each.endsWith(text));
      expect(line).toBeDefined();
      for (const name of names ? [names] : keys.map(keyName)) expect(line).toContain(name);
    }
  });

  it('leave other keys alone', () => {
    for (const key of ['!', 'C-a', 'S-up', 'f2', 'delete', '', ' ']) {
      for (const [, columns] of TABLES) expect([key, actionOf(key, columns)]).toEqual([key, null]);
    }
  });
});
