import { requestAge, requestOf } from '../../rates/in-flight.ts';
import type { AppSample } from '../../rates/sample.ts';
import type { Core } from '../../stats/snapshot.ts';
import { copyOf, VALUE_CHARACTERS } from '../../text/bounds.ts';

/** A request in flight when it was seen last. Its strings are not sanitized, and secrets can be in them. */
export interface SlowRequest {
  /** Unix seconds of the reading with the greatest age, and that age in whole seconds. */
  time: number;
  age: number;
  worker: number;
  core: number;
  pid: number | null;
  /** `null` until uWSGI has read the request. */
  method: string | null;
  uri: string | null;
  host: string | null;
}

/** Number of requests to keep of each server. */
const MOST_SLOW = 10;

/** Starts are whole seconds, so a request that has just begun can have an age of 1. */
const LEAST_AGE = 2;

/** The requests with the greatest ages at a reading. Requests that are long on purpose are not among them. */
export class Slowest {
  readonly #known = new Map<string, SlowRequest>();
  /** The least age with which a new request is kept. */
  #least = LEAST_AGE;

  /** By what identifies a request. */
  get known(): ReadonlyMap<string, SlowRequest> {
    return this.#known;
  }

  /** Oldest first. */
  get requests(): SlowRequest[] {
    return [...this.#known.values()].sort((a, b) => b.age - a.age || a.time - b.time);
  }

  add(sample: AppSample): void {
    for (const { id, alive, pid, cores } of sample.snapshot.workers) {
      if (!alive) continue;
      for (const core of cores) {
        if (!core.inRequest || sample.long.has(core)) continue;
        const age = requestAge(core, sample);
        if (age === null || age < this.#least) continue;
        // uWSGI counts the requests of a core when they end, so these numbers identify a request.
        const key = `${id} ${core.id} ${pid} ${core.requestStart} ${core.requests}`;
        this.#keep(key, age, () => slowRequest(id, pid, core, age, sample));
      }
    }
  }

  /** Adds the requests of a later time. */
  merge(later: ReadonlyMap<string, SlowRequest>): void {
    for (const [key, request] of later) this.#keep(key, request.age, () => request);
  }

  #keep(key: string, age: number, request: () => SlowRequest): void {
    const known = this.#known.get(key);
    if (known && known.age >= age) return;
    if (!known && this.#known.size >= MOST_SLOW) {
      const youngest = [...this.#known].reduce((least, each) => (each[1].age < least[1].age ? each : least));
      if (youngest[1].age >= age) return;
      this.#known.delete(youngest[0]);
    }
    const { method, uri, host, ...now } = request();
    this.#known.set(key, {
      ...now,
      method: known?.method ?? method,
      uri: known?.uri ?? uri,
      host: known?.host ?? host,
    });
    if (this.#known.size >= MOST_SLOW)
      this.#least = Math.max(LEAST_AGE, Math.min(...[...this.#known.values()].map((each) => each.age)));
  }
}

function slowRequest(
  worker: number,
  pid: number | null,
  core: Core,
  age: number,
  sample: AppSample,
): SlowRequest {
  const { method, uri, host } = requestOf(worker, core, sample);
  return {
    ...{ time: sample.time, age, worker, core: core.id, pid },
    ...{ method: copied(method), uri: copied(uri), host: copied(host) },
  };
}

/** A part of a variable would keep the document in memory. */
function copied(text: string | null): string | null {
  return text === null ? null : copyOf(text, Math.min(text.length, VALUE_CHARACTERS));
}
