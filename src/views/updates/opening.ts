import type { Sample } from '../../rates/sample.ts';
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

function wantedColumns({ columns, sort }: ViewState): string[] {
  return [...(columns ?? []), ...(sort ? [sort.column] : [])];
}

/** What to say when none has. */
export function notOpened(view: ViewState, kind: Sample['kind']): string {
  const all = VIEWS[kind].map(({ name }) => name).join(', ');
  return `no view of this target has all of these columns: ${wantedColumns(view).join(', ')}. Its views are: ${all}`;
}
