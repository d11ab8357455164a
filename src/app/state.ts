import { type Fleet, fleetObservation, type NewMember, newFleet, withVassals } from '../monitor/fleet.ts';
import { nothingObserved, type Observation, type Subject } from '../monitor/observation.ts';
import type { Interaction, Scene, ViewState } from '../views/scene.ts';
import { opened } from '../views/updates/opening.ts';

/** What the live view knows about a server before it reads it. */
export interface Server extends NewMember {
  /** The machine on which it runs. */
  node: string;
}

/** State of the live view: the fleet, and the interaction with what is shown of it. */
export interface AppState extends Interaction {
  fleet: Fleet;
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
    lastSeen: null,
    stack: null,
    notice: null,
    node,
    name: null,
    backTo: null,
    pace: 1,
    now,
    view: (only ? null : opened(view, 'fleet')) ?? view,
    back: [],
    server: placeOf({ ...view, sort: null, columns: null, filter: null }),
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
export function focused({ fleet, focus }: Pick<AppState, 'fleet' | 'focus'>): Observation<Subject> {
  return focus === null ? fleetObservation(fleet) : withVassals(serverOf({ fleet }, focus), fleet);
}

/**
 * The scene to show. While the screen is frozen, it is the frozen observation with the current connection and the
 * current time of the last counter reset.
 */
export function sceneOf({ fleet, nodes, focus, frozen, back, server: _, ...interaction }: AppState): Scene {
  const { connection, resetAt } = focused({ fleet, focus });
  const shown = focused({ fleet: frozen ?? fleet, focus });
  const node = (focus === null ? null : nodes.get(focus)) ?? interaction.node;
  const name = focus === null || fleet.servers.size === 1 ? null : (fleet.names.get(focus) ?? null);
  const last = back.at(-1);
  const backTo = last === undefined ? null : last.focus === null ? 'Servers' : 'Vassals';
  return { ...shown, connection, resetAt, ...interaction, node, name, backTo };
}
