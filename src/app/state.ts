import { type Fleet, nothingObserved, type Observation } from '../monitor/observation.ts';
import type { Interaction, Scene } from '../views/scene.ts';

/** What the live view knows: each server, and the interaction with the one that is shown. */
export interface AppState extends Interaction {
  fleet: Fleet;
  /** The target that is shown. */
  focus: string;
  /** What is shown of it while the screen is frozen. */
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

/** The last that is known of the target that is shown. */
export function focused({ fleet, focus }: Pick<AppState, 'fleet' | 'focus'>): Observation {
  return fleet.get(focus) ?? nothingObserved(focus);
}

/**
 * What is shown. While the screen is frozen it is what was known then, but a lost connection and a reset of the counters
 * are shown in any case.
 */
export function sceneOf({ fleet, focus, frozen, ...interaction }: AppState): Scene {
  const latest = focused({ fleet, focus });
  const { connection, resetAt } = latest;
  return { ...(frozen ?? latest), connection, resetAt, ...interaction };
}
