import type { Unreachable } from './addresses.ts';

export type Kind = 'app' | 'emperor' | 'router';

/** Why a server has no stats socket in the list. */
export type Missing =
  /** It has none. */
  | 'none'
  /** Its open files cannot be read: it belongs to another user (ptrace(2)). */
  | 'permission'
  /** Its event queues could not be read in time: its user makes readers wait. */
  | 'unread'
  /** It waits for connections on sockets of which none is certainly a stats socket. */
  | 'unclear';

/** A stats socket of a server. */
export interface ServerSocket {
  /** As the server has bound it: a path, `@name` with `@` for each NUL, or `host:port`. Untrusted text. */
  name: string;
  /** Inode of the socket. */
  inode: string;
  /** The argument with which statstop reads it from here. `null` if it cannot be connected to from here. */
  target: string | null;
  /** Why there is no target. */
  why: Unreachable | null;
}

/** A uWSGI server of this machine: a master, an emperor, a vassal, or a router that has stats of its own. */
export interface Server {
  /** The pid here, and the one that the process itself sees and writes: they differ in a container. */
  pid: number;
  ownPid: number;
  /** Start time, in Unix seconds. The kernel's boot time can change by a second, and this with it. */
  started: number;
  /** Start time, in seconds after boot. With the pid, it identifies the process. */
  startedAfterBoot: number;
  user: { id: number /** `null` if `/etc/passwd` has no such user. */; name: string | null };
  /** Arguments of the command line, or the name that uWSGI has set instead. Untrusted text, at most 256 KiB. */
  command: readonly string[];
  /** A short name, not unique. Untrusted text. */
  name: string;
  /** `null` if unknown. */
  kind: Kind | null;
  /** Configuration files of its command line, absolute as the process sees them. Untrusted text. */
  configurations: readonly string[];
  /** Pid of the emperor that has started it. */
  vassalOf: number | null;
  /** Pid of the master of a router or emperor that was forked from it. */
  partOf: number | null;
  /** Whether it runs in another PID, mount or network namespace. `null` without permission. */
  isElsewhere: boolean | null;
  sockets: readonly ServerSocket[];
  /** Why `sockets` is empty. */
  missing: Missing | null;
}
