import { type Fleet, nothingObserved, type Observation } from '../monitor/observation.ts';
import type { Interaction, Scene } from '../views/scene.ts';

/** State of the live view: the fleet, and the interaction with the shown target. */
export interface AppState extends Interaction {
  fleet: Fleet;
  /** The shown target. */
  focus: string;
  /** The observation to show while the screen is frozen; `null` otherwise. */
  frozen: Observation | null;
}

/** The state before the first event. */
export function initialState({
  target,
  ...given
}: Pick<Interaction, 'node' | 'now' | 'view'> & { target: string }): AppState {
  return {
    fleet: new Map([[target, nothingObserved(target)]]),
    focus: target,
    frozen: null,
    lastSeen: null,
    stack: null,
    notice: null,
    ...given,
  };
}

/** The latest observation of the shown target. */
export function focused({ fleet, focus }: Pick<AppState, 'fleet' | 'focus'>): Observation {
  return fleet.get(focus) ?? nothingObserved(focus);
}

/**
 * The scene to show. While the screen is frozen, it is the frozen observation with the current connection and the
 * current time of the last counter reset.
 */
export function sceneOf({ fleet, focus, frozen, ...interaction }: AppState): Scene {
  const latest = focused({ fleet, focus });
  const { connection, resetAt } = latest;
  return { ...(frozen ?? latest), connection, resetAt, ...interaction };
}
