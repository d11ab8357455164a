import type { SharedMemory } from './memory.ts';

/** Data of this machine's kernel about a server at one time. `null` means unknown, mostly for lack of permission. */
export interface HostReading {
  /** Time of the reading, in monotonic seconds. */
  clock: number;
  master: ProcessReading;
  /** The running workers, by worker id. */
  processes: ReadonlyMap<number, ProcessReading>;
  /** Other processes that the master has started, by pid. Empty if the kernel does not list them. */
  children: ReadonlyMap<number, ChildReading>;
  /** The queues that the document lacks, by the socket's name in the document. */
  queues: ReadonlyMap<string, QueueReading>;
  /**
   * Connections refused since boot because the listen queue of a TCP socket was full: `ListenOverflows` of all sockets
   * in the server's network namespace. `null` if it cannot be read.
   */
  listenOverflows: number | null;
  /** Number of tasks in the directory of a spooler, by its name in the document; at most `MOST_TASKS`. */
  spools: ReadonlyMap<string, number>;
  resources: HostResources;
}

/**
 * A process (proc_pid_stat(5), proc_pid_status(5)), with all values of the same time. If a server has more than some 50
 * processes, only some are read each second, and the others keep their last reading.
 */
export interface ProcessReading {
  pid: number;
  /** Time of the reading, in monotonic seconds. */
  clock: number;
  /** User and system time in seconds, of all its threads, including ended ones, but not of its child processes. */
  cpuTime: number;
  /**
   * Processors in use on average since the previous reading: 1 is one fully used processor. `null` in the first
   * reading.
   */
  cpu: number | null;
  /** Resident and virtual memory in bytes. `null` for a process that has ended. */
  rss: number | null;
  vsz: number | null;
  threads: number;
  /** R running, S sleeping, D waiting for a disk, T stopped, Z ended, and others. */
  state: string;
  /** Start time, in Unix seconds. */
  started: number;
  /** Sum over the running threads: it decreases when a thread ends. */
  voluntarySwitches: number | null;
  involuntarySwitches: number | null;
  /** Number of open files, including sockets and pipes. */
  files: number | null;
  /** Some seconds old. Also `null` for a process whose detail is not open. */
  memory: SharedMemory | null;
}

/** A process that the master has started. */
export interface ChildReading extends ProcessReading {
  /** Its command line, or the name that it set itself. `null` if it equals the master's or cannot be read. */
  command: string | null;
}

/** Connections that wait for `accept`. The kernel queues up to `limit` + 1 connections. */
export interface QueueReading {
  queue: number;
  limit: number;
}

export interface HostResources {
  /** Number of online processors. */
  processors: number;
  /** Total memory in bytes. */
  memory: number;
  /** Memory available to programs without swapping, in bytes. `null` before Linux 3.14. */
  available: number | null;
  /** Load average of the last minute. */
  load: number | null;
}
