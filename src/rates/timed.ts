import type { Worker } from '../stats/snapshot.ts';
import { sum } from './delta.ts';

/**
 * Number of requests of a worker whose time uWSGI adds to `running_time`, since the start of the master. Static files
 * count in `requests`, but their time is not added (`do_not_account_avg_rt` in core/static.c), so they are subtracted.
 *
 * uWSGI counts a static file when its transfer begins, and the request when it ends. The result is too low by one for
 * each transfer in progress. Files served by the routes `file:`, `sendfile:` and `fastfile:` are not timed either, but
 * uWSGI does not count them as static (plugins/router_static).
 *
 * @returns `null` if the document does not list the cores (`stats-no-cores`), which contain the number of static files
 */
export function timedRequests({ requests, cores }: Worker): number | null {
  if (requests === null || cores.length === 0) return null;
  const files = sum(cores, ({ staticRequests }) => staticRequests);
  return files === null ? null : Math.max(0, requests - files);
}
