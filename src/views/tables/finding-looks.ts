/**
 * Where the live view shows details of a finding, by the name of its rule. The advice of the rule itself is for all
 * outputs.
 */
export const LOOKS: ReadonlyMap<string, string> = new Map([
  ['stuck', 'The detail of the request in Requests shows its variables and its line of Python.'],
  ['worker-stuck', 'The detail of the worker has its requests.'],
  ['queue', 'Requests shows the requests on the cores, oldest first.'],
  ['busy', 'Paths shows where the time of the requests goes, and Requests the oldest ones.'],
  ['exceptions', 'EXC in Workers and in Apps shows where they occur.'],
  ['write-errors', 'RESP in Workers shows the response time.'],
  ['harakiri', 'Events has the request that each killed worker was last seen with.'],
  ['respawn', 'Events has the request that each worker was last seen with.'],
  ['memory', 'Requests shows what the worker runs. GROW/M in Workers shows the growth of each worker.'],
  ['cache-misses', 'Caches shows the reads of the cache and its fill level.'],
  ['cache-full', 'Caches shows the fill level of the cache.'],
  ['lock', 'The detail of the worker with this process ID shows what it runs.'],
]);
