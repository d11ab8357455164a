import { isNamed } from '../views/named.ts';
import type { Sort } from '../views/order.ts';
import type { View } from '../views/view.ts';
import { VIEWS } from '../views/views.ts';
import { ValueError } from './values.ts';

// Parsers of the names of views and columns. The command line loads them, with all views, only for an option that has such
// names.

type Columns = View['columns'];

/** The columns of all views. */
const ALL_COLUMNS: Columns = Object.values(VIEWS).flatMap((views) => views.flatMap(({ columns }) => columns));

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

/** The names of all views. Those of a fleet have the same name as those of a server. */
export const VIEW_NAMES: readonly string[] = [
  ...new Set(Object.values(VIEWS).flatMap((views) => views.map(({ name }) => name))),
];

/** Parses the name of a view, of any kind of server. @throws ValueError */
export function view(text: string): string {
  if (!VIEW_NAMES.includes(text))
    throw new ValueError(`Unknown view '${text}'. The views are: ${VIEW_NAMES.join(', ')}.`);
  return text;
}

/** Parses column names with commas between them. @throws ValueError */
export function columns(text: string, all: Columns = ALL_COLUMNS): string[] {
  if (text === '') throw new ValueError('Expected names of columns, as in id,rps.');
  const names = text.split(',');
  return [...new Set(names.map((each) => columnOf(each, all, names).name))];
}
