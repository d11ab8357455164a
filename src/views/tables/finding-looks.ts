/**
 * Where the live view shows details of a finding, by the name of its rule. The advice of the rule itself is for all
 * outputs.
 */
export const LOOKS: ReadonlyMap<string, string> = new Map([
  ['stuck', 'The detail of the request in Requests has its variables, and the line of Python that it is at.'],
  ['queue', 'Requests has what runs on the cores, the oldest request first.'],
  ['busy', 'Requests has what runs on the cores, the oldest request first.'],
  ['exceptions', 'EXC in Workers and in Apps is where they come from.'],
  ['write-errors', 'RESP in Workers is how long answers take.'],
  ['memory', 'Requests has what the worker runs, GROW/M in Workers how fast each worker grows.'],
  ['cache-misses', 'Caches has the reads of the cache, and how full it is.'],
  ['cache-full', 'Caches has how full the cache is.'],
  ['lock', 'The detail of the worker with this process ID has what it does.'],
]);
