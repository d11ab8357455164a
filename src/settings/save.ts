import type { TabState, ViewState } from '../views/scene.ts';
import { VIEWS } from '../views/views.ts';
import type { Table } from './settings.ts';
import { sortText } from './values.ts';

/** What a setting file is to say after a live view: what was chosen there is in it, all else stays. */
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
    ...(stays(table, file.views as Table | undefined) ? { views: table } : {}),
  };
}

/** An empty table says nothing, unless the user wrote it so: with it would go his comments on it. */
function stays(table: Table, before: Table | undefined): boolean {
  return Object.keys(table).length > 0 || (before !== undefined && Object.keys(before).length === 0);
}

/** Every view that was looked at, or that the file had something to say of. */
function tabsOf(view: ViewState): [name: string, state: TabState][] {
  const states = { ...view.otherTabs, ...(view.tab === null ? {} : { [view.tab]: view }) };
  return Object.entries(states).filter(([name]) => COLUMNS.has(name));
}

/** Names of the columns of each view. */
const COLUMNS = new Map(
  Object.values(VIEWS)
    .flat()
    .map(({ name, columns }) => [name, new Set(columns.map((column) => column.name))]),
);

/** Only what the view has: a file with anything else could not be read again. */
function viewTable(view: string, { columns, sort }: Pick<TabState, 'columns' | 'sort'>): Table {
  const all = COLUMNS.get(view) ?? new Set();
  const shown = columns?.filter((name) => all.has(name)) ?? [];
  return {
    ...(shown.length > 0 ? { columns: shown } : {}),
    ...(sort && all.has(sort.column) ? { sort: sortText(sort) } : {}),
  };
}
