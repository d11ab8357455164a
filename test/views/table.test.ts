import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cells } from '../../src/text/clean.ts';
import { orUnknown } from '../../src/text/format.ts';
import { NO_MASK } from '../../src/text/secrets.ts';
import { type Column, numbers, words } from '../../src/views/column.ts';
import { UNICODE } from '../../src/views/glyphs.ts';
import { sorted } from '../../src/views/order.ts';
import { place, type Table, tableView, window } from '../../src/views/table.ts';
import { THRESHOLDS } from '../../src/views/thresholds.ts';
import { VIEWS } from '../../src/views/views.ts';
import { anyText } from '../text/strings.ts';
import { KEYMAP } from './keymap.ts';
import { textOf } from './samples.ts';

interface Row {
  id: number;
  number: number | null;
  word: string | null;
}

const rowsOf = fc
  .array(
    fc.record({
      number: fc.option(fc.integer({ min: -3, max: 3 }), { nil: null }),
      word: fc.option(anyText, { nil: null }),
    }),
    { maxLength: 30 },
  )
  .map((rows) => rows.map((row, id): Row => ({ id, ...row })));

const common = { importance: 1, description: 'a test' };
const NUMBER: Column<Row> = numbers(orUnknown(String), {
  ...common,
  name: 'number',
  title: 'NUM',
  key: 'M',
  width: 5,
  value: ({ number }) => number,
});
const WORD: Column<Row> = words({
  ...common,
  name: 'word',
  title: 'WORD',
  key: 'R',
  width: 8,
  importance: 2,
  grows: true,
  value: ({ word }) => word,
});

