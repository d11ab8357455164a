import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { byUrgency, type LevelChanges } from '../insights/assess.ts';
import { changeFindings } from '../insights/change-rules.ts';
import type { Observed } from '../monitor/observation.ts';
import { type Counters, changesBetween, countersOf } from '../rates/changes.ts';
import { reasonOf } from '../text/reason.ts';
import type { State } from './state-document.ts';
import { exchangeState } from './state-file.ts';

export interface SinceLastRun {
  /** The servers with what happened since the last run, in their order. */
  observed: readonly Observed[];
  /** Why that is unknown, or was not kept; absent if nothing is wrong. */
  stateError?: string;
}

/**
 * Compares servers with the last run of `check --state`, and keeps their counters for the next one. Each event is reported
 * by one run: the one that replaces the counters before it.
 *
 * @param path the state file
 */
export async function sinceLastRun(
  path: string,
  observed: readonly Observed[],
  levels: LevelChanges,
): Promise<SinceLastRun> {
  const keys = await Promise.all(observed.map(({ target }) => keyOf(target)));
  const counters = observed.map(({ sample }) => countersOf(sample));
  const own = keys.flatMap((key, at) => {
    const mine = counters[at];
    return mine ? [[key, mine] as const] : [];
  });
  try {
    const { before, movedTo } = await exchangeState(path, (state) => merged(state, own));
    const compared = observed.map((each, at) => withChanges(each, before.get(keys[at] ?? ''), levels));
    return movedTo === null
      ? { observed: compared }
      : {
          observed: compared,
          stateError: `${path} was not a state file of statstop. It was moved to ${movedTo}`,
        };
  } catch (error) {
    return { observed, stateError: `the state file ${path} is not used: ${reasonOf(error)}` };
  }
}

/** Identifies a server in the file. A target can contain a secret, such as a command with a token. */
async function keyOf(target: string): Promise<string> {
  const name = await realpath(target).catch(() => target);
  return createHash('sha256').update(name).digest('hex');
}

function merged(state: State, own: readonly (readonly [string, Counters])[]): State {
  return new Map([...state, ...own.filter(([key, mine]) => !isNewer(state.get(key), mine))]);
}

/** Seconds by which the counters of a run at the same time can be newer. A larger difference is a clock set back. */
const SAME_TIME_SECONDS = 60;

/** Whether another run has kept newer counters in the time since the server was read. */
function isNewer(kept: Counters | undefined, { time }: Counters): boolean {
  return kept !== undefined && kept.time > time && kept.time - time < SAME_TIME_SECONDS;
}

function withChanges(observed: Observed, before: Counters | undefined, levels: LevelChanges): Observed {
  const after = countersOf(observed.sample);
  if (before === undefined || isNewer(before, after)) return observed;
  const changes = changesBetween(before, after);
  const findings = byUrgency([...observed.findings, ...changeFindings(changes, after.time, levels)]);
  return { ...observed, changes, findings };
}
