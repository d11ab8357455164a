import { Ss } from '../host/ss.ts';
import { fleetObservation, newFleet, withServer } from '../monitor/fleet.ts';
import {
  type FleetSample,
  nothingObserved,
  type Observation,
  type Observed,
} from '../monitor/observation.ts';
import { observe } from '../monitor/observe.ts';
import { TargetError, TargetErrors } from '../sources/errors.ts';
import { SYSTEM_CLOCK } from '../sources/source.ts';
import { type LookOptions, observeTarget } from './observe-target.ts';
import type { Selected } from './targets.ts';

/** Several servers that were observed at the same time. */
export interface AllObserved {
  /** The fleet. The connection of a server that could not be read is lost. */
  observed: Observed<FleetSample>;
  /** The errors of the servers that could not be read, by target, in the order of the command line. */
  failures: ReadonlyMap<string, TargetError>;
}

/** Seconds for which the servers share what `ss` prints. */
const SHARED_SECONDS = 0.5;

/**
 * Observes several servers at the same time. Each has its own time limits, and no failure affects another server.
 */
export async function observeAll(selected: readonly Selected[], options: LookOptions): Promise<AllObserved> {
  const failures = new Map<string, TargetError>();
  const ss = new Ss('ss', SHARED_SECONDS);
  const observations = await Promise.all(
    selected.map(async ({ target }): Promise<Observation> => {
      try {
        return await observeTarget(target, { ...options, ss });
      } catch (error) {
        if (!(error instanceof TargetError)) throw error;
        failures.set(target.text, error);
        const time = SYSTEM_CLOCK.wall();
        return observe(nothingObserved(target.text), { kind: 'failure', error, time, retryAt: time });
      }
    }),
  );
  const members = selected.map(({ target, name }) => ({ target: target.text, name }));
  const times = observations.flatMap(({ sample }) => sample?.time ?? []);
  const time = times.length > 0 ? Math.max(...times) : SYSTEM_CLOCK.wall();
  const fleet = observations.reduce(
    (before, each) => withServer(before, each, time),
    newFleet(members, time),
  );
  const ordered = selected.flatMap(({ target: { text } }) => {
    const error = failures.get(text);
    return error ? [[text, error] as const] : [];
  });
  return { observed: fleetObservation(fleet), failures: new Map(ordered) };
}

/** @throws TargetErrors if there are any failures */
export function failIfAny({ failures }: Pick<AllObserved, 'failures'>): void {
  if (failures.size > 0) throw new TargetErrors([...failures.values()]);
}
