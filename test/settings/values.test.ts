import { describe, expect, it } from 'vitest';
import * as values from '../../src/settings/values.ts';
import { VIEWS } from '../../src/views/views.ts';

const ALL = Object.values(VIEWS)
  .flat()
  .flatMap(({ columns }) => columns);

/** What is known of each key, once. */
function grouped(entries: readonly (readonly [string, unknown])[]): (readonly [string, number])[] {
  const found = new Map<string, Set<unknown>>();
  for (const [key, value] of entries) found.set(key, (found.get(key) ?? new Set()).add(value));
  return [...found].map(([key, all]) => [key, all.size] as const);
}

describe('a column that is named before it is known which view it is of', () => {
  it('means the same in all views, by its name and by its title', () => {
    const spellings = ALL.flatMap(({ name, title }) => [
      [name.toLowerCase(), name] as const,
      [title.toLowerCase(), name] as const,
    ]);
    for (const [spelling, names] of grouped(spellings)) expect([spelling, names]).toEqual([spelling, 1]);
  });

  it('has the same order of its own in all views', () => {
    const orders = ALL.map(({ name, descending }) => [name, descending] as const);
    for (const [name, ways] of grouped(orders)) expect([name, ways]).toEqual([name, 1]);
  });
});

describe('an order', () => {
  it('is written as it is read, of every column of every view', () => {
    for (const { columns } of Object.values(VIEWS).flat())
      for (const { name: column } of columns)
        for (const descending of [true, false]) {
          const sort = { column, descending };
          expect(values.sort(values.sortText(sort), columns)).toEqual(sort);
        }
  });

  it('of a view is by one of its own columns', () => {
    const [workers] = VIEWS.app;
    const [vassals] = VIEWS.emperor;
    expect(values.sort('vassal', vassals.columns)).toMatchObject({ column: 'vassal' });
    expect(() => values.sort('vassal', workers.columns)).toThrow("There is no column 'vassal'.");
  });
});

describe('columns', () => {
  it('are there once each, in the order in which they were named first', () => {
    expect(values.columns('rps, id,RPS,wid')).toEqual(['rps', 'id']);
  });
});

describe('a column that no view has', () => {
  const errorOf = (parse: () => unknown) => {
    try {
      parse();
    } catch (error) {
      return error instanceof values.ValueError ? error.message : String(error);
    }
    throw new Error('no error');
  };
  const namesOf = (view: { columns: readonly { name: string }[] }) =>
    view.columns.map(({ name }) => name).join(', ');
  const [workers, requests] = VIEWS.app;

  it('gets an error with the columns of the view that has the others', () => {
    expect(errorOf(() => values.columns('age,URI,bogus'))).toBe(
      `There is no column 'bogus'. The columns of requests are: ${namesOf(requests ?? workers)}.`,
    );
  });

  it('gets one with the first view of each kind of server, where there are no others', () => {
    const lists = Object.values(VIEWS).map(([first]) => `${first.name} are: ${namesOf(first)}`);
    const expected = `There is no column 'bogus'. The columns of ${lists.join('; of ')}.`;
    expect(errorOf(() => values.sort('bogus:desc'))).toBe(expected);
    expect(errorOf(() => values.columns('bogus'))).toBe(expected);
  });

  it('gets one with the columns of the view that a setting file names', () => {
    expect(errorOf(() => values.columns('age', workers.columns))).toBe(
      `There is no column 'age'. The columns are: ${namesOf(workers)}.`,
    );
  });
});

it('one of some words is told as it is written', () => {
  const parse = values.oneOf(['dark', 'light']);
  expect(parse('light')).toBe('light');
  for (const text of ['', 'Dark', ' dark', 'toString'])
    expect(() => parse(text)).toThrow('It takes dark, light.');
});
