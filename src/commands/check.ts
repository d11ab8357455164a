import type { LevelChanges } from '../insights/assess.ts';
import {
  type FleetSample,
  isCurrent,
  isObserved,
  type Member,
  type Observed,
} from '../monitor/observation.ts';
import {
  CHECK,
  CHECK_JSON,
  CHECK_JSON_LINE,
  failureJson,
  type Status,
  statusWith,
  unknownLine,
} from '../outputs/check.ts';
import { CHECK_SEVERAL, severalStatus } from '../outputs/check-several.ts';
import { RecordingError } from '../recordings/error.ts';
import {
  BusyError,
  ConnectTimeoutError,
  NotFoundError,
  NotRunningError,
  RefusedError,
  ResetError,
  SilentError,
  StalledError,
  TargetError,
} from '../sources/errors.ts';
import { SshRefusedError, SshSilentError } from '../sources/remote-errors.ts';
import { ConfigurationError } from '../targets/configuration/error.ts';
import type { SinceLastRun } from './check-state.ts';
import { lookBack } from './look.ts';
import { type AllObserved, observeAll } from './observe-all.ts';
import { type LookOptions, observeSelected } from './observe-target.ts';
import { type Chosen, maskOf } from './options.ts';
import { composed, write } from './output.ts';
import type { Selected } from './selected.ts';
import { selectedBy } from './targets.ts';
import { UsageError } from './usage-error.ts';

/** Options of `statstop check`. */
export interface CheckOptions extends Chosen {
  /** Minimum seconds of observation. */
  for?: number;
  level?: LevelChanges;
  /** Path of the file with the counters of the last run. */
  state?: string;
}

/** Maximum number of extra readings if the last one came too late. Monitors wait only a few seconds. */
const MOST_TRIES = 2;

/**
 * `statstop check`: prints the findings, in one line for one server, and sets an exit status for monitors. With several
 * servers, it prints the worst status first, and one line for each.
 */
export async function check(texts: readonly string[], options: CheckOptions): Promise<void> {
  if (options.for !== undefined && options.interval === 0)
    throw new UsageError('--for needs an interval between its reads. Remove --interval 0');
  let selected: readonly Selected[];
  try {
    const back = await lookBack(texts, options);
    if (back?.observed) return await reportOne(back.observed, options, back.recorded);
    if (back?.all) return await reportSeveral(back.all, options, back.recorded);
    selected = await selectedBy(texts);
  } catch (error) {
    return writeFailure(texts[0] ?? '', error, options);
  }
  const [only, ...others] = selected;
  if (only && others.length === 0) await checkOne(only, options);
  else await reportSeveral(await observeAll(selected, lookOptions(options)), options);
}

function lookOptions({
  interval,
  timeout,
  settings,
  level,
  long,
  for: seconds = 0,
}: CheckOptions): LookOptions {
  return {
    interval,
    timeout,
    seconds,
    tries: MOST_TRIES,
    long,
    levels: { ...settings.findings, ...level },
  };
}

async function checkOne(selected: Selected, options: CheckOptions): Promise<void> {
  try {
    await reportOne(await observeSelected(selected, lookOptions(options)), options);
  } catch (error) {
    await writeFailure(selected.server.target, error, options);
  }
}

async function reportOne(first: Observed, options: CheckOptions, recorded = false): Promise<void> {
  const {
    observed: [observed = first],
    stateError,
  } = await compared([first], options);
  process.exitCode = statusWith(observed, stateError);
  const settings = { mask: maskOf(options), stateError, recorded };
  await write(composed(() => (options.json ? CHECK_JSON : CHECK).write(observed, settings)));
}

/** The servers with what happened since the last run, if `--state` is given. */
async function compared(observed: readonly Observed[], options: CheckOptions): Promise<SinceLastRun> {
  const { state } = options;
  if (state === undefined) return { observed };
  const { levels = {} } = lookOptions(options);
  return (await import('./check-state.ts')).sinceLastRun(state, observed, levels);
}

/** The same for the servers of a fleet that could be read. */
async function comparedFleet(
  fleet: Observed<FleetSample>,
  options: CheckOptions,
): Promise<{ fleet: Observed<FleetSample>; stateError: string | undefined }> {
  const { members } = fleet.sample;
  const known = members.map(({ observation }) => observation).filter(isCurrent);
  const { observed, stateError } = await compared(known, options);
  const withChanges = members.map((member) => {
    const at = known.indexOf(member.observation as Observed);
    return { ...member, observation: observed[at] ?? member.observation };
  });
  return { fleet: { ...fleet, sample: { ...fleet.sample, members: withChanges } }, stateError };
}

/** @throws the error, if it does not concern the target */
async function writeFailure(target: string, error: unknown, options: CheckOptions): Promise<void> {
  if (
    !(error instanceof TargetError || error instanceof ConfigurationError || error instanceof RecordingError)
  )
    throw error;
  const mask = maskOf(options);
  const status = statusOfFailure(error);
  process.exitCode = status;
  const why = mask.text(error.message);
  await write(`${options.json ? failureJson(target, status, why, mask) : unknownLine(status, why)}\n`);
}

async function reportSeveral(
  { observed: first, failures }: AllObserved,
  options: CheckOptions,
  recorded = false,
): Promise<void> {
  const mask = maskOf(options);
  const { fleet: observed, stateError } = await comparedFleet(first, options);
  const failed = new Map([...failures].map(([target, error]) => [target, statusOfFailure(error)]));
  process.exitCode = severalStatus(observed, { mask, failed, stateError });
  const jsonLine = ({ observation }: Member) => {
    if (isObserved(observation)) return CHECK_JSON_LINE.write(observation, { mask, stateError });
    const { target, connection } = observation;
    const why = mask.text(
      failures.get(target)?.message ?? (connection.state === 'closed' ? connection.why : ''),
    );
    return `${failureJson(target, failed.get(target) ?? 3, why, mask, 'line')}\n`;
  };
  await write(
    composed(() =>
      options.json
        ? observed.sample.members.map(jsonLine).join('')
        : CHECK_SEVERAL.write(observed, { mask, failed, stateError, recorded }),
    ),
  );
}

type Failure = new (...args: never[]) => TargetError;

/** Errors of a server that does not run or does not respond. Other errors do not show the state of the server. */
const DOWN: readonly Failure[] = [
  RefusedError,
  NotFoundError,
  NotRunningError,
  ConnectTimeoutError,
  SilentError,
  StalledError,
  ResetError,
  BusyError,
  SshRefusedError,
  SshSilentError,
];

function statusOfFailure(error: Error): Status {
  return DOWN.some((kind) => error instanceof kind) ? 2 : 3;
}
