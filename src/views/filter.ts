import type { CellContext, Column, Unit } from './column.ts';
import { isNamed, nearest } from './named.ts';
import { patternOf } from './pattern.ts';
import type { Table } from './table.ts';

/** Whether a row passes. */
type Test<Row> = (row: Row) => boolean;

/** A filter as it was typed, understood or not. */
export type Filter<Row> = { test: Test<Row>; error: null } | { test: null; error: string };

/**
 * What a filter means for a table. It is words, and all of them must hold. A word is a condition, `rps>10`, `status=busy`,
 * `uri~^/api`, `age>=5s`, `rss>100M`, that begins with the name or title of a column, or else a text that the row shows.
 * A word in double quotes is always a text. What follows `~` is a regular expression in RE2 syntax (`pattern.ts`).
 */
export function parseFilter<Row>(
  text: string,
  table: Pick<Table<Row>, 'columns' | 'note'>,
  all: readonly Column<Row>[],
  at: CellContext,
): Filter<Row> {
  const tests: Test<Row>[] = [];
  for (const word of wordsOf(text)) {
    const test = word.kind === 'text' ? shows(word.text, table, at) : conditionOf(word, all, at);
    if (typeof test === 'string') return { test: null, error: test };
    tests.push(test);
  }
  return { test: (row) => tests.every((test) => test(row)), error: null };
}

function shows<Row>(
  word: string,
  { columns, note }: Pick<Table<Row>, 'columns' | 'note'>,
  at: CellContext,
): Test<Row> {
  const wanted = word.toLowerCase();
  const has = (text: string | null | undefined) => text?.toLowerCase().includes(wanted) === true;
  return (row) => columns.some((column) => has(column.text(row, at))) || has(note?.text(row));
}

/** A word of a filter. */
type Word = { kind: 'text'; text: string } | Condition;

interface Condition {
  kind: 'condition';
  /** What stands before the sign; empty when nothing does. */
  name: string;
  sign: string;
  wanted: string;
  /** There are blanks beside the sign. */
  isSpaced: boolean;
}

const WORD = /"([^"]*)"?|([\w:%/]*)( ?)(>=|<=|!=|==?|[<>~])( ?)(\S*)|\S+/g;
const BEGINS_LIKE_CONDITION = /^[\w:%/]+(?:>=|<=|!=|[=<>~])/;

/** Blanks are made single before, so that the pattern takes linear time. */
function wordsOf(filter: string): Word[] {
  const text = filter.split(/\s+/).join(' ').trim();
  return [...text.matchAll(WORD)].map(([word, quoted, name = '', before, sign, after, wanted = '']): Word => {
    if (sign === undefined) return { kind: 'text', text: quoted ?? word };
    // In `rps> status=busy` the value is missing.
    const isNext = after !== '' && BEGINS_LIKE_CONDITION.test(wanted);
    const isSpaced = before !== '' || after !== '';
    // Programmers write two.
    const one = sign === '==' ? '=' : sign;
    return { kind: 'condition', name, sign: one, wanted: isNext ? '' : wanted, isSpaced };
  });
}

/** The test of a condition, or what is wrong with it. */
function conditionOf<Row>(
  { name, sign, wanted, isSpaced }: Condition,
  columns: readonly Column<Row>[],
  at: CellContext,
): Test<Row> | string {
  if (name === '') return `${sign} needs a column before it, as in ${columns[0]?.name ?? 'id'}${sign}1`;
  const column = columns.find((each) => isNamed(each, name));
  if (!column) {
    const asText = isSpaced ? '' : ` ("${name}${sign}${wanted}" finds the text)`;
    return `no column ${name}${asText}: ${nearest(name, columns).join(', ')}`;
  }
  if (wanted === '') return `${name}${sign} what?`;
  if (isSpaced) return `no blanks beside ${sign}: write ${name}${sign}${wanted}`;
  if (sign === '~') return matches(column, wanted, at);
  // A secret is not to be guessed by what a filter finds: words are compared as they are shown.
  return isNumeric(column) ? compares(column, sign, wanted) : equals(column, sign, wanted, at);
}

/** What stands before the sign of each condition. */
export function namesIn(filter: string): string[] {
  return wordsOf(filter).flatMap((word) => (word.kind === 'condition' ? word.name : []));
}

function isNumeric<Row>({ unit }: Column<Row>): boolean {
  return unit !== 'word';
}

function matches<Row>(column: Column<Row>, wanted: string, at: CellContext): Test<Row> | string {
  const pattern = patternOf(wanted);
  return typeof pattern === 'string' ? pattern : (row) => pattern.test(column.text(row, at));
}

function equals<Row>(column: Column<Row>, sign: string, wanted: string, at: CellContext): Test<Row> | string {
  const is = (row: Row) => column.text(row, at).toLowerCase() === wanted.toLowerCase();
  if (sign === '=') return is;
  if (sign === '!=') return (row) => !is(row);
  return `${column.title} is a word: = != ~`;
}

const SIGNS: Readonly<Record<string, (is: number, wanted: number) => boolean>> = {
  '=': (is, wanted) => is === wanted,
  '!=': (is, wanted) => is !== wanted,
  '>': (is, wanted) => is > wanted,
  '<': (is, wanted) => is < wanted,
  '>=': (is, wanted) => is >= wanted,
  '<=': (is, wanted) => is <= wanted,
};

/** What is not known passes no comparison. */
function compares<Row>(column: Column<Row>, sign: string, text: string): Test<Row> | string {
  const wanted = quantity(text, column.unit);
  const holds = SIGNS[sign];
  if (wanted === null || !holds)
    return `${column.title} is a number, as in ${column.name}>${EXAMPLES[column.unit]}`;
  return (row) => {
    const is = column.value(row);
    return typeof is === 'number' && holds(is, wanted);
  };
}

const EXAMPLES: Readonly<Record<Unit, string>> = {
  count: '10',
  bytes: '100M',
  seconds: '5s',
  share: '50',
  instant: '10',
  word: 'a',
};

/** What a number's suffix multiplies it with, by the unit of its column. */
const SUFFIXES: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
  count: { '': 1, k: 1e3, m: 1e6, g: 1e9 },
  bytes: { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 },
  seconds: { '': 1, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 },
  // Shown, and so typed, in percent.
  share: { '': 0.01, '%': 0.01 },
  instant: { '': 1 },
  word: {},
};

/** A number as a person writes it, in the unit of the column; `null` when it is none. */
function quantity(text: string, unit: Unit): number | null {
  const [, digits, suffix = ''] = /^(-?\d+(?:\.\d+)?)([a-z%]*)$/i.exec(text) ?? [];
  const factor = SUFFIXES[unit][suffix.toLowerCase()];
  return digits === undefined || factor === undefined ? null : Number(digits) * factor;
}
