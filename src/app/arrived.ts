import { ticked as fleetTicked, withMembers, withServer } from '../monitor/fleet.ts';
import { isObserved, type Observation } from '../monitor/observation.ts';
import type { Sample } from '../rates/sample.ts';
import { hasRow } from '../views/detail.ts';
import { type Interaction, type Notice, type StackReading, UNTOUCHED } from '../views/scene.ts';
import { notOpened, opened } from '../views/updates/opening.ts';
import { VIEWS } from '../views/views.ts';
import { goBack } from './focus.ts';
import { paceAfter } from './pace.ts';
import { type AppState, type Past, type Server, sceneOf, serverOf } from './state.ts';

/**
 * The state after an event with a new observation of a server. While the screen is frozen, its numbers do not change.
 */
export function arrived(state: AppState, observation: Observation): AppState {
  const { target, sample } = observation;
  const before = serverOf(state, target);
  const next = { ...state, fleet: withServer(state.fleet, observation, state.now) };
  // A failed read does not change any row. The connection shows it.
  if (target !== state.focus || sample === null || sample === before.sample) return next;
  // A screen that was frozen before the first sample shows that sample.
  if (before.sample === null) return { ...next, frozen: state.frozen && next.fleet, ...first(state, sample) };
  return state.frozen || state.past ? next : { ...next, ...followed(state, before, next) };
}

/**
 * The state a second later.
 *
 * @param load share of a processor that this process used in this second
 */
export function ticked(state: AppState, now: number, load: number): AppState {
  const { fleet, pace } = state;
  if (fleet.servers.size < 2) return { ...state, now };
  return { ...state, now, fleet: fleetTicked(fleet, now), pace: paceAfter(pace, load) };
}

/** The state after servers have started or ended. If the shown one has ended, the way back is taken. */
export function changed(state: AppState, servers: readonly Server[]): AppState {
  const next: AppState = {
    ...state,
    fleet: withMembers(state.fleet, servers),
    nodes: new Map(servers.map(({ target, node }) => [target, node])),
  };
  const { focus, back } = next;
  if (focus === null) return next;
  // A second server has started.
  if (back.length === 0 && servers.length > 1) next.back = [{ focus: null, place: state.server }];
  if (next.fleet.servers.has(focus)) return next;
  const text = `${state.fleet.names.get(focus) ?? focus} has ended`;
  let shown = goBack(next);
  while (shown.focus !== null && !next.fleet.servers.has(shown.focus)) shown = goBack(shown);
  return { ...shown, notice: { text, role: 'warning', at: state.now } };
}

/** The state after a move to another time, or back to the present (`null`). The screen is no longer frozen. */
export function moved(state: AppState, past: Past | null): AppState {
  const view = { ...state.view, frozenAt: null };
  const next: AppState = { ...state, past, view, frozen: null };
  // A recording has no present.
  if (past !== null && past.replay.name !== null) next.fleet = past.fleet;
  const { focus } = state;
  if (focus === null) return next;
  const before = serverOf({ fleet: state.past?.fleet ?? state.frozen ?? state.fleet }, focus);
  const { sample } = serverOf({ fleet: past?.fleet ?? next.fleet }, focus);
  if (before.sample === null && sample !== null) return { ...next, ...first(next, sample) };
  return { ...next, ...followed(state, before, next) };
}

/** Changes of the interaction when a newer observation arrives while a detail is open. */
export function followed(state: AppState, before: Observation, next: AppState): Partial<Interaction> {
  if (state.view.detail === null) return {};
  if (hasRow(sceneOf(next))) return { lastSeen: null };
  // Show the notice only once: `lastSeen` stays set until the user leaves the detail.
  if (state.lastSeen || !isObserved(before) || !hasRow(sceneOf(state))) return {};
  return { stack: provedBy(before.sample, state.stack), lastSeen: before, notice: goneNotice(state.now) };
}

/**
 * Rejects a stack that was read after the last document with the row. The core may have begun another request in
 * between, and the stack does not show to which request it belongs.
 */
function provedBy(last: Sample, stack: StackReading | null): StackReading | null {
  if (stack?.result.state !== 'read' || stack.result.time <= last.time) return stack;
  return { ...stack, result: { state: 'failed', why: OTHER_REQUEST } };
}

export const OTHER_REQUEST =
  'the request ended while its stack was read: the stack can belong to the next request';

function goneNotice(at: number): Notice {
  return { text: 'row gone: these are its last values', role: 'warning', at };
}

/** Selects the view as soon as the kind of document is known. */
function first({ view, now }: AppState, { kind }: Sample): Partial<Interaction> {
  const found = opened(view, kind);
  if (found) return { view: found };
  const notice = { text: notOpened(view, kind), role: 'warning', at: now } as const;
  // Otherwise `save` would write the requested columns and order to the settings of a view that does not have these
  // columns.
  const [{ name }] = VIEWS[kind];
  const { columns, sort } = view.otherTabs[name] ?? UNTOUCHED;
  return { notice, view: { ...view, tab: name, columns, sort } };
}
