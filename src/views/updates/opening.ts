import type { Sample } from '../../rates/sample.ts';
import { namesIn } from '../filter.ts';
import { UNTOUCHED, type ViewState } from '../live.ts';
import { VIEWS } from '../views.ts';

/**
 * The view to begin with, now that the kind of document is known: the first one that has all columns that were asked
 * for, with what the settings say of it. `null`: none has.
 */
export function opened(view: ViewState, kind: Sample['kind']): ViewState | null {
  // Somebody was faster.
  if (VIEWS[kind].some(({ name }) => name === view.tab)) return view;
  const wanted = wantedColumns(view);
  const found = VIEWS[kind].find(({ columns }) =>
    wanted.every((name) => columns.some((column) => column.name === name)),
  );
  if (!found) return null;
  const { sort, columns } = view.left[found.name] ?? UNTOUCHED;
  return { ...view, tab: found.name, sort: view.sort ?? sort, columns: view.columns ?? columns };
}

function wantedColumns({ columns, sort, filter }: ViewState): string[] {
  return [...(columns ?? []), ...(sort ? [sort.column] : []), ...conditionNames(filter ?? '')];
}

/** Columns that conditions of the filter name, of whatever view. Other words are texts. */
function conditionNames(filter: string): string[] {
  const all = Object.values(VIEWS)
    .flat()
    .flatMap(({ columns }) => columns);
  return namesIn(filter).flatMap((name) => {
    const same = (word: string) => word.toLowerCase() === name.toLowerCase();
    return all.find((column) => same(column.name) || same(column.title))?.name ?? [];
  });
}

/** What to say when none has. */
export function notOpened(view: ViewState, kind: Sample['kind']): string {
  const all = VIEWS[kind].map(({ name }) => name).join(', ');
  return `no view of this target has all of these columns: ${wantedColumns(view).join(', ')}. Its views are: ${all}`;
}
