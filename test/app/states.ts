import { arrived } from '../../src/app/arrived.ts';
import { type AppState, sceneOf } from '../../src/app/state.ts';
import type { Observation } from '../../src/monitor/observation.ts';
import type { Scene } from '../../src/views/scene.ts';

/** The state whose scene is this. */
export function stateOf({ node, now, lastSeen, stack, notice, view, ...observation }: Scene): AppState {
  return {
    fleet: new Map([[observation.target, observation]]),
    focus: observation.target,
    frozen: view.frozenAt === null ? null : observation,
    ...{ node, now, lastSeen, stack, notice, view },
  };
}

/** The scene after a newer observation of its target. */
export function sceneAfter(scene: Scene, observation: Observation): Scene {
  return sceneOf(arrived(stateOf(scene), { ...observation, target: scene.target }));
}
