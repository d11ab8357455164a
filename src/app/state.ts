import { type Fleet, fleetObservation, type NewMember, newFleet, withVassals } from '../monitor/fleet.ts';
import { nothingObserved, type Observation, type Subject } from '../monitor/observation.ts';
import type { Replay } from '../views/replay.ts';
import type { Interaction, Scene, ViewState } from '../views/scene.ts';
import { opened } from '../views/updates/opening.ts';

/** What the live view knows about a server before it reads it. */
export interface Server extends NewMember {
  /** The machine on which it runs. */
  node: string;
}

/** State of the live view: the fleet, and the interaction with what is shown of it. */
export interface AppState extends Omit<Interaction, 'replay'> {
  fleet: Fleet;
  /** What is shown instead of the present; `null` while the present is shown. */
  past: Past | null;
  /** The machine of each server, by target. */
  nodes: ReadonlyMap<string, string>;
  /** The target of the shown server; `null`: all servers. */
  focus: string | null;
  /** The fleet to show while the screen is frozen; `null` otherwise. */
  frozen: Fleet | null;
  /** The way back from the shown server, the last step at the end: to the fleet, or to an emperor. */
  back: readonly Visit[];
  /** The last choices for the views of a server, with which the next server begins. */
  server: Place;
  /** The servers in view, which are read at the chosen interval (`app/pace`). `null`: all are. */
  inView: ReadonlySet<string> | null;
}

/** A time in the past, and the servers as they were known then. */
export interface Past {
  fleet: Fleet;
  replay: Replay;
}

/** What was shown before, with the choices that were made there. */
export interface Visit {
  focus: string | null;
  place: Place;
}

/** The choices of the user for the views of a fleet, or for those of a server. */
export type Place = Pick<
  ViewState,
  'tab' | 'otherTabs' | 'sort' | 'columns' | 'filter' | 'selected' | 'top' | 'lower' | 'detail'
>;

/** The state before the first event. With one server, that is shown. */
export function initialState({
  servers,
  node,
  now,
  view,
}: Pick<Interaction, 'node' | 'now' | 'view'> & { servers: readonly Server[] }): AppState {
  const [only] = servers.length === 1 ? servers.filter(({ closed }) => !closed) : [];
  return {
    fleet: newFleet(servers, now),
    nodes: new Map(servers.map(({ target, node }) => [target, node])),
    focus: only?.target ?? null,
    frozen: null,
    past: null,
    lastSeen: null,
    stack: null,
    notice: null,
    recording: null,
    node,
    name: null,
    backTo: null,
    pace: 1,
    now,
    view: (only ? null : opened(view, 'fleet')) ?? view,
    back: [],
    server: placeOf({ ...view, sort: null, columns: null, filter: null }),
    inView: null,
  };
}

export function placeOf(view: ViewState): Place {
  const { tab, otherTabs, sort, columns, filter, selected, top, lower, detail } = view;
  return { tab, otherTabs, sort, columns, filter, selected, top, lower, detail };
}

/** The latest observation of a server. */
export function serverOf({ fleet }: Pick<AppState, 'fleet'>, target: string): Observation {
  return fleet.servers.get(target) ?? nothingObserved(target);
}

/** The latest observation of what is shown. */
function focused({ fleet, focus }: Pick<AppState, 'fleet' | 'focus'>): Observation<Subject> {
  return focus === null ? fleetObservation(fleet) : withVassals(serverOf({ fleet }, focus), fleet);
}

/**
 * The scene to show. While the screen is frozen, it is the frozen observation with the current connection and the
 * current time of the last counter reset. The past has a time of its own.
 */
export function sceneOf({
  past,
  nodes,
  focus,
  frozen,
  back,
  server: _,
  inView: __,
  ...state
}: AppState): Scene {
  const { fleet, ...interaction } = past === null ? state : atTime(state, past);
  const { connection, resetAt } = focused({ fleet, focus });
  const shown = focused({ fleet: past ? fleet : (frozen ?? fleet), focus });
  const node = (focus === null ? null : nodes.get(focus)) ?? interaction.node;
  const name = focus === null || fleet.servers.size === 1 ? null : (fleet.names.get(focus) ?? null);
  const last = back.at(-1);
  const backTo = last === undefined ? null : last.focus === null ? 'Servers' : 'Vassals';
  return { ...shown, connection, resetAt, ...interaction, replay: past?.replay ?? null, node, name, backTo };
}

/** The state at a time in the past. Notices are about the present, and keep their age. */
function atTime<State extends Pick<AppState, 'fleet' | 'now' | 'notice'>>(
  state: State,
  { fleet, replay: { time } }: Past,
): State {
  const { now, notice } = state;
  return { ...state, fleet, now: time, notice: notice && { ...notice, at: notice.at - now + time } };
}
