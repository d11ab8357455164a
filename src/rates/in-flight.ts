import type { Core } from '../stats/snapshot.ts';
import type { LongKind } from './long.ts';
import { memoize } from './memoize.ts';
import type { AppSample } from './sample.ts';
import { ageOf, type WritingTime } from './written.ts';

/** A request that runs now. Its strings are as the client sent them: unsafe and unmasked. */
export interface RequestInFlight {
  worker: number;
  core: number;
  method: string | null;
  uri: string | null;
  host: string | null;
  /** Address of the client. */
  remote: string | null;
  /** Unix seconds, whole: when it began; `null` when the server does not say. */
  start: number | null;
  /** Whole seconds since it began, by the wall clock; never negative. `null` when the server does not say. */
  age: number | null;
  /** Why it is long on purpose; `null` when it is not. */
  long: LongKind | null;
  vars: readonly Variable[];
  /** The value of one of them; `null` when it is empty or not there. Costs less than all of them. */
  value(name: string): string | null;
}

export interface Variable {
  name: string;
  value: string;
}

/** The requests that ran when the document was written, oldest first. */
export const requestsInFlight = memoize((sample: AppSample): readonly RequestInFlight[] => {
  return sample.snapshot.workers
    .flatMap((worker) =>
      // The requests of a process that has ended do not run.
      !worker.alive
        ? []
        : worker.cores
            .filter((core) => core.inRequest)
            .map((core) => requestOf(worker.id, core, sample, sample.long.get(core))),
    )
    .sort((a, b) => (b.age ?? -1) - (a.age ?? -1));
});

/**
 * The request that has run longest, by the second in which it began, without those that are long on purpose; `null` when
 * none runs that says when it began.
 */
export const oldestRequest = memoize((sample: AppSample): RequestInFlight | null => {
  let oldest: { worker: number; core: Core; start: number } | null = null;
  for (const { id, alive, cores } of sample.snapshot.workers) {
    if (!alive) continue;
    for (const core of cores) {
      const { requestStart: start } = core;
      if (start === null || sample.long.has(core)) continue;
      if (oldest === null || start < oldest.start) oldest = { worker: id, core, start };
    }
  }
  return oldest && requestOf(oldest.worker, oldest.core, sample);
});

/**
 * The request that a core runs.
 *
 * @param at when the document was written
 * @param long why it is long on purpose
 */
export function requestOf(
  worker: number,
  core: Core,
  at: WritingTime,
  long: LongKind | null = null,
): RequestInFlight {
  const age = ageOf(at, core.requestStart);
  const value = (name: string) => variableOf(core.vars, `${name}=`);
  return {
    worker,
    core: core.id,
    method: value('REQUEST_METHOD'),
    uri: value('REQUEST_URI') ?? value('PATH_INFO'),
    host: value('HTTP_HOST') ?? value('SERVER_NAME'),
    remote: value('REMOTE_ADDR'),
    start: core.requestStart,
    age: age === null ? null : Math.floor(age),
    long,
    value,
    // Only details and JSON want all of them.
    get vars() {
      return core.vars.map(variable);
    },
  };
}

/** The value of the first variable that begins so; `null` when it is empty or not there. */
function variableOf(vars: readonly string[], beginning: string): string | null {
  return vars.find((each) => each.startsWith(beginning))?.slice(beginning.length) || null;
}

function variable(text: string): Variable {
  const equals = text.indexOf('=');
  return equals < 0
    ? { name: text, value: '' }
    : { name: text.slice(0, equals), value: text.slice(equals + 1) };
}
