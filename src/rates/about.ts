import type { About, Finding } from './finding.ts';

/** The worker of that number. */
export function aboutWorker(id: number): About {
  return { view: 'workers', row: String(id) };
}

/** A request in flight: the next one of its core is another row. */
export function aboutRequest(request: { worker: number; core: number; start: number | null }): About {
  return { view: 'requests', row: requestId(request) };
}

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

export function socketId({ name, proto }: { name: string | null; proto: string | null }): string {
  return `${proto} ${name}`;
}

/** A spooler, cron or daemon. @param nth place, from 0, among those of the same kind and command or folder */
export function jobId(kind: string, what: string | null, nth: number): string {
  return `${kind} ${what} ${nth}`;
}

/** The cron or daemon of a list that is this one: several can have one command. */
export function aboutJob<Job extends { command: string | null }>(
  kind: 'cron' | 'daemon',
  jobs: readonly Job[],
  job: Job,
): About {
  const nth = jobs.filter(({ command }) => command === job.command).indexOf(job);
  return { view: 'jobs', row: jobId(kind, job.command, nth) };
}

/** A lock or a legion. @param nth place, from 0, among those of the same name */
export function lockId(kind: string, name: string | null, nth: number): string {
  return `${kind} ${name} ${nth}`;
}

/** A node of a router. @param key `null` of a node of the command line */
export function nodeId(key: string | null, name: string | null): string {
  return `${key} ${name}`;
}

/** The same from sample to sample, as long as it is so. */
export function findingId({ rule, subject }: Pick<Finding, 'rule' | 'subject'>): string {
  return `${rule} ${subject}`;
}
