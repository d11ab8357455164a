import { isObserved, type Observation } from '../monitor/observation.ts';
import type { Sample } from '../rates/sample.ts';
import { hasRow } from '../views/detail.ts';
import { type Interaction, type Notice, type StackReading, UNTOUCHED } from '../views/scene.ts';
import { notOpened, opened } from '../views/updates/opening.ts';
import { VIEWS } from '../views/views.ts';
import { type AppState, focused, sceneOf } from './state.ts';

/** The state after an event: more is known of a server. While the screen is frozen, its numbers stay as they are. */
export function arrived(state: AppState, observation: Observation): AppState {
  const before = focused(state);
  const { target } = observation;
  const next = { ...state, fleet: new Map(state.fleet).set(target, observation) };
  // A failure changes no row, and is shown by the connection.
  if (target !== state.focus || observation.sample === null || observation.sample === before.sample)
    return next;
  // On a screen that was frozen before there was anything to see, the first sample is shown.
  if (before.sample === null)
    return { ...next, frozen: state.frozen && observation, ...first(state, observation.sample) };
  return state.frozen ? next : { ...next, ...followed(state, before, next) };
}

/** What a newer observation changes for the row that is looked at. */
export function followed(state: AppState, before: Observation, next: AppState): Partial<Interaction> {
  if (state.view.detail === null) return {};
  if (hasRow(sceneOf(next))) return { lastSeen: null };
  // What stays until the view is left is said once.
  if (state.lastSeen || !isObserved(before) || !hasRow(sceneOf(state))) return {};
  return { stack: provedBy(before.sample, state.stack), lastSeen: before, notice: goneNotice(state.now) };
}

/**
 * A stack that was read after the last document which had the row: its core may have begun something else between the
 * two, and nobody can tell.
 */
function provedBy(last: Sample, stack: StackReading | null): StackReading | null {
  if (stack?.result.state !== 'read' || stack.result.time <= last.time) return stack;
  return { ...stack, result: { state: 'failed', why: OTHER_REQUEST } };
}

export const OTHER_REQUEST =
  'it ended while its stack was read: what was read can be that of the next request';

function goneNotice(at: number): Notice {
  return { text: 'it is gone: this is how it was last', role: 'warning', at };
}

/** Now it is known which views there are. */
function first({ view, now }: AppState, { kind }: Sample): Partial<Interaction> {
  const found = opened(view, kind);
  if (found) return { view: found };
  const notice = { text: notOpened(view, kind), role: 'warning', at: now } as const;
  // Else they would be written to the setting file as those of a view that has none of them.
  const [{ name }] = VIEWS[kind];
  const { columns, sort } = view.otherTabs[name] ?? UNTOUCHED;
  return { notice, view: { ...view, tab: name, columns, sort } };
}
