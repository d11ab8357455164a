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
import { createHost } from '../host/host.ts';
import { assess, type LevelChanges, NOTHING_FOUND } from '../insights/assess.ts';
import { checkJson, checkLine, failureJson, type Status, statusOf, unknownLine } from '../outputs/check.ts';
import { NO_HISTORY, remember } from '../rates/history.ts';
import { sampleOf } from '../rates/rates.ts';
import type { Reading, Sample } from '../rates/sample.ts';
import { parseTarget } from '../targets/parse.ts';
import type { Target } from '../targets/target.ts';
import { type Chosen, maskOf } from './options.ts';
import { write } from './output.ts';
import { known, readings } from './read-sample.ts';

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
    await write(`${options.json ? checkJson(sample, mask) : checkLine(sample, mask)}\n`);
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
  let history = NO_HISTORY;
  let assessment = NOTHING_FOUND;
  let first: Reading | null = null;
  let previous: Reading | null = null;
  let last: Sample | null = null;
  const host = createHost({ target });
  for await (const read of readings(target, options)) {
    const current = await known(read, host);
    first ??= current;
    const sample = sampleOf(target.text, current, previous);
    history = remember(history, sample);
    // What must hold for longer than is looked must hold all the time.
    assessment = assess(assessment, { sample, history }, levels, seconds * PART_OF_THE_LOOK);
    last = { ...sample, findings: assessment.findings };
    previous = current;
    if (current.clock - first.clock >= seconds * PART_OF_THE_LOOK) break;
  }
  if (!last) throw new Error('there is always a first reading');
  if (previous !== first) return last;
  // Of a single reading nothing can be waited for.
  return { ...last, findings: assess(NOTHING_FOUND, { sample: last, history }, levels, 0).findings };
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
