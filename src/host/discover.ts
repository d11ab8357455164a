import { stat } from 'node:fs/promises';
import { openNamed } from './named.ts';
import { type Scan, scan } from './scan.ts';
import type { Server } from './server.ts';

/**
 * Finds the uWSGI servers of this machine, by reading `/proc` only: no socket is connected to. The oldest comes first. A
 * server that starts or ends during the scan may be missing.
 *
 * @param proc replaces `/proc`
 * @returns an empty list on systems other than Linux
 */
export async function discover(proc = '/proc'): Promise<Server[]> {
  return serversIn(await scan(proc));
}

/**
 * Returns a function like `discover` for repeated calls: a server whose processes are the same as before is not read
 * again.
 */
export function createDiscovery(proc = '/proc'): () => Promise<Server[]> {
  let before: Scan = [];
  return async () => {
    before = await scan(proc, before);
    return serversIn(before);
  };
}

function serversIn(found: Scan): Server[] {
  return found.flatMap(({ servers }) => servers);
}

/** The server whose master, worker or other process has that pid. `null` for another process. */
export async function masterOf(pid: number, proc = '/proc'): Promise<Server | null> {
  const group = (await scan(proc)).find(({ instance }) => instance.members.some((each) => each.pid === pid));
  const servers = group?.servers ?? [];
  return servers.find((each) => each.pid === pid) ?? servers[0] ?? null;
}

/**
 * The servers that were started with a configuration file: a name on their command line leads to that file. The oldest
 * comes first.
 *
 * @throws Error if the file cannot be accessed
 */
export async function runningWith(configuration: string, proc = '/proc'): Promise<Server[]> {
  const { dev, ino } = await stat(configuration);
  const isFile = async ({ pid }: Server, path: string) => {
    try {
      const file = await openNamed(`${proc}/${pid}`, path, 'file');
      const found = await file.stat().finally(() => file.close());
      return found.dev === dev && found.ino === ino;
    } catch {
      // It does not exist, or the user of the process cannot read it.
      return false;
    }
  };
  const servers = await discover(proc);
  const fits = await Promise.all(
    servers.map(async (server) =>
      (await Promise.all(server.configurations.map((path) => isFile(server, path)))).includes(true),
    ),
  );
  return servers.filter((_, place) => fits[place]);
}
