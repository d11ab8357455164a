import type { About, Finding } from './finding.ts';

/** A reference to the row of a worker. */
export function aboutWorker(id: number): About {
  return { view: 'workers', row: String(id) };
}

/** A reference to the row of a request in flight. The next request of the same core has another row. */
export function aboutRequest(request: { worker: number; core: number; start: number | null }): About {
  return { view: 'requests', row: requestId(request) };
}

/** The row id of a request in flight: worker, core and start. */
export function requestId({
  worker,
  core,
  start,
}: {
  worker: number;
  core: number;
  start: number | null;
}): string {
  return `${worker}:${core} ${start}`;
}

/** The row id of a socket. */
export function socketId({ name, proto }: { name: string | null; proto: string | null }): string {
  return `${proto} ${name}`;
}

/**
 * The row id of a spooler, a cron or a daemon.
 *
 * @param what the command, or the folder of a spooler
 * @param nth position, from 0, among the jobs of the same kind with the same `what`
 */
export function jobId(kind: string, what: string | null, nth: number): string {
  return `${kind} ${what} ${nth}`;
}

/**
 * A reference to the row of a cron or a daemon. Several jobs can have the same command.
 *
 * @param jobs all jobs of this kind, in the order of the document
 */
export function aboutJob<Job extends { command: string | null }>(
  kind: 'cron' | 'daemon',
  jobs: readonly Job[],
  job: Job,
): About {
  const nth = jobs.filter(({ command }) => command === job.command).indexOf(job);
  return { view: 'jobs', row: jobId(kind, job.command, nth) };
}

/**
 * The row id of a lock or a legion.
 *
 * @param nth position, from 0, among the locks or legions of the same name
 */
export function lockId(kind: string, name: string | null, nth: number): string {
  return `${kind} ${name} ${nth}`;
}

/**
 * The row id of a node of a router.
 *
 * @param key the key of the subscription; `null` for a node from the command line
 */
export function nodeId(key: string | null, name: string | null): string {
  return `${key} ${name}`;
}

/** The identity of a finding. It stays the same from sample to sample while the finding lasts. */
export function findingId({ rule, subject }: Pick<Finding, 'rule' | 'subject'>): string {
  return `${rule} ${subject}`;
}