describe('a narrow line', () => {
  const all = Object.values(VIEWS).flat();
  const TABLES = all.filter(({ columns }) => columns.length > 1).map((view) => [view] as const);

  it.each(TABLES)('has the column that says what a row is: $title of $kind', ({ columns, sort }) => {
    const [main] = columns.toSorted((a, b) => a.importance - b.importance);
    const order = columns.find(({ name }) => name === sort?.column);
    for (const width of [20, 24, 30]) {
      const placed = place(columns, width, sort?.column ?? '');
      const shown = placed.map(({ column }) => column.name);
      expect(shown).toContain(main?.name);
      if (order) expect(shown).toContain(order.name);
      const last = placed.at(-1);
      expect((last?.start ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(width);
      for (const { column, width } of placed)
        if (column.name !== main?.name || column.unit !== 'word')
          expect(width).toBeGreaterThanOrEqual(columns.find(({ name }) => name === column.name)?.width ?? 0);
    }
  });

  it('has the names of the servers and their worst findings', () => {
    const [servers] = VIEWS.fleet;
    const shown = place(servers.columns, 30, servers.sort.column);
    expect(shown.map(({ column, width }) => [column.name, width])).toEqual([
      ['server', 10],
      ['worst', 19],
    ]);
  });
});

describe('sorting', () => {
  it('orders rows with equal values by the next column, and rows equal in all of them by their place', () => {
    const rows: Row[] = [
      { id: 0, number: 1, word: 'b' },
      { id: 1, number: 2, word: 'b' },
      { id: 2, number: 2, word: 'a' },
      { id: 3, number: null, word: 'a' },
      { id: 4, number: 2, word: 'a' },
    ];
    const ties = [{ column: 'word', descending: false }];
    const order = { column: 'number', descending: true, ties };
    expect(sorted(rows, [NUMBER, WORD], order).map(({ id }) => id)).toEqual([2, 4, 1, 0, 3]);
  });

  const column = fc.constantFrom(NUMBER, WORD);

  it('keeps every row, puts unknown values last in both orders, and keeps the order of equal rows', () => {
    fc.assert(
      fc.property(rowsOf, column, fc.boolean(), (rows, by, descending) => {
        const shown = sorted(rows, [by], { column: by.name, descending });
        expect(shown.map(({ id }) => id).sort((a, b) => a - b)).toEqual(rows.map(({ id }) => id));
        for (const [index, row] of shown.entries()) {
          const next = shown[index + 1];
          if (!next) break;
          const [a, b] = [by.value(row), by.value(next)];
          if (a === b) expect(row.id).toBeLessThan(next.id);
          else if (a === null) expect(b).toBeNull();
          else if (b !== null) expect(descending ? b < a : a < b).toBe(true);
        }
      }),
    );
  });

  it('does not change the given rows', () => {
    const rows = Object.freeze([
      { id: 0, number: 1, word: null },
      { id: 1, number: 2, word: null },
    ]);
    expect(sorted(rows, [NUMBER], { column: NUMBER.name, descending: true }).map(({ id }) => id)).toEqual([
      1, 0,
    ]);
  });
});

const TABLES = Object.values(VIEWS)
  .flat()
  .filter(({ columns }) => columns.length > 0)
  .map(({ name, columns }) => [name, columns] as const);

describe.each(TABLES)('the columns of %s on a line', (_kind, columns) => {
  const widths = Array.from({ length: 201 }, (_, index) => index + 20);
  const most = Math.min(...columns.map(({ importance }) => importance));

  const lines = widths.flatMap((line) =>
    columns.map(({ name }) => ({ line, sort: name, placed: place(columns, line, name) })),
  );

  it('fit, with gaps between them, for any order', () => {
    const wrong = lines.filter(({ line, placed }) => {
      const ends = [-1, ...placed.map(({ start, width }) => start + width)];
      return placed.some(({ start }, index) => start <= (ends[index] ?? 0)) || Math.max(...ends) > line;
    });
    expect(wrong).toEqual([]);
  });

  it('always include the sort column', () => {
    expect(lines.filter(({ sort, placed }) => !placed.some(({ column }) => column.name === sort))).toEqual(
      [],
    );
  });

  it('keep their order and width, except for those that use free room', () => {
    const wrong = lines.filter(({ placed }) => {
      const places = placed.map(({ column }) => columns.indexOf(column));
      const ordered = places.every((at, index) => index === 0 || at > (places[index - 1] ?? at));
      // Only the most important column is cut, if there is no room for another one besides the sort column.
      const isCut = ({ column, width }: (typeof placed)[number]) =>
        width < column.width && column.importance === most && column.unit === 'word' && placed.length === 2;
      const kept = placed.filter((each) => !isCut(each));
      return (
        !ordered ||
        kept.some(({ column, width }) => width !== column.width && !column.grows && !column.roomyWidth) ||
        kept.some(({ column, width }) => width < column.width)
      );
    });
    expect(wrong).toEqual([]);
  });

  it('are removed by importance, except for the sort column', () => {
    const wrong = lines.filter(({ sort, placed }) => {
      const shown = placed.map(({ column }) => column);
      const least = Math.max(...shown.filter(({ name }) => name !== sort).map((each) => each.importance), 0);
      return columns.some((column) => !shown.includes(column) && column.importance < least);
    });
    expect(wrong).toEqual([]);
  });

  it('reappear one by one when the line gets wider', () => {
    let before = 0;
    for (const line of widths) {
      const { length } = place(columns, line, '');
      expect(length).toBeGreaterThanOrEqual(before);
      before = length;
    }
    expect(place(columns, 400, '')).toHaveLength(columns.length);
  });
});

const table = (rows: readonly Row[], columns = [NUMBER, WORD]): Table<Row> => ({
  columns,
  rows,
  id: ({ id }) => String(id),
});

describe('the rows in view', () => {
  const height = fc.integer({ min: 1, max: 20 });
  const top = fc.integer({ min: 0, max: 50 });

  it('include the selected one, without a gap at the end or before the first row', () => {
    fc.assert(
      fc.property(rowsOf, height, top, fc.nat(40), (rows, height, wished, wanted) => {
        const state = { sort: { column: 'number', descending: true }, selected: String(wanted), top: wished };
        const view = window(table(rows), state, height);
        expect(view.top).toBeGreaterThanOrEqual(0);
        expect(view.top).toBeLessThanOrEqual(Math.max(0, rows.length - height));
        if (wanted < rows.length) {
          expect(view.selected).toBe(wanted);
          expect(view.top).toBeLessThanOrEqual(wanted);
          expect(view.top + height).toBeGreaterThan(wanted);
        } else {
          expect(view.selected).toBe(-1);
          expect(view.top).toBe(Math.min(wished, Math.max(0, rows.length - height)));
        }
      }),
    );
  });
});

it('the first of two rows with the same id is the selected one', () => {
  const twins = { ...table([]), rows: [0, 1, 1].map((id): Row => ({ id, number: null, word: null })) };
  const state = { sort: { column: '', descending: false }, selected: '1', top: 0 };
  expect(window(twins, state, 5).selected).toBe(1);
});

describe('a table', () => {
  it('selects one line if two rows have the same id', () => {
    const row: Row = { id: 1, number: 1, word: 'a' };
    const { lines } = tableView(
      { columns: [NUMBER], rows: [row, row], id: ({ id }) => String(id) },
      {
        state: { sort: { column: 'number', descending: true }, selected: '1', top: 0 },
        at: { time: 0, timeIsExact: true, mask: NO_MASK, thresholds: THRESHOLDS },
        glyphs: UNICODE,
        keys: KEYMAP,
        size: { columns: 20, rows: 5 },
      },
    );
    expect(lines.map(({ emphasis }) => emphasis)).toEqual(['heading', 'selected', undefined]);
  });

  const options = (columns: number, rows: number) => ({
    size: { columns, rows },
    state: { sort: { column: 'number', descending: true }, selected: '1', top: 0 },
    at: { time: 0, timeIsExact: true, mask: NO_MASK, thresholds: THRESHOLDS },
    glyphs: UNICODE,
    keys: KEYMAP,
  });

  it('has no line that exceeds its width, for any text and note', () => {
    fc.assert(
      fc.property(rowsOf, anyText, fc.integer({ min: 20, max: 60 }), (rows, text, columns) => {
        const noted = { ...table(rows), note: { after: 'number', text: () => text } };
        for (const each of [table(rows), noted]) {
          const { lines } = tableView(each, options(columns, 10));
          expect(lines.length).toBeLessThanOrEqual(10);
          for (const line of lines) expect(cells(textOf(line)).length).toBeLessThanOrEqual(columns);
        }
      }),
    );
  });

  it('has no line that exceeds its width, with a note at the end of the line', () => {
    const rows: Row[] = [{ id: 1, number: 1, word: 'a' }];
    const noted = { ...table(rows, [NUMBER]), note: { after: 'number', text: () => 'GET /' } };
    for (let columns = NUMBER.width; columns < NUMBER.width + 12; columns += 1) {
      const { lines } = tableView(noted, options(columns, 5));
      for (const line of lines) expect(textOf(line).length).toBeLessThanOrEqual(columns);
    }
  });

  it('shows the sign of the order, the key letters and the selected row', () => {
    const rows: Row[] = [
      { id: 0, number: 7, word: 'a' },
      { id: 1, number: null, word: null },
    ];
    const { lines, hotspots } = tableView(table(rows), options(20, 5));
    expect(lines.map(textOf)).toEqual([
      ' NUM▼ WORD          ',
      '    7 a             ',
      '    - -             ',
    ]);
    expect(lines.map(({ emphasis }) => emphasis)).toEqual(['heading', undefined, 'selected']);
    const withRole = (role: string) =>
      lines[0]?.spans
        .filter((span) => span.role === role && span.text.trim() !== '')
        .map(({ text }) => text.trim());
    expect(withRole('headingKey')).toEqual(['R']);
    expect(withRole('headingSortKey')).toEqual(['M']);
    expect(withRole('headingSort')).toEqual(['NU', '▼']);
    expect(hotspots).toEqual([
      { line: 0, start: 0, end: 5, action: { kind: 'sort', column: 'number' } },
      { line: 0, start: 6, end: 20, action: { kind: 'sort', column: 'word' } },
      { line: 1, start: 0, end: 20, action: { kind: 'select', id: '0' } },
      { line: 2, start: 0, end: 20, action: { kind: 'select', id: '1' } },
    ]);
    expect(lines[2]?.spans.filter(({ role }) => role === 'dim').map(({ text }) => text.trim())).toEqual([
      '-',
      '-',
    ]);
  });

  it('marks no letter in the title of a column without a letter', () => {
    const { key: _, ...silent } = NUMBER;
    const { lines } = tableView(table([{ id: 0, number: 7, word: 'a' }], [silent, WORD]), options(20, 5));
    expect(lines.map(textOf)).toEqual([' NUM▼ WORD          ', '    7 a             ']);
    expect(lines[0]?.spans.filter(({ role }) => role === 'headingKey').map(({ text }) => text)).toEqual([
      'R',
    ]);
  });

  it('leaves a cell blank if the row above shows the value of the same thing', () => {
    const rows = [1, 1, 2, 1].map((number, id): Row => ({ id, number, word: 'a' }));
    const owned: Column<Row> = { ...NUMBER, belongsTo: ({ number }) => number ?? 0 };
    const texts = (top: number) => {
      const at = options(20, 5);
      const shown = { ...at, state: { ...at.state, selected: null, top }, size: { columns: 20, rows: 4 } };
      return tableView(table(rows, [owned, WORD]), shown)
        .lines.slice(1)
        .map((line) => textOf(line).trimEnd());
    };
    expect(texts(0)).toEqual(['    1 a', '      a', '    2 a']);
    // The first line shows its value even if the row above it is out of view.
    expect(texts(1)).toEqual(['    1 a', '    2 a', '    1 a']);
  });
});
