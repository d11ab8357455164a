import { masterOf, runningWith } from '../host/discover.ts';
import { ProcError } from '../host/search-error.ts';
import type { Kind, Missing, Server } from '../host/server.ts';
import { NoStatsError } from '../sources/errors.ts';
import { parseTarget } from '../targets/parse.ts';
import type { Target } from '../targets/target.ts';

/** An emperor comes first, because the app server of its configuration has no workers. */
const RANKS: Readonly<Record<Kind, number>> = { emperor: 0, app: 1, router: 2 };

/**
 * The stats sockets of the running servers that were started with a configuration. Empty without such a server, or if its
 * sockets or the processes of this machine are unknown.
 *
 * @param section empty for any
 */
export async function targetsOfRunning(path: string, section: string): Promise<Target[]> {
  const isAsked = ({ command }: Server) =>
    section === '' || command.some((word) => word.endsWith(`:${section}`));
  const servers = await runningWith(path).catch((error) => {
    if (error instanceof ProcError) return [];
    throw error;
  });
  return servers
    .filter(isAsked)
    .sort((one, other) => rankOf(one) - rankOf(other))
    .flatMap(targetsOf);
}

function rankOf({ kind }: Server): number {
  return RANKS[kind ?? 'app'];
}

/**
 * The stats sockets of the uWSGI server that a process belongs to.
 *
 * @returns `null` if the process is not part of a uWSGI server
 * @throws NoStatsError if the server has no stats socket that can be read from here
 */
export async function targetsOfPid(text: string, pid: number): Promise<Target[] | null> {
  const server = await masterOf(pid);
  if (!server) return null;
  const targets = targetsOf(server);
  if (targets.length > 0) return targets;
  const [cause, advice] = server.missing === null ? UNREACHABLE : WHY_NOT[server.missing];
  throw new NoStatsError(text, `the uWSGI server with the process id ${server.pid} ${cause}`, advice);
}

function targetsOf({ sockets }: Server): Target[] {
  return sockets.flatMap(({ target }) => (target === null ? [] : [parseTarget(target)]));
}

type Reason = readonly [cause: string, advice: string];

const WHY_NOT: Readonly<Record<Missing, Reason>> = {
  none: ['has no stats socket', 'Add `stats = /run/app.stats` to its configuration and restart it.'],
  permission: [
    'belongs to another user',
    'Run statstop as that user or as root, or give the address of its stats socket.',
  ],
  unread: ['could not be examined in time', 'Give the address of its stats socket.'],
  unclear: ['has several sockets', 'Give the address of its stats socket.'],
};

const UNREACHABLE: Reason = [
  'has a stats socket that cannot be reached from here',
  'If it runs in a container, run statstop in the container.',
];
