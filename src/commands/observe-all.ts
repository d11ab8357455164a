import { Ss } from '../host/ss.ts';
import { fleetObservation, newFleet, withServer } from '../monitor/fleet.ts';
import {
  type FleetSample,
  isObserved,
  nothingObserved,
  type Observation,
  type Observed,
} from '../monitor/observation.ts';
import { observe } from '../monitor/observe.ts';
import { NoStatsError, TargetError, TargetErrors } from '../sources/errors.ts';
import { SYSTEM_CLOCK } from '../sources/source.ts';
import { type LookOptions, observeSelected } from './observe-target.ts';
import { LIST, type Selected } from './selected.ts';

/** Several servers that were observed at the same time. */
export interface AllObserved {
  /** The fleet. The connection of a server that could not be read is lost. */
  observed: Observed<FleetSample>;
  /** The errors of the servers that could not be read, by target, in the order of the command line. */
  failures: ReadonlyMap<string, TargetError>;
}

/** What a command has observed: one server, or several. */
export type Looked = ({ observed: Observed; all: null } | { observed: null; all: AllObserved }) & {
  /** Whether it is from a recording. */
  recorded: boolean;
};

/** Seconds for which the servers share what `ss` prints. */
const SHARED_SECONDS = 0.5;

/**
 * Observes several servers at the same time. Each has its own time limits, and no failure affects another server.
 */
export async function observeAll(selected: readonly Selected[], options: LookOptions): Promise<AllObserved> {
  const failures = new Map<string, TargetError>();
  const ss = new Ss('ss', SHARED_SECONDS);
  const observations = await Promise.all(
    selected.map(async (each): Promise<Observation> => {
      const { target, closed } = each.server;
      if (closed) return nothingObserved(target, { state: 'closed', ...closed });
      try {
        return await observeSelected(each, { ...options, ss });
      } catch (error) {
        if (!(error instanceof TargetError)) throw error;
        failures.set(target, error);
        const time = SYSTEM_CLOCK.wall();
        return observe(nothingObserved(target), { kind: 'failure', error, time, retryAt: time });
      }
    }),
  );
  const members = selected.map(({ server }) => server);
  const times = observations.flatMap(({ sample }) => sample?.time ?? []);
  const time = times.length > 0 ? Math.max(...times) : SYSTEM_CLOCK.wall();
  const fleet = observations.reduce(
    (before, each) => withServer(before, each, time),
    newFleet(members, time),
  );
  const ordered = members.flatMap(({ target }) => {
    const error = failures.get(target);
    return error ? [[target, error] as const] : [];
  });
  return { observed: fleetObservation(fleet), failures: new Map(ordered) };
}

/**
 * @throws TargetErrors if a server failed
 * @throws NoStatsError if none could be read
 */
export function failIfAny({ observed, failures }: AllObserved): void {
  if (failures.size > 0) throw new TargetErrors([...failures.values()]);
  const { members } = observed.sample;
  if (members.some(({ observation }) => isObserved(observation))) return;
  throw new NoStatsError(observed.target, 'none has a stats socket that can be read', LIST);
}
