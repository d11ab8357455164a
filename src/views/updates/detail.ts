import type { Action } from '../actions.ts';
import { detailOf } from '../detail.ts';
import { cursorOf, type Detail, detailTop, matchesIn } from '../detail-lines.ts';
import type { Size } from '../frame.ts';
import { layout } from '../layout.ts';
import { activeRow, type Part } from '../parts.ts';
import type { DetailState, Scene, ViewState } from '../scene.ts';
import { nextOf } from '../search.ts';
import { viewOf } from '../views.ts';
import { closeDetail, openAbout } from './about.ts';
import { clamp, isMovement, scrolled } from './scrolling.ts';
import { promptChange } from './typing.ts';

/** Opens the detail of the selected row, or of the first visible row. For a finding or an event, opens the row that it is about. */
export function openDetail(part: Part): Partial<ViewState> | null {
  const { scene, table } = part;
  const { view } = scene;
  const row = activeRow(part);
  if (row === undefined) return null;
  const id = table.id(row);
  const { finding, event } = viewOf(scene);
  const origin = finding ? { finding: finding(row) } : event ? { event: event(row) } : {};
  const about = openAbout({ ...scene, view: { ...view, selected: id } }, origin);
  return about ?? { selected: id, detail: { id, top: 0, field: null, search: null } };
}

/** Handles an action while a detail is open. `null` if the action is not for the detail. */
export function detailChange(
  scene: Scene,
  state: DetailState,
  action: Action,
  { columns, rows }: Size,
): Partial<ViewState> | null {
  const height = layout({ columns, rows }).body;
  const detail = detailOf(scene, columns);
  /** Without a change of the detail, returns an empty change: `null` would pass the action to the table. */
  const to = (change: Partial<DetailState> | null) => (change ? { detail: { ...state, ...change } } : {});
  if (scene.view.prompt !== null) return searchChange(scene, detail, action, { columns, rows });
  switch (action.kind) {
    case 'back':
      return back(scene, state);
    case 'detail':
      return closeDetail(scene, state);
    case 'match':
      return to(nextMatch(detail, state, action.step, height));
    case 'stack':
      return to({ top: 0, field: null });
    case 'move':
      return to(
        onField(
          detail,
          state,
          (cursorOf(detail, state.field) ?? firstIn(detail, state, action.rows)) + action.rows,
          height,
        ),
      );
    case 'edge':
      return to(onField(detail, state, action.edge === 'first' ? 0 : detail.fields.length - 1, height));
    default: {
      const top = scrolled(state.top, detail.lines.length, action, height);
      return top === null ? null : to({ top, field: null });
    }
  }
}

/** Goes back one step: first clears the field and the search, then closes the detail. */
function back(scene: Scene, state: DetailState): Partial<ViewState> {
  if (state.field === null && state.search === null) return closeDetail(scene, state);
  return { detail: { ...state, field: null, search: null } };
}

/** Returns the start of the first step: a step down reaches the first visible field, a step up the field above it. */
function firstIn({ fields }: Detail, { top }: DetailState, step: number): number {
  const first = Math.max(
    0,
    fields.findIndex(({ line }) => line >= top),
  );
  return step > 0 ? first - step : first;
}

/** Moves the cursor to a field and scrolls it into view. `null` if the detail has no fields. */
function onField(
  detail: Detail,
  { top }: DetailState,
  place: number,
  height: number,
): Pick<DetailState, 'field' | 'top'> | null {
  if (detail.fields.length === 0) return null;
  const field = clamp(place, 0, detail.fields.length - 1);
  return { field, top: detailTop(detail, { top, field }, height) };
}

function nextMatch(
  detail: Detail,
  state: DetailState,
  step: 1 | -1,
  height: number,
): Partial<DetailState> | null {
  const next = nextOf(matchesIn(detail, state.search), state.field, step);
  return next === undefined ? null : onField(detail, state, next, height);
}

/** Handles an action in the search input. Each character moves the cursor to the next match, from the cursor on. */
function searchChange(
  scene: Scene,
  before: Detail,
  action: Action,
  { columns, rows }: Size,
): Partial<ViewState> | null {
  const change = promptChange(scene.view, action) ?? (isMovement(action) ? {} : null);
  const state = change?.detail;
  if (!state?.search || action.kind !== 'type') return change;
  const detail = detailOf({ ...scene, view: { ...scene.view, ...change } }, columns);
  const matches = matchesIn(detail, state.search);
  const next = matches.find((place) => place >= (state.field ?? 0)) ?? matches[0];
  if (next === undefined) return change;
  return { ...change, detail: { ...state, ...onField(before, state, next, layout({ columns, rows }).body) } };
}
