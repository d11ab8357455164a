import type { LevelChanges } from '../insights/assess.ts';
import { RULES } from '../insights/rules.ts';
import { LONGEST_PATTERN } from '../rates/long.ts';
import { CORE_MODES, type CoreMode } from '../views/core-modes.ts';
import { isNamed } from '../views/named.ts';
import type { Sort } from '../views/order.ts';
import type { View } from '../views/view.ts';
import { VIEWS } from '../views/views.ts';

/** An invalid value of an option or a setting. The message contains the error and a valid form, in full sentences. */
export class ValueError extends Error {
  override name = 'ValueError';
}

/** Returns a parser of numbers within limits. The parser throws ValueError. */
export function number(least: number, most: number, or = ''): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most))
      throw new ValueError(`Expected a number from ${least} to ${most}${or}.`);
    return value;
  };
}

/** Returns a parser that accepts one of the words. The parser throws ValueError. */
export function oneOf<Word extends string>(all: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = all.find((each) => each === text);
    if (word === undefined) throw new ValueError(`Expected one of ${all.join(', ')}.`);
    return word;
  };
}

export const cores: (text: string) => CoreMode = oneOf(CORE_MODES);

type Columns = View['columns'];

/** The columns of all views. */
export const ALL_COLUMNS: Columns = Object.values(VIEWS).flatMap((views) =>
  views.flatMap(({ columns }) => columns),
);

/**
 * Finds a column by its name or its title, in upper or lower case.
 *
 * @param others all names of the option: columns of the same view
 * @throws ValueError
 */
function columnOf(text: string, columns: Columns, others: readonly string[] = []): Columns[number] {
  const column = columns.find((each) => isNamed(each, text));
  if (column) return column;
  const choice = columns === ALL_COLUMNS ? choiceOf(others) : `The columns are: ${namesOf(columns)}`;
  throw new ValueError(`Unknown column '${text}'. ${choice}.`);
}

/**
 * Returns a text with the columns of the views that have all the other names. Each kind of server has its own views,
 * and the kind is not known yet.
 */
function choiceOf(others: readonly string[]): string {
  const known = others.filter((name) => ALL_COLUMNS.some((column) => isNamed(column, name)));
  const has = ({ columns }: View) => known.every((name) => columns.some((column) => isNamed(column, name)));
  const views = Object.values(VIEWS).flatMap((all) => all.find(has) ?? []);
  const [first] = VIEWS.app;
  // The view of a fleet and that of a server can have the same name.
  const distinct = views.filter(({ name }, at) => views.findIndex((view) => view.name === name) === at);
  const lists = (distinct.length > 0 ? distinct : [first]).map(
    ({ name, columns }) => `${name} are: ${namesOf(columns)}`,
  );
  return `The columns of ${lists.join('; of ')}`;
}

function namesOf(columns: Columns): string {
  return columns.map(({ name }) => name).join(', ');
}

/** Parses `COLUMN`, `COLUMN:asc` or `COLUMN:desc`. @throws ValueError */
export function sort(text: string, columns: Columns = ALL_COLUMNS): Sort {
  const [name = '', order, ...rest] = text.split(':');
  const column = columnOf(name, columns);
  if (rest.length > 0 || (order !== undefined && order !== 'asc' && order !== 'desc'))
    throw new ValueError('The order must be asc or desc, as in rps:desc.');
  return { column: column.name, descending: order === undefined ? column.descending : order === 'desc' };
}

/** Formats an order as `sort` parses it. */
export function sortText({ column, descending }: Sort): string {
  return `${column}:${descending ? 'desc' : 'asc'}`;
}

/** Parses column names with commas between them. @throws ValueError */
export function columns(text: string, all: Columns = ALL_COLUMNS): string[] {
  const names = text.split(',');
  return [...new Set(names.map((each) => columnOf(each, all, names).name))];
}

const NAME = /^[\p{L}\p{N}_.:[\]-]{1,100}$/u;

/** Parses the name of a variable, parameter or option, or a part of one. @throws ValueError */
export function name(text: string): string {
  if (!NAME.test(text))
    throw new ValueError(
      `'${text}' is not a name. Expected names of variables, parameters or options, as in x-tenant,account_id.`,
    );
  return text;
}

/** Parses such names with commas between them. @throws ValueError */
export function names(text: string): string[] {
  return text.split(',').map((each) => name(each.trim()));
}

/** Parses the path of requests that are intentionally long; `*` stands for any text. @throws ValueError */
export function longPattern(text: string): string {
  const pattern = text.trim();
  if (!/^[/*]/.test(pattern) || pattern.length > LONGEST_PATTERN)
    throw new ValueError(
      `Expected paths that begin with / or * and have at most ${LONGEST_PATTERN} characters, as in /ws or /events/*.`,
    );
  return pattern;
}

/** Parses such paths with commas between them. @throws ValueError */
export function longPatterns(text: string): string[] {
  return text.split(',').map(longPattern);
}

/** Parses `RULE=WARNING` or `RULE=WARNING,CRITICAL`. @throws ValueError */
export function level(text: string): LevelChanges {
  const [, name = '', warning = '', critical] = /^([\w-]+)=([^,]+)(?:,(.+))?$/.exec(text) ?? [];
  const names = RULES.map((rule) => rule.name);
  if (!names.includes(name))
    throw new ValueError(
      `Expected RULE=WARNING or RULE=WARNING,CRITICAL. The rules are: ${names.join(', ')}.`,
    );
  const from = number(0, 1e15);
  return {
    [name]: { warning: from(warning), ...(critical === undefined ? {} : { critical: from(critical) }) },
  };
}
