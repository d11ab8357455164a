import type { DetailState, Scene, ViewState } from '../scene.ts';
import { VIEWS } from '../views.ts';
import { changeTab } from './tabs.ts';

/** A finding or an event, from which the detail of a row is opened. */
type Origin = Pick<DetailState, 'finding' | 'event'>;

/**
 * Opens the detail of the row that a finding or an event is about, in the view of that row. `null` if it is about no
 * row.
 */
export function openAbout(scene: Scene, origin: Origin): Partial<ViewState> | null {
  const { view = '', row = null } = (origin.finding ?? origin.event)?.about ?? {};
  const views = VIEWS[scene.sample?.kind ?? 'app'];
  if (row === null || !views.some(({ name }) => name === view)) return null;
  return {
    ...changeTab(scene, { kind: 'view', name: view }),
    selected: row,
    detail: {
      id: row,
      top: 0,
      field: null,
      search: null,
      ...origin,
      from: origin.finding ? 'findings' : 'events',
    },
  };
}

/** Closes the detail and returns to the view from which it was opened. */
export function closeDetail(scene: Scene, { from }: DetailState): Partial<ViewState> {
  if (from === undefined) return { detail: null };
  return { ...changeTab(scene, { kind: 'view', name: from }), lower: scene.view.lower };
}
