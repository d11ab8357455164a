import type { Subject } from '../../monitor/observation.ts';
import { namesIn } from '../filter.ts';
import { isNamed } from '../named.ts';
import { UNTOUCHED, type ViewState } from '../scene.ts';
import type { View } from '../view.ts';
import { VIEWS } from '../views.ts';

/**
 * Returns the state to start with, once the kind of document is known: the requested view, or else the first one that has
 * all requested columns, with its settings. `null` if no view has all columns.
 */
export function opened(view: ViewState, kind: Subject['kind']): ViewState | null {
  // The user has already switched to a view.
  if (VIEWS[kind].some(({ name }) => name === view.tab)) return view;
  const wanted = wantedColumns(view);
  const found = viewsToOpen(view, kind).find(({ columns }) =>
    wanted.every((name) => columns.some((column) => column.name === name)),
  );
  if (!found) return null;
  const { sort, columns } = view.otherTabs[found.name] ?? UNTOUCHED;
  return { ...view, tab: found.name, sort: view.sort ?? sort, columns: view.columns ?? columns };
}

/** The views that can be the first one. */
function viewsToOpen({ firstTab }: ViewState, kind: Subject['kind']): readonly View[] {
  return VIEWS[kind].filter(({ name }) => firstTab === null || name === firstTab);
}

function wantedColumns({ columns, sort, filter }: ViewState): string[] {
  return [...(columns ?? []), ...(sort ? [sort.column] : []), ...conditionNames(filter ?? '')];
}

/** Returns the columns, of any view, that conditions of the filter name. Other words are search texts. */
function conditionNames(filter: string): string[] {
  const all = Object.values(VIEWS)
    .flat()
    .flatMap(({ columns }) => columns);
  return namesIn(filter).flatMap((name) => all.find((column) => isNamed(column, name))?.name ?? []);
}

/**
 * Returns the error message if no view can be opened. It lists the views, or the columns of the nearest view and what that
 * view lacks.
 */
export function notOpened(view: ViewState, kind: Subject['kind']): string {
  const wanted = wantedColumns(view);
  const missing = ({ columns }: View) =>
    wanted.filter((name) => !columns.some((column) => column.name === name));
  const [nearest] = viewsToOpen(view, kind).toSorted((a, b) => missing(a).length - missing(b).length);
  const { firstTab } = view;
  if (nearest === undefined) {
    const views = VIEWS[kind].map(({ name }) => name).join(', ');
    return kind === 'fleet'
      ? `there is no view ${firstTab} of several servers. Their views are: ${views}`
      : `this target has no view ${firstTab}. Its views are: ${views}`;
  }
  const lacked = missing(nearest);
  const other = VIEWS[kind].find((each) => lacked.every((name) => !missing(each).includes(name)));
  const has = other
    ? `${other.name} has ${lacked.length === 1 ? 'it' : 'them'}`
    : 'no other view has them all';
  const hint = `${nearest.name} lacks ${lacked.join(', ')}; ${has}`;
  const names = nearest.columns.map(({ name }) => name).join(', ');
  const what = kind === 'fleet' ? 'several servers' : 'this target';
  const lacks = firstTab === null ? `no view of ${what} has` : `the view ${firstTab} does not have`;
  return `${lacks} all of these columns: ${wanted.join(', ')}. ${hint}. The columns of ${nearest.name} are: ${names}`;
}
