import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLocal } from '../host/local.ts';
import { addressOf, type Target } from '../targets/target.ts';
import { UNKNOWN } from '../text/format.ts';

/** Maximum milliseconds to wait for the lookup of a name. The view starts even without a result. */
const LOOKUP_MS = 100;

/**
 * Returns the machine of a target: the host name of this machine, or the name or address of another one. A command can
 * reach any machine.
 */
export async function nodeOf(target: Target | null): Promise<string> {
  // Only arguments that lead to a server of this machine can have no target.
  if (target === null) return hostname();
  if (target.kind === 'ssh') return target.login.host;
  if (target.kind === 'exec') return UNKNOWN;
  const address = addressOf(target);
  if (address?.family !== 'tcp') return hostname();
  const isOurs = await Promise.race([isLocal(target), sleep(LOOKUP_MS, false, { ref: false })]);
  return isOurs ? hostname() : address.host;
}
