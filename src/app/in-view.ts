import type { Size } from '../views/frame.ts';
import { partsOf, rowsInView } from '../views/parts.ts';
import { intervalOf } from '../views/scene.ts';
import { viewOf } from '../views/views.ts';
import { type AppState, sceneOf, serverOf } from './state.ts';

/** Number of servers above which those that are not in view are read less often. */
const MANY = 30;

/** Factor by which the interval of a server out of view is longer, and the maximum of the longer interval in seconds. */
const LONGER = 5;
const LONGEST = 10;

/** The interval of a server that is not in view, from that of the others. */
export function outOfView(interval: number): number {
  return Math.max(interval, Math.min(interval * LONGER, LONGEST));
}

/** The state with the servers that are in view on a screen of this size. */
export function withInView(state: AppState, size: Size): AppState {
  const inView = state.fleet.servers.size > MANY ? targetsInView(state, size) : null;
  return isSame(inView, state.inView) ? state : { ...state, inView };
}

/** The shown server, and those whose rows are in view. */
function targetsInView(state: AppState, size: Size): ReadonlySet<string> {
  const parts = partsOf(sceneOf(state), size);
  const shown = [parts?.upper ?? [], parts?.lower ?? []].flat();
  const rows = shown.flatMap((part) =>
    rowsInView(part).flatMap((row) => viewOf(part.scene).opens?.(row)?.target ?? []),
  );
  return new Set([...(state.focus === null ? [] : [state.focus]), ...rows]);
}

function isSame(one: AppState['inView'], other: AppState['inView']): boolean {
  if (one === null || other === null) return one === other;
  return one.size === other.size && [...one].every((each) => other.has(each));
}

/** Seconds between two reads of a server. A server out of view is read less often once it has rates. */
export function secondsBetween(state: AppState, target: string): number {
  const seconds = intervalOf(state.view) * state.pace;
  const isInView = state.inView === null || state.inView.has(target);
  return isInView || serverOf(state, target).sample?.interval == null ? seconds : outOfView(seconds);
}

/** Whether the intervals of servers can differ from before. */
export function hasOtherIntervals(before: AppState, after: AppState): boolean {
  return before.inView !== after.inView || intervalOf(before.view) !== intervalOf(after.view);
}
