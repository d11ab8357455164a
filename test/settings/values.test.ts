import { describe, expect, it } from 'vitest';
import * as names from '../../src/settings/columns.ts';
import * as values from '../../src/settings/values.ts';
import { VIEWS } from '../../src/views/views.ts';

const ALL = Object.values(VIEWS)
  .flat()
  .flatMap(({ columns }) => columns);

/** The distinct values of each key. */
function grouped(entries: readonly (readonly [string, unknown])[]): (readonly [string, number])[] {
  const found = new Map<string, Set<unknown>>();
  for (const [key, value] of entries) found.set(key, (found.get(key) ?? new Set()).add(value));
  return [...found].map(([key, all]) => [key, all.size] as const);
}

describe('a column name before its view is known', () => {
  it('has the same meaning in all views, as a name and as a title', () => {
    const spellings = ALL.flatMap(({ name, title }) => [
      [name.toLowerCase(), name] as const,
      [title.toLowerCase(), name] as const,
    ]);
    for (const [spelling, names] of grouped(spellings)) expect([spelling, names]).toEqual([spelling, 1]);
  });

  it('has the same default order in all views', () => {
    const orders = ALL.map(({ name, descending }) => [name, descending] as const);
    for (const [name, ways] of grouped(orders)) expect([name, ways]).toEqual([name, 1]);
  });
});

describe('an order', () => {
  it('of any column of any view is read as it was written', () => {
    for (const { columns } of Object.values(VIEWS).flat())
      for (const { name: column } of columns)
        for (const descending of [true, false]) {
          const sort = { column, descending };
          expect(names.sort(names.sortText(sort), columns)).toEqual(sort);
        }
  });

  it('of a view must be by one of its own columns', () => {
    const [workers] = VIEWS.app;
    const [vassals] = VIEWS.emperor;
    expect(names.sort('vassal', vassals.columns)).toMatchObject({ column: 'vassal' });
    expect(() => names.sort('vassal', workers.columns)).toThrow("Unknown column 'vassal'.");
  });
});

describe('a view', () => {
  it('is known by its name in lower case', () => {
    for (const { name } of Object.values(VIEWS).flat()) expect(names.view(name)).toBe(name);
    expect(() => names.view('Workers')).toThrow("Unknown view 'Workers'. The views are: workers, requests, ");
  });
});

describe('columns', () => {
  it('are listed once each, in the order of their first mention', () => {
    expect(names.columns('rps, id,RPS,wid')).toEqual(['rps', 'id']);
  });
});

describe('a column that no view has', () => {
  const errorOf = (parse: () => unknown) => {
    try {
      parse();
    } catch (error) {
      return error instanceof values.ValueError ? error.message : String(error);
    }
    throw new Error('there was no error');
  };
  const namesOf = (view: { columns: readonly { name: string }[] }) =>
    view.columns.map(({ name }) => name).join(', ');
  const [workers, requests] = VIEWS.app;

  it('causes an error with the columns of the view that has the other columns', () => {
    expect(errorOf(() => names.columns('age,URI,bogus'))).toBe(
      `Unknown column 'bogus'. The columns of requests are: ${namesOf(requests ?? workers)}.`,
    );
  });

  it('causes an error with the first view of each kind of server if there are no other columns', () => {
    const lists = Object.values(VIEWS).map(([first]) => `${first.name} are: ${namesOf(first)}`);
    const expected = `Unknown column 'bogus'. The columns of ${lists.join('; of ')}.`;
    expect(errorOf(() => names.sort('bogus:desc'))).toBe(expected);
    expect(errorOf(() => names.columns('bogus'))).toBe(expected);
  });

  it('causes an error with the columns of the view that a setting file names', () => {
    expect(errorOf(() => names.columns('age', workers.columns))).toBe(
      `Unknown column 'age'. The columns are: ${namesOf(workers)}.`,
    );
  });
});

it('a choice must be spelled exactly', () => {
  const parse = values.oneOf(['dark', 'light']);
  expect(parse('light')).toBe('light');
  for (const text of ['', 'Dark', ' dark', 'toString'])
    expect(() => parse(text)).toThrow('Expected one of dark, light.');
});
