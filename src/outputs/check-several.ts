import {
  type FleetSample,
  isCurrent,
  isObserved,
  type Member,
  type Observed,
} from '../monitor/observation.ts';
import { boundedMask, CELL_CHARACTERS } from '../text/bounds.ts';
import type { Mask } from '../text/secrets.ts';
import { plural } from '../text/words.ts';
import {
  conditionOf,
  numbersOf,
  oneLine,
  STATUSES,
  type Status,
  statusOf,
  timeNote,
  WORST_FIRST,
  worstOf,
} from './check.ts';
import type { Exporter } from './exporter.ts';
import { serverLabels } from './performance.ts';

export interface CheckOptions {
  mask: Mask;
  /** The statuses of servers that could not be read, by target. UNKNOWN if a server is not in it. */
  failed?: ReadonlyMap<string, Status>;
  /** See `CheckOptions` of one server. */
  stateError?: string | undefined;
  /** See `CheckOptions` of one server. */
  recorded?: boolean;
}

/** Returns the status of each server, in the order of the command line. */
export function statusesOf({ sample }: Observed<FleetSample>, { failed }: CheckOptions): Status[] {
  return sample.members.map(({ observation }) =>
    isCurrent(observation) ? statusOf(observation) : (failed?.get(observation.target) ?? 3),
  );
}

/** Returns the worst status of all; at least UNKNOWN after an error of the state file. */
export function severalStatus(fleet: Observed<FleetSample>, options: CheckOptions): Status {
  const { stateError } = options;
  return worstOf([...statusesOf(fleet, options), ...(stateError === undefined ? [] : ([3] as const))]);
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
  const status = severalStatus(fleet, options);
  const { stateError, recorded } = options;
  const problem = stateError === undefined ? '' : `; ${mask.text(stateError)}`;
  const first = `UWSGI ${STATUSES[status]} - ${plural(all.length, 'server')}: ${counts(statuses)}${reason}${timeNote(fleet.sample, recorded)}${problem}`;
  const labels = serverLabels(names.map(oneLine));
  const numbers = members.flatMap(({ observation }, at) =>
    isCurrent(observation) ? numbersOf(observation, labels[at]) || [] : [],
  );
  return [
    [oneLine(first), ...(numbers.length > 0 ? [numbers.join(' ')] : [])].join(' | '),
    ...sorted.map(({ name, status, text }) => oneLine(`${name}: ${STATUSES[status]} - ${text}`)),
  ].join('\n');
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
