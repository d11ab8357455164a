import { fleetObservation, newFleet, withServer } from '../../src/monitor/fleet.ts';
import type { Observation } from '../../src/monitor/observation.ts';
import type { Scene, ViewState } from '../../src/views/scene.ts';
import { observing } from '../monitor/observing.ts';
import { makeScene, reading } from './samples.ts';

/** A fleet of these servers. The name of each is the end of its target. */
export function fleetOf(...servers: readonly Observation[]) {
  const members = servers.map(({ target }) => ({ target, name: target.replace(/.*\//, '') }));
  const time = Math.max(...servers.map(({ sample }) => sample?.time ?? 0));
  return servers.reduce((fleet, server) => withServer(fleet, server, time), newFleet(members, time));
}

/** A server that sent the two documents of a capture. */
export function captured(name: string, target = `/run/${name}`): Observation {
  return observing(target, [reading(name, 1), reading(name, 2)]);
}

/** A scene of all servers. */
export function fleetScene(
  fleet = fleetOf(captured('threads'), captured('prefork')),
  view: Partial<ViewState> = {},
): Scene {
  const observation = fleetObservation(fleet);
  return { ...makeScene(null, { view }), ...observation, now: observation.sample.time };
}
