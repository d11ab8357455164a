import type { Sample } from './sample.ts';

/**
 * Explains a document without workers, with a hint; `null` if the document has workers or is of another kind. An
 * emperor with plain `stats` writes the document of an app server, without workers and sockets. So does an instance
 * that runs only routers or spoolers.
 */
export function withoutWorkers(sample: Sample): string | null {
  if (sample.kind !== 'app' || sample.workers.length > 0) return null;
  return sample.snapshot.sockets.length > 0
    ? 'no workers: the server has sockets but no worker to serve requests'
    : 'no workers: for an emperor, set emperor-stats = ADDRESS to see its vassals';
}
