import {
  BusyError,
  ConnectTimeoutError,
  NotFoundError,
  RefusedError,
  ResetError,
  SilentError,
  StalledError,
  TargetError,
} from '../client/errors.ts';
import type { LevelChanges } from '../insights/assess.ts';
import { NOTHING_WATCHED, type Watched, watch } from '../insights/watch.ts';
import { checkJson, checkLine, failureJson, type Status, statusOf, unknownLine } from '../outputs/check.ts';
import type { Reading, Sample } from '../rates/sample.ts';
import { parseTarget } from '../targets/parse.ts';
import type { Target } from '../targets/target.ts';
import { type Chosen, maskOf } from './options.ts';
import { composed, write } from './output.ts';
import { readings } from './read-sample.ts';

/** Options of `statstop check`. */
export interface CheckOptions extends Chosen {
  /** Seconds to look. */
  for?: number;
  level?: LevelChanges;
}

/** `statstop check`: what is wrong, in one line, and an exit status for monitors. */
export async function check(text: string, options: CheckOptions): Promise<void> {
  const target = parseTarget(text);
  const mask = maskOf(options);
  try {
    const sample = await look(target, options);
    process.exitCode = statusOf(sample.findings);
    await write(composed(() => `${options.json ? checkJson(sample, mask) : checkLine(sample, mask)}\n`));
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    const status = statusOfFailure(error);
    process.exitCode = status;
    const why = mask.text(error.message);
    await write(`${options.json ? failureJson(target.text, status, why, mask) : unknownLine(status, why)}\n`);
  }
}

/** The last sample, with what was found until then. @throws TargetError */
async function look(target: Target, options: CheckOptions): Promise<Sample> {
  const seconds = Math.max(options.interval, options.for ?? 0);
  const levels = { ...options.settings.findings, ...options.level };
  // What must hold for longer than is looked must hold all the time.
  const patience = seconds * PART_OF_THE_LOOK;
  let watched: Watched = NOTHING_WATCHED;
  let first: Reading | null = null;
  for await (const current of readings(target, options)) {
    first ??= current;
    watched = watch(watched, target.text, current, { levels, patience });
    if (current.clock - first.clock >= patience) break;
  }
  const { reading, sample } = watched;
  if (!first || !sample) throw new Error('there is always a first reading');
  // Of a single reading nothing can be waited for.
  return reading === first
    ? watch(NOTHING_WATCHED, target.text, first, { levels, patience: 0 }).sample
    : sample;
}

/** Clocks are not exact: the last reading is a little early or late. */
const PART_OF_THE_LOOK = 0.95;

type Failure = new (...args: never[]) => TargetError;

/** Signs of a server that is not there, or does not get to it. Others say nothing of the server. */
const DOWN: readonly Failure[] = [
  RefusedError,
  NotFoundError,
  ConnectTimeoutError,
  SilentError,
  StalledError,
  ResetError,
  BusyError,
];

function statusOfFailure(error: TargetError): Status {
  return DOWN.some((kind) => error instanceof kind) ? 2 : 3;
}
