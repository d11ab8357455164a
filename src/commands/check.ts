import type { LevelChanges } from '../insights/assess.ts';
import { isObserved } from '../monitor/observation.ts';
import {
  CHECK,
  CHECK_JSON,
  CHECK_JSON_LINE,
  failureJson,
  type Status,
  statusOf,
  unknownLine,
} from '../outputs/check.ts';
import { CHECK_SEVERAL, statusesOf, worstOf } from '../outputs/check-several.ts';
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
import type { Target } from '../targets/target.ts';
import { observeAll } from './observe-all.ts';
import { type LookOptions, observeTarget } from './observe-target.ts';
import { type Chosen, maskOf } from './options.ts';
import { composed, write } from './output.ts';
import { type Selected, targetsOf } from './targets.ts';

/** Options of `statstop check`. */
export interface CheckOptions extends Chosen {
  /** Minimum seconds of observation. */
  for?: number;
  level?: LevelChanges;
}

/** Maximum number of extra readings if the last one came too late. Monitors wait only a few seconds. */
const MOST_TRIES = 2;

/**
 * `statstop check`: prints the findings, in one line for one server, and sets an exit status for monitors. With several
 * servers, it prints the worst status first, and one line for each.
 */
export async function check(texts: readonly string[], options: CheckOptions): Promise<void> {
  let selected: readonly Selected[];
  try {
    selected = await targetsOf(texts);
  } catch (error) {
    return writeFailure(texts[0] ?? '', error, options);
  }
  const [only, ...others] = selected;
  if (only && others.length === 0) await checkOne(only.target, options);
  else await checkSeveral(selected, options);
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

async function checkOne(target: Target, options: CheckOptions): Promise<void> {
  try {
    const observed = await observeTarget(target, lookOptions(options));
    process.exitCode = statusOf(observed);
    const mask = maskOf(options);
    await write(composed(() => (options.json ? CHECK_JSON : CHECK).write(observed, { mask })));
  } catch (error) {
    await writeFailure(target.text, error, options);
  }
}

/** @throws the error, if it does not concern the target */
async function writeFailure(target: string, error: unknown, options: CheckOptions): Promise<void> {
  if (!(error instanceof TargetError || error instanceof ConfigurationError)) throw error;
  const mask = maskOf(options);
  const status = statusOfFailure(error);
  process.exitCode = status;
  const why = mask.text(error.message);
  await write(`${options.json ? failureJson(target, status, why, mask) : unknownLine(status, why)}\n`);
}

async function checkSeveral(selected: readonly Selected[], options: CheckOptions): Promise<void> {
  const mask = maskOf(options);
  const { observed, failures } = await observeAll(selected, lookOptions(options));
  const failed = new Map([...failures].map(([target, error]) => [target, statusOfFailure(error)]));
  process.exitCode = worstOf(statusesOf(observed, { mask, failed }));
  const jsonLine = ({ target: { text } }: Selected, at: number) => {
    const observation = observed.sample.members[at]?.observation;
    if (observation && isObserved(observation)) return CHECK_JSON_LINE.write(observation, { mask });
    const why = mask.text(failures.get(text)?.message ?? '');
    return `${failureJson(text, failed.get(text) ?? 3, why, mask, 'line')}\n`;
  };
  await write(
    composed(() =>
      options.json ? selected.map(jsonLine).join('') : CHECK_SEVERAL.write(observed, { mask, failed }),
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
