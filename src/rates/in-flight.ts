import type { Core } from '../stats/snapshot.ts';
import type { LongKind } from './long.ts';
import { memoize } from './memoize.ts';
import type { AppSample } from './sample.ts';
import { ageOf, type WritingTime } from './written.ts';

/** A request in flight. Its strings are exactly what the client sent: not sanitized, and secrets are not masked. */
export interface RequestInFlight {
  worker: number;
  core: number;
  method: string | null;
  uri: string | null;
  host: string | null;
  /** Address of the client. */
  remote: string | null;
  /** Start in whole Unix seconds; `null` if the server does not report it. */
  start: number | null;
  /** Age in whole seconds, by the wall clock; never negative. `null` if it is unknown. */
  age: number | null;
  /** Why the request is long on purpose; `null` if it is not. */
  long: LongKind | null;
  vars: readonly Variable[];
  /** The value of one variable; `null` if it is empty or missing. Cheaper than reading all `vars`. */
  value(name: string): string | null;
}

/** A CGI variable of a request. */
export interface Variable {
  name: string;
  value: string;
}

/** The requests in flight when the document was written, oldest first. */
export const requestsInFlight = memoize((sample: AppSample): readonly RequestInFlight[] => {
  return sample.snapshot.workers
    .flatMap((worker) =>
      // The document can still list requests of a process that has ended.
      !worker.alive
        ? []
        : worker.cores
            .filter((core) => core.inRequest)
            .map((core) => requestOf(worker.id, core, sample, sample.long.get(core))),
    )
    .sort((a, b) => (b.age ?? -1) - (a.age ?? -1));
});

/**
 * The oldest request in flight, compared by start in whole seconds. Requests that are long on purpose are excluded.
 * `null` if no request with a known start is left.
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
 * The ages of the requests in flight with at least this age in seconds, without those that are long on purpose. It does
 * not read the variables of the requests: a large server has thousands of them.
 */
export function agesFrom(sample: AppSample, seconds: number): number[] {
  const ages: number[] = [];
  for (const { alive, cores } of sample.snapshot.workers) {
    if (!alive) continue;
    for (const core of cores) {
      const age = core.inRequest && !sample.long.has(core) ? requestAge(core, sample) : null;
      if (age !== null && age >= seconds) ages.push(age);
    }
  }
  return ages;
}

/**
 * Describes the request that a core runs.
 *
 * @param at when the document was written
 * @param long why the request is long on purpose
 */
export function requestOf(
  worker: number,
  core: Core,
  at: WritingTime,
  long: LongKind | null = null,
): RequestInFlight {
  const value = (name: string) => variableOf(core.vars, `${name}=`);
  return {
    worker,
    core: core.id,
    method: value('REQUEST_METHOD'),
    uri: value('REQUEST_URI') ?? value('PATH_INFO'),
    host: value('HTTP_HOST') ?? value('SERVER_NAME'),
    remote: value('REMOTE_ADDR'),
    start: core.requestStart,
    age: requestAge(core, at),
    long,
    value,
    // A getter, because only the details and JSON need all variables.
    get vars() {
      return core.vars.map(variable);
    },
  };
}

/** Age of the request of a core in whole seconds; `null` if the server does not report its start. */
export function requestAge({ requestStart }: Core, at: WritingTime): number | null {
  const age = ageOf(at, requestStart);
  return age === null ? null : Math.floor(age);
}

/** The value of the first variable with this beginning; `null` if it is empty or missing. */
function variableOf(vars: readonly string[], beginning: string): string | null {
  return vars.find((each) => each.startsWith(beginning))?.slice(beginning.length) || null;
}

function variable(text: string): Variable {
  const equals = text.indexOf('=');
  return equals < 0
    ? { name: text, value: '' }
    : { name: text.slice(0, equals), value: text.slice(equals + 1) };
}
