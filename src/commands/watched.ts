import { isDeepStrictEqual } from 'node:util';
import { createHost, type Host } from '../host/host.ts';
import type { Ss } from '../host/ss.ts';
import { identityOf, type Target } from '../targets/target.ts';
import type { WatchedServer } from '../terminal/readers.ts';
import type { Selected } from './selected.ts';

/** Seconds for which several servers share what `ss` prints. */
export const SHARED_SECONDS = 1.5;

interface WatchOptions {
  /** Shared by all servers; absent for a single one. */
  ss?: Ss | undefined;
  /** Returns the reader of the Python stacks of an address; absent if they are not shown. */
  stacksOf?: (bound: Target) => WatchedServer['stacksOf'];
}

/**
 * Returns a server that is read repeatedly, with what the kernel of this machine knows about it.
 *
 * @param node the machine that the server runs on
 */
export function watched(
  { server, target, bound, again }: Selected,
  node: string,
  options: WatchOptions = {},
): WatchedServer {
  let beside = bound && besideOf(bound, options);
  return {
    server: { ...server, node },
    target,
    ...(bound && !again && { identity: identityOf(bound) }),
    ...(again && {
      async again() {
        const found = await again();
        if (!isDeepStrictEqual(found, beside?.bound)) beside = besideOf(found, options);
        return found;
      },
    }),
    hostOf: async (...args) => beside?.host().read(...args) ?? null,
    stacksOf: async (...args) => beside?.stacks?.(...args) ?? [],
  };
}

/** What is read beside the documents of an address. */
function besideOf(bound: Target, { ss, stacksOf }: WatchOptions) {
  let host: Host | undefined;
  return {
    bound,
    // The first frame does not need it.
    host() {
      host ??= createHost(ss ? { target: bound, ss } : { target: bound });
      return host;
    },
    stacks: stacksOf?.(bound),
  };
}
