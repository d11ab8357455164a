import type { Finding } from '../../rates/finding.ts';
import type { DetailState, Scene, ViewState } from '../scene.ts';
import { VIEWS } from '../views.ts';
import { changeTab } from './tabs.ts';

/** Opens the detail of the row that a finding is about, in the view of that row. `null` if it is about no row. */
export function openAbout(scene: Scene, finding: Finding): Partial<ViewState> | null {
  const { view = '', row = null } = finding.about ?? {};
  const views = VIEWS[scene.sample?.kind ?? 'app'];
  if (row === null || !views.some(({ name }) => name === view)) return null;
  return {
    ...changeTab(scene, { kind: 'view', name: view }),
    selected: row,
    detail: { id: row, top: 0, field: null, search: null, finding, from: 'findings' },
  };
}

/** Closes the detail and returns to the view from which it was opened. */
export function closeDetail(scene: Scene, { from }: DetailState): Partial<ViewState> {
  if (from === undefined) return { detail: null };
  return { ...changeTab(scene, { kind: 'view', name: from }), lower: scene.view.lower };
}
