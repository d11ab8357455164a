import type { NewMember } from '../monitor/fleet.ts';
import { NoStatsError, type TargetError } from '../sources/errors.ts';
import type { Target } from '../targets/target.ts';

/** A server that a command reads. */
export interface Selected {
  /** Its name, and the text that the user gave. Each is unique among the servers of the command. */
  server: NewMember;
  /** How it is read. `null` if `error` or `server.closed` says why it cannot be read. */
  target: Target | null;
  /** Its address as the server has bound it. The kernel compares it with the sockets of processes. */
  bound: Target | null;
  /** Why the argument leads to no server. */
  error?: TargetError;
  /**
   * Finds the address again, for an argument that leads to it, such as a configuration.
   *
   * @throws TargetError
   */
  again?(): Promise<Target>;
  /** Invalidates the target. Call this when the server is not read any more. */
  close?(): Promise<void>;
}

export const LIST = '`statstop servers` lists the servers of this machine, and what each needs.';

/**
 * How a server is read.
 *
 * @throws TargetError if it cannot be read
 */
export function readable({ server, target, bound, error }: Selected): { target: Target; bound: Target } {
  if (error) throw error;
  const { why = 'no stats socket', advice = '' } = server.closed ?? {};
  if (target === null || bound === null) throw new NoStatsError(server.target, why, advice);
  return { target, bound };
}
