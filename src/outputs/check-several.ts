import {
  type FleetSample,
  isObserved,
  type Member,
  type Observation,
  type Observed,
} from '../monitor/observation.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import type { Mask } from '../text/secrets.ts';
import { plural } from '../text/words.ts';
import { conditionOf, numbersOf, oneLine, STATUSES, type Status, statusOf } from './check.ts';
import type { Exporter } from './exporter.ts';
import { serverLabels } from './performance.ts';

export interface CheckOptions {
  mask: Mask;
  /** The statuses of servers that could not be read, by target. UNKNOWN if a server is not in it. */
  failed?: ReadonlyMap<string, Status>;
}

/** The worst status comes first, as in `max_state_alt` of the Monitoring Plugins. */
const WORST_FIRST: readonly Status[] = [2, 1, 3, 0];

/** Returns the worst of the statuses of several servers. UNKNOWN without servers. */
export function worstOf(statuses: readonly Status[]): Status {
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? 3;
}

/** Returns the status of each server, in the order of the command line. */
export function statusesOf({ sample }: Observed<FleetSample>, { failed }: CheckOptions): Status[] {
  return sample.members.map(({ observation }) =>
    isCurrent(observation) ? statusOf(observation) : (failed?.get(observation.target) ?? 3),
  );
}

/**
 * Returns a line for monitors, with the worst status and the performance data of all servers, and one line for each
 * server, the worst first. The format is that of the Monitoring Plugins Development Guidelines: the performance data
 * follows the only `|`.
 */
export function checkLines(fleet: Observed<FleetSample>, options: CheckOptions): string {
  const mask = boundedMask(options.mask, CELL_CHARACTERS);
  const statuses = statusesOf(fleet, options);
  const { members } = fleet.sample;
  const names = members.map(({ name }) => mask.text(name));
  const all = members.map((member, at) => ({
    name: names[at] ?? member.name,
    status: statuses[at] ?? 3,
    ...textsOf(member, mask),
  }));
  const sorted = WORST_FIRST.flatMap((status) => all.filter((each) => each.status === status));
  const [worst] = sorted;
  const reason = !worst || worst.status === 0 ? '' : `; ${worst.name}: ${worst.reason}`;
  const first = `UWSGI ${STATUSES[worstOf(statuses)]} - ${plural(all.length, 'server')}: ${counts(statuses)}${reason}`;
  const labels = serverLabels(names.map(oneLine));
  const numbers = members.flatMap(({ observation }, at) =>
    isCurrent(observation) ? numbersOf(observation, labels[at]) || [] : [],
  );
  return [
    [oneLine(first), ...(numbers.length > 0 ? [numbers.join(' ')] : [])].join(' | '),
    ...sorted.map(({ name, status, text }) => oneLine(`${name}: ${STATUSES[status]} - ${text}`)),
  ].join('\n');
}

/** The numbers of a lost server are out of date. */
function isCurrent(observation: Observation): observation is Observed {
  return isObserved(observation) && observation.connection.state !== 'lost';
}

/** Returns the number of servers in each status, the worst first: `1 critical, 2 ok`. */
function counts(statuses: readonly Status[]): string {
  const parts = WORST_FIRST.flatMap((status) => {
    const count = statuses.filter((each) => each === status).length;
    return count > 0 ? [`${count} ${STATUSES[status].toLowerCase()}`] : [];
  });
  return parts.join(', ');
}

/** The state of a server: for the first line, and for its own, which also has the advice after a failure. */
function textsOf({ observation }: Member, mask: Mask): { reason: string; text: string } {
  const { connection } = observation;
  if ('why' in connection) {
    const reason = mask.text(connection.why);
    return { reason, text: mask.text(`${connection.why}. ${connection.advice}`) };
  }
  const text = isObserved(observation) ? conditionOf(observation, mask) : 'not read yet';
  return { reason: text, text };
}

export const CHECK_SEVERAL: Exporter<CheckOptions, FleetSample> = {
  name: 'check of several servers',
  of: 'fleet',
  write: (observed, options) => `${checkLines(observed, options)}\n`,
};
