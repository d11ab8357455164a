import { requestOf } from '../../rates/in-flight.ts';
import type { WritingTime } from '../../rates/written.ts';
import type { Core, Worker } from '../../stats/snapshot.ts';
import { count, duration } from '../../text/format.ts';
import { plural } from '../../text/words.ts';

/** Maximum length of a request line in a text. */
const LONGEST_LINE = 300;

/**
 * The oldest request that a process ran when it was last seen, in words: `last seen: GET /report for 30s on core 0`.
 * `null` if no request was seen.
 *
 * @param worker the worker in the last reading before its process ended
 * @param at the time of that reading
 * @param after the same worker in the next reading
 */
export function lastSeen(worker: Worker, at: WritingTime, after: Worker): string | null {
  const running = worker.cores.filter(({ inRequest }) => inRequest);
  const oldest = running.reduce<Core | null>(
    (first, core) => (first === null || startOf(core) < startOf(first) ? core : first),
    null,
  );
  if (oldest === null) return null;
  const { method, uri, age } = requestOf(worker.id, oldest, at);
  const line = lineOf(method, uri);
  const since = age === null ? '' : ` for ${duration(age)}`;
  const others = running.length > 1 ? `; ${plural(running.length - 1, 'other request')}` : '';
  const ended = endedSince(worker, after);
  const doubt = ended === null || ended === 0 ? '' : `; ${plural(ended, 'request')} ended after that`;
  return `last seen: ${line}${since} on core ${oldest.id}${others}${doubt}`;
}

function startOf({ requestStart }: Core): number {
  return requestStart ?? Number.POSITIVE_INFINITY;
}

/**
 * Number of requests that the old process ended after its last reading; `null` if it is unknown. uWSGI does not count
 * the requests that the end of a process cuts off.
 */
function endedSince(before: Worker, { pid, requests, requestsSinceSpawn }: Worker): number | null {
  if (requests === null || before.requests === null) return null;
  if (pid === before.pid) return requests - before.requests;
  return requestsSinceSpawn === null ? null : Math.max(0, requests - requestsSinceSpawn - before.requests);
}

/** White space would end the URI for the code that masks secrets. A cut could leave a part of a secret. */
function lineOf(method: string | null, uri: string | null): string {
  if (method === null && uri === null) return 'a request that was not read yet';
  const line = [method, uri].filter((word) => word !== null).join(' ');
  if (line.length <= LONGEST_LINE) return [method, uri?.replace(/\s/g, '%20')].filter(Boolean).join(' ');
  return `a request whose URI has ${count(uri?.length ?? 0)} characters`;
}
