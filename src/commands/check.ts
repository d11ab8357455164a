import type { LevelChanges } from '../insights/assess.ts';
import { CHECK, CHECK_JSON, failureJson, type Status, statusOf, unknownLine } from '../outputs/check.ts';
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
import { observeTarget } from './observe-target.ts';
import { type Chosen, maskOf } from './options.ts';
import { composed, write } from './output.ts';
import { firstTarget } from './resolve-target.ts';

/** Options of `statstop check`. */
export interface CheckOptions extends Chosen {
  /** Minimum seconds of observation. */
  for?: number;
  level?: LevelChanges;
}

/** Maximum number of extra readings if the last one came too late. Monitors wait only a few seconds. */
const MOST_TRIES = 2;

/** `statstop check`: prints the findings in one line, and sets an exit status for monitors. */
export async function check(text: string, options: CheckOptions): Promise<void> {
  const mask = maskOf(options);
  let name = text;
  try {
    const target = await firstTarget(text);
    name = target.text;
    const { interval, timeout, settings, level } = options;
    const observed = await observeTarget(target, {
      interval,
      timeout,
      seconds: options.for ?? 0,
      tries: MOST_TRIES,
      long: options.long,
      levels: { ...settings.findings, ...level },
    });
    process.exitCode = statusOf(observed);
    await write(composed(() => (options.json ? CHECK_JSON : CHECK).write(observed, { mask })));
  } catch (error) {
    if (!(error instanceof TargetError || error instanceof ConfigurationError)) throw error;
    const status = statusOfFailure(error);
    process.exitCode = status;
    const why = mask.text(error.message);
    await write(`${options.json ? failureJson(name, status, why, mask) : unknownLine(status, why)}\n`);
  }
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
