import type { CellContext, Column, Unit } from './column.ts';
import { isNamed, nearest } from './named.ts';
import { patternOf } from './pattern.ts';
import type { Table } from './table.ts';

/** Tests whether a row passes. */
type Test<Row> = (row: Row) => boolean;

/** A parsed filter: a test, or an error message if the filter is invalid. */
export type Filter<Row> = { test: Test<Row>; error: null } | { test: null; error: string };

/** The columns that conditions can name. */
export interface Conditions<Row> {
  /** Title of the view. */
  title: string;
  columns: readonly Column<Row>[];
  /** The other view that has a column, as the user finds it: `Requests (2)`. `null`: none has it. */
  elsewhere(name: string): string | null;
}

/**
 * Parses a filter for a table. A filter is a list of words, and a row must satisfy all words. A word is a condition or
 * a text. A condition begins with the name or title of a column: `rps>10`, `status=busy`, `uri~^/api`, `age>=5s`,
 * `rss>100M`. Any other word is a text that the row must show. A word in double quotes is always a text. The operand of
 * `~` is a regular expression in RE2 syntax (`pattern.ts`).
 *
 * @param table the shown columns, in which texts are searched
 */
export function parseFilter<Row>(
  text: string,
  table: Pick<Table<Row>, 'columns' | 'note'>,
  conditions: Conditions<Row>,
  at: CellContext,
): Filter<Row> {
  const tests: Test<Row>[] = [];
  for (const word of wordsOf(text)) {
    const test = word.kind === 'text' ? shows(word.text, table, at) : conditionOf(word, conditions, at);
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

type Word = { kind: 'text'; text: string } | Condition;

interface Condition {
  kind: 'condition';
  /** Text before the sign; can be empty. */
  name: string;
  sign: string;
  wanted: string;
  /** Whether there are blanks beside the sign, which is an error. */
  isSpaced: boolean;
}

const WORD = /"([^"]*)"?|([\w:%/]*)( ?)(>=|<=|!=|==?|[<>~])( ?)(\S*)|\S+/g;
const COLUMN = /^[\w:%/]+$/;
const BEGINS_LIKE_CONDITION = /^[\w:%/]+(?:>=|<=|!=|[=<>~])/;

/** Collapses blanks first, so that the pattern takes linear time. */
function wordsOf(filter: string): Word[] {
  const text = filter.split(/\s+/).join(' ').trim();
  return [...text.matchAll(WORD)].map(([word, quoted, name = '', before, sign, after, wanted = '']): Word => {
    if (sign === undefined) return { kind: 'text', text: quoted ?? word };
    // In `rps> status=busy` the value of the first condition is missing.
    const isNext = after !== '' && BEGINS_LIKE_CONDITION.test(wanted);
    const isSpaced = before !== '' || after !== '';
    // Accept `==` for `=`.
    const one = sign === '==' ? '=' : sign;
    return { kind: 'condition', name, sign: one, wanted: isNext ? '' : wanted, isSpaced };
  });
}

/** The test of a condition, or an error message. */
function conditionOf<Row>(
  { name, sign, wanted, isSpaced }: Condition,
  conditions: Conditions<Row>,
  at: CellContext,
): Test<Row> | string {
  const { columns } = conditions;
  if (name === '') return `${sign} needs a column before it, as in ${columns[0]?.name ?? 'id'}${sign}1`;
  const column = columns.find((each) => isNamed(each, name));
  if (!column) return unknown(name, isSpaced ? null : `${name}${sign}${wanted}`, conditions);
  if (wanted === '') return `${name}${sign} what?`;
  if (isSpaced) return `no blanks beside ${sign}: write ${name}${sign}${wanted}`;
  if (sign === '~') return matches(column, wanted, at);
  // Words are compared as they are shown, so that a filter cannot reveal a masked secret.
  return isNumeric(column) ? compares(column, sign, wanted) : equals(column, sign, wanted, at);
}

/**
 * The error message for an unknown column. A narrow screen shows only its beginning.
 *
 * @param text the condition, if it can be meant as a text
 */
function unknown<Row>(
  name: string,
  text: string | null,
  { title, columns, elsewhere }: Conditions<Row>,
): string {
  const none = `no column ${name} in ${title}`;
  const other = elsewhere(name);
  if (other !== null) return `${none}; ${other} has it`;
  const asText = text === null ? '' : ` ("${text}" finds the text)`;
  const near = nearest(name, columns);
  return near.length > 0
    ? `${none}: ${headingsOf(near)}${asText}`
    : `${none}${asText}: ${headingsOf(columns)}`;
}

/** The headings of columns, or their names if a condition cannot contain the heading. */
function headingsOf(columns: readonly Pick<Column<never>, 'name' | 'title'>[]): string {
  return columns.map(({ name, title }) => (COLUMN.test(title) ? title : name)).join(', ');
}

/** The column names in the conditions of a filter, as typed. */
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

/** An unknown value does not satisfy any comparison. */
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

/** Factors of number suffixes, by the unit of the column. */
const SUFFIXES: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
  count: { '': 1, k: 1e3, m: 1e6, g: 1e9 },
  bytes: { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 },
  seconds: { '': 1, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 },
  // Shares are shown and typed in percent.
  share: { '': 0.01, '%': 0.01 },
  instant: { '': 1 },
  word: {},
};

/** Parses a number with an optional suffix into the unit of the column; `null` if it is invalid. */
function quantity(text: string, unit: Unit): number | null {
  const [, digits, suffix = ''] = /^(-?\d+(?:\.\d+)?)([a-z%]*)$/i.exec(text) ?? [];
  const factor = SUFFIXES[unit][suffix.toLowerCase()];
  return digits === undefined || factor === undefined ? null : Number(digits) * factor;
}
