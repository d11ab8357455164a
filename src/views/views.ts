import type { Observed, Subject } from '../monitor/observation.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import type { CellContext } from './column.ts';
import { type Conditions, parseFilter } from './filter.ts';
import { viewKey } from './help.ts';
import type { Keymap } from './keymap.ts';
import { isNamed } from './named.ts';
import type { Scene } from './scene.ts';
import type { Table } from './table.ts';
import { APPS } from './tables/apps.ts';
import { BLACKLIST } from './tables/blacklist.ts';
import { CACHES } from './tables/caches.ts';
import { CORES } from './tables/cores.ts';
import { eventsView } from './tables/events.ts';
import { findingsView } from './tables/findings.ts';
import { FLEET_PATHS } from './tables/fleet-paths.ts';
import { FLEET_REQUESTS } from './tables/fleet-requests.ts';
import { JOBS } from './tables/jobs.ts';
import { LOCKS } from './tables/locks.ts';
import { METRICS } from './tables/metrics.ts';
import { NODES } from './tables/nodes.ts';
import { PATHS } from './tables/paths.ts';
import { REQUESTS } from './tables/requests.ts';
import { SERVERS } from './tables/servers.ts';
import { SOCKETS } from './tables/sockets.ts';
import { USAGE } from './tables/usage.ts';
import { VASSALS } from './tables/vassals.ts';
import { WORKERS } from './tables/workers.ts';
import { type Choice, defineView, type View } from './view.ts';

/** Charts instead of a table. */
function chartsView(kind: Subject['kind']): View {
  return defineView({
    name: 'charts',
    title: 'Charts',
    kind,
    columns: [],
    sort: { column: '', descending: false },
    order: '',
    id: () => '',
    isCharts: true,
    has: () => true,
    empty: '',
  });
}

/**
 * Views of each kind of server and of a fleet, in the order of their tabs. The first one is the default. The views of a fleet come last
 * and have all columns of the views of the same name, so that settings for that name accept them.
 */
export const VIEWS: Readonly<Record<Subject['kind'], readonly [View, ...View[]]>> = {
  app: [
    WORKERS,
    REQUESTS,
    CORES,
    APPS,
    SOCKETS,
    CACHES,
    JOBS,
    METRICS,
    LOCKS,
    chartsView('app'),
    PATHS,
    USAGE,
    eventsView('app'),
    findingsView('app'),
  ],
  emperor: [VASSALS, BLACKLIST, eventsView('emperor'), findingsView('emperor')],
  router: [NODES, eventsView('router'), findingsView('router')],
  fleet: [
    SERVERS,
    FLEET_REQUESTS,
    FLEET_PATHS,
    chartsView('fleet'),
    eventsView('fleet'),
    findingsView('fleet'),
  ],
};

/** The current view. Before the first document, the target is assumed to be an app server. */
export function viewOf({ sample, view }: Pick<Scene, 'sample' | 'view'>): View {
  const views = VIEWS[sample?.kind ?? 'app'];
  return views.find(({ name }) => name === view.tab) ?? views[0];
}

/**
 * Context of the cell texts of a sample.
 *
 * @param most maximum length of a text from a document, in UTF-16 units
 */
export function cellContext(
  { time, timeIsExact }: Subject,
  { mask, thresholds }: Choice,
  most = CELL_CHARACTERS,
): CellContext {
  return { time, timeIsExact, mask: boundedMask(mask, most), thresholds };
}

/** The rows of a view to show, and the number of rows that are hidden. */
export interface ShownTable extends Table<unknown> {
  /** Number of rows with the hidden ones. */
  total: number;
  /** Number of rows that do not pass the filter. */
  filtered: number;
  /** Number of other hidden rows by the word for them, such as `idle`. */
  idle: ReadonlyMap<string, number>;
  /** The error message of the filter; `null` if it is valid. */
  filterError: string | null;
}

/** Last tables of each sample. Keys that only move the cursor reuse the sorted and filtered rows. */
const LAST_TABLES = new WeakMap<
  Subject,
  Map<View, { of: Observed<Subject>; choice: Choice; table: ShownTable }>
>();

/** The table of a view, with the rows that the choice does not hide. */
export function tableOf(view: View, observed: Observed<Subject>, choice: Choice): ShownTable {
  const { sample, findings, events, vassals } = observed;
  const tables = LAST_TABLES.get(sample) ?? new Map();
  const last = tables.get(view);
  const isSame = last?.of.findings === findings && last.of.events === events && last.of.vassals === vassals;
  if (isSame && sameChoice(last.choice, choice)) return last.table;
  const table = shownTable(view, observed, choice);
  LAST_TABLES.set(sample, tables.set(view, { of: observed, choice, table }));
  return table;
}

function sameChoice(a: Choice, b: Choice): boolean {
  return (
    a.cores === b.cores &&
    a.sort === b.sort &&
    a.columns === b.columns &&
    a.filter === b.filter &&
    a.hidesIdle === b.hidesIdle &&
    a.period === b.period &&
    a.mask === b.mask &&
    a.thresholds === b.thresholds
  );
}

function shownTable(view: View, observed: Observed<Subject>, choice: Choice): ShownTable {
  const table = view.table(observed, choice);
  const { rows: all } = table;
  // An invalid filter does not hide any rows.
  const filter =
    choice.filter === null
      ? null
      : parseFilter(
          choice.filter,
          table,
          conditionsOf(view, choice.keys),
          cellContext(observed.sample, choice),
        );
  const found = filter?.test ? passing(table, all, filter.test) : all;
  const isAtWork = (row: unknown) => (view.idle?.(row) ?? null) === null;
  const rows = choice.hidesIdle ? passing(table, found, isAtWork) : found;
  const idle = new Map<string, number>();
  if (rows.length < found.length) {
    const shown = new Set(rows);
    for (const row of found) {
      const word = shown.has(row) ? null : view.idle?.(row);
      if (word) idle.set(word, (idle.get(word) ?? 0) + 1);
    }
  }
  return {
    ...table,
    rows,
    total: all.length,
    filtered: all.length - found.length,
    idle,
    filterError: filter?.error ?? null,
  };
}

/** What conditions can name in a view. Errors name the other view that has a column, with its key in the live view. */
function conditionsOf({ title, columns, kind }: View, keys?: Keymap): Conditions<unknown> {
  const elsewhere = (name: string) => {
    const at = VIEWS[kind].findIndex((view) => view.columns.some((column) => isNamed(column, name)));
    const view = VIEWS[kind][at];
    if (!view) return null;
    const key = keys ? viewKey(keys, view.name, at) : '';
    return key === '' ? view.title : `${view.title} (${key})`;
  };
  return { title, columns, elsewhere };
}

/** The rows that pass, and their parents, even if these do not pass. */
function passing(
  { id, parent }: Table<unknown>,
  rows: readonly unknown[],
  test: (row: unknown) => boolean,
): readonly unknown[] {
  const passed = rows.filter(test);
  if (!parent) return passed;
  const parents = new Set(passed.flatMap((row) => parent(row) ?? []));
  return rows.filter((row) => parents.has(id(row)) || test(row));
}

/** The error message of the filter; `null` if it is valid. */
export function filterError({ sample, view }: Pick<Scene, 'sample' | 'view'>): string | null {
  if (view.filter === null) return null;
  const shown = viewOf({ sample, view });
  return parseFilter(view.filter, shown, conditionsOf(shown, view.keys), {
    time: 0,
    timeIsExact: false,
    mask: view.mask,
    thresholds: view.thresholds,
  }).error;
}
