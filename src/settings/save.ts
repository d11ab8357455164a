import type { TabState, ViewState } from '../views/scene.ts';
import { VIEWS } from '../views/views.ts';
import { sortText } from './columns.ts';
import type { Table } from './settings.ts';

/**
 * Returns the content of the setting file after a live view. It contains the user's choices; all other settings stay.
 */
export function settingsFrom(view: ViewState, file: Table): Table {
  const before = (file.views ?? {}) as Readonly<Record<string, Table>>;
  const views = new Map(Object.entries(before));
  for (const [name, state] of tabsOf(view)) {
    const before = views.get(name);
    const { columns: _, sort: __, ...rest } = before ?? {};
    const settings = { ...rest, ...viewTable(name, state) };
    if (stays(settings, before)) views.set(name, settings);
    else views.delete(name);
  }
  const { views: _, ...rest } = file;
  const table = Object.fromEntries(views);
  return {
    ...rest,
    interval: view.interval,
    cores: view.cores,
    ...(view.isSplit && file.split === undefined ? {} : { split: view.isSplit ? 'on' : 'off' }),
    ...(stays(table, file.views as Table | undefined) ? { views: table } : {}),
  };
}

/**
 * Whether to write a table. An empty table has no effect, but it stays if it was in the file: otherwise its comments
 * would be lost.
 */
function stays(table: Table, before: Table | undefined): boolean {
  return Object.keys(table).length > 0 || (before !== undefined && Object.keys(before).length === 0);
}

/** Every view that the user opened, or that the file configures. */
function tabsOf(view: ViewState): [name: string, state: TabState][] {
  const states = { ...view.otherTabs, ...(view.tab === null ? {} : { [view.tab]: view }) };
  return Object.entries(states).filter(([name]) => COLUMNS.has(name));
}

/** Column names of each view. */
const COLUMNS = new Map(
  Object.values(VIEWS)
    .flat()
    .map(({ name, columns }) => [name, new Set(columns.map((column) => column.name))]),
);

/** Returns only the columns that the view has: a file with other names could not be read again. */
function viewTable(view: string, { columns, sort }: Pick<TabState, 'columns' | 'sort'>): Table {
  const all = COLUMNS.get(view) ?? new Set();
  const shown = columns?.filter((name) => all.has(name)) ?? [];
  return {
    ...(shown.length > 0 ? { columns: shown } : {}),
    ...(sort && all.has(sort.column) ? { sort: sortText(sort) } : {}),
  };
}
