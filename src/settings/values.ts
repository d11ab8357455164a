import type { LevelChanges } from '../insights/assess.ts';
import { RULES } from '../insights/rules.ts';
import { LONGEST_PATTERN } from '../rates/long.ts';
import type { Sort } from '../views/table.ts';
import { CORE_MODES, type CoreMode } from '../views/tables/worker-columns.ts';
import type { View } from '../views/view.ts';
import { VIEWS } from '../views/views.ts';

/** A value of an option or a setting that cannot be. Its message is sentences: what is wrong, what would be right. */
export class ValueError extends Error {
  override name = 'ValueError';
}

/** A parser of numbers within limits. @throws ValueError */
export function number(least: number, most: number, or = ''): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most))
      throw new ValueError(`It takes a number from ${least} to ${most}${or}.`);
    return value;
  };
}

/** A parser of one of these words. @throws ValueError */
export function oneOf<Word extends string>(all: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = all.find((each) => each === text);
    if (word === undefined) throw new ValueError(`It takes ${all.join(', ')}.`);
    return word;
  };
}

export const cores: (text: string) => CoreMode = oneOf(CORE_MODES);

type Columns = View['columns'];

/** Of all views. */
export const ALL_COLUMNS: Columns = Object.values(VIEWS).flatMap((views) =>
  views.flatMap(({ columns }) => columns),
);

/** A column by its name or by its title, whatever the case. @throws ValueError */
function columnOf(text: string, columns: Columns): Columns[number] {
  const wanted = text.trim().toLowerCase();
  const column = columns.find(
    ({ name, title }) => name.toLowerCase() === wanted || title.toLowerCase() === wanted,
  );
  if (column) return column;
  const names = [...new Set(columns.map(({ name }) => name))];
  throw new ValueError(`There is no column '${text}'. The columns are: ${names.join(', ')}.`);
}

/** `COLUMN`, `COLUMN:asc` or `COLUMN:desc`. @throws ValueError */
export function sort(text: string, columns: Columns = ALL_COLUMNS): Sort {
  const [name = '', order, ...rest] = text.split(':');
  const column = columnOf(name, columns);
  if (rest.length > 0 || (order !== undefined && order !== 'asc' && order !== 'desc'))
    throw new ValueError('The order is asc or desc, as in rps:desc.');
  return { column: column.name, descending: order === undefined ? column.descending : order === 'desc' };
}

/** How `sort` is written. */
export function sortText({ column, descending }: Sort): string {
  return `${column}:${descending ? 'desc' : 'asc'}`;
}

/** Names with commas between. @throws ValueError */
export function columns(text: string, all: Columns = ALL_COLUMNS): string[] {
  return [...new Set(text.split(',').map((each) => columnOf(each, all).name))];
}

const NAME = /^[\p{L}\p{N}_.:[\]-]{1,100}$/u;

/** The name of a variable, parameter or option, or a part of one. @throws ValueError */
export function name(text: string): string {
  if (!NAME.test(text))
    throw new ValueError(
      `'${text}' is not a name. It takes names of variables, parameters or options, as in x-tenant,account_id.`,
    );
  return text;
}

/** Names with commas between. @throws ValueError */
export function names(text: string): string[] {
  return text.split(',').map((each) => name(each.trim()));
}

/** The path of requests that are long on purpose, with `*` for any text. @throws ValueError */
export function longPattern(text: string): string {
  const pattern = text.trim();
  if (!/^[/*]/.test(pattern) || pattern.length > LONGEST_PATTERN)
    throw new ValueError(
      `It takes paths that begin with / or *, of at most ${LONGEST_PATTERN} characters, as in /ws or /events/*.`,
    );
  return pattern;
}

/** Such paths, with commas between. @throws ValueError */
export function longPatterns(text: string): string[] {
  return text.split(',').map(longPattern);
}

/** `RULE=WARNING` or `RULE=WARNING,CRITICAL`. @throws ValueError */
export function level(text: string): LevelChanges {
  const [, name = '', warning = '', critical] = /^([\w-]+)=([^,]+)(?:,(.+))?$/.exec(text) ?? [];
  const names = RULES.map((rule) => rule.name);
  if (!names.includes(name))
    throw new ValueError(
      `It takes RULE=WARNING or RULE=WARNING,CRITICAL. The rules are: ${names.join(', ')}.`,
    );
  const from = number(0, 1e15);
  return {
    [name]: { warning: from(warning), ...(critical === undefined ? {} : { critical: from(critical) }) },
  };
}
