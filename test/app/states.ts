import { arrived } from '../../src/app/arrived.ts';
import { type AppState, initialState, placeOf, sceneOf } from '../../src/app/state.ts';
import { withServer } from '../../src/monitor/fleet.ts';
import type { Observation } from '../../src/monitor/observation.ts';
import type { Scene } from '../../src/views/scene.ts';

/** The state whose scene is this. */
export function stateOf(scene: Scene): AppState {
  const { node, now, lastSeen, stack, notice, view, sample, ...others } = scene;
  if (sample?.kind === 'fleet') throw new Error('a scene of one server expected');
  const observation = { ...others, sample };
  const { target } = observation;
  const first = initialState({ servers: [{ target, name: target, node }], node, now, view });
  const fleet = withServer(first.fleet, observation, now);
  return {
    ...first,
    fleet,
    frozen: view.frozenAt === null ? null : fleet,
    server: placeOf(view),
    ...{ lastSeen, stack, notice, view },
  };
}

/** The scene after a newer observation of its target. */
export function sceneAfter(scene: Scene, observation: Observation): Scene {
  return sceneOf(arrived(stateOf(scene), { ...observation, target: scene.target }));
}
