import type { SharedMemory } from './memory.ts';

/** What the kernel of this machine knows of a server, at one time. `null` is unknown: mostly for want of permission. */
export interface HostReading {
  /** In monotonic seconds. */
  clock: number;
  master: ProcessReading;
  /** By the id of the worker; those that run. */
  processes: ReadonlyMap<number, ProcessReading>;
  /** By pid: processes that the master has started, but for the workers. Empty where the kernel does not list them. */
  children: ReadonlyMap<number, ChildReading>;
  /** By the name of the socket in the document; those of which the document does not know the queue. */
  queues: ReadonlyMap<string, QueueReading>;
  /**
   * Connections that the kernel refused because the queue of a TCP socket was full, since the boot: `ListenOverflows` of
   * all sockets of the server's network namespace. `null` where it cannot be read.
   */
  listenOverflows: number | null;
  /** Tasks in the folder of a spooler, by its name in the document; up to `MOST_TASKS`. */
  spools: ReadonlyMap<string, number>;
  machine: MachineReading;
}

/**
 * A process (proc_pid_stat(5), proc_pid_status(5)), all of it of one time. Of a server with more than some 50 processes
 * only a part is read each second: the same reading comes again until it has its turn.
 */
export interface ProcessReading {
  pid: number;
  /** When it was read, in monotonic seconds. */
  clock: number;
  /** Seconds as user and system, of all its threads, also of those that ended, but not of its children. */
  cpuTime: number;
  /** Processors that it kept busy since its reading before: 1 is one, all the time. `null` at first. */
  cpu: number | null;
  /** Resident and virtual memory in bytes; `null` for a process that has ended. */
  rss: number | null;
  vsz: number | null;
  threads: number;
  /** R running, S sleeping, D waiting for a disk, T stopped, Z ended, and others. */
  state: string;
  /** Unix seconds. */
  started: number;
  /** Of the threads that live: falls when one ends. */
  voluntarySwitches: number | null;
  involuntarySwitches: number | null;
  /** Open ones, sockets and pipes among them. */
  files: number | null;
  /** Some seconds old. `null` also for those whose detail is not open. */
  memory: SharedMemory | null;
}

/** A process that the master has started. */
export interface ChildReading extends ProcessReading {
  /** Its command line, or the name that it gave itself; `null` when it is that of the master, or cannot be read. */
  command: string | null;
}

/** Connections that wait for `accept`. The kernel lets one more wait than the limit says. */
export interface QueueReading {
  queue: number;
  limit: number;
}

export interface MachineReading {
  /** Online. */
  processors: number;
  /** Bytes. */
  memory: number;
  /** What programs can still have without swapping, in bytes. `null` before Linux 3.14. */
  available: number | null;
  /** Of the last minute. */
  load: number | null;
}
