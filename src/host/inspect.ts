import { boundForQueue, waitedFor } from './event-queue.ts';
import { type GuardedFile, readGuarded } from './guarded.ts';
import { type Descriptors, descriptorsOf } from './proc.ts';

/** The most event queues of one process that are read. A master has one. */
const MOST_QUEUES = 16;

/** A process to inspect. */
interface Process {
  pid: number;
  uid: number;
}

/** The sockets of a process, by inode. */
export interface Inspected {
  /** All that it has open. */
  open: ReadonlySet<string>;
  /** Those that it has created for its own event loop (`boundForQueue`). */
  bound: readonly string[];
  /** Whether it waits for events at all. */
  hasQueue: boolean;
  /** Whether all of its event queues could be read. */
  isComplete: boolean;
}

/**
 * Milliseconds that are spent on listing the open files of one user's processes. Any user can start many processes with
 * many files.
 */
const MOST_MS = 1000;

/**
 * Reads the open files of processes and what they wait for.
 *
 * @returns by pid, without the processes that cannot be inspected (ptrace(2)) or have ended
 */
export async function inspect(
  processes: readonly Process[],
  proc: string,
): Promise<ReadonlyMap<number, Inspected>> {
  const open = new Map<number, Descriptors>();
  const spent = new Map<number, number>();
  for (const { pid, uid } of processes) {
    const before = spent.get(uid) ?? 0;
    if (before > MOST_MS) continue;
    const began = performance.now();
    const descriptors = await descriptorsOf(`${proc}/${pid}`).catch(() => null);
    spent.set(uid, before + performance.now() - began);
    if (descriptors === null) continue;
    open.set(pid, { ...descriptors, queues: descriptors.queues.slice(0, MOST_QUEUES) });
  }
  const pathOf = (pid: number, queue: number) => `${proc}/${pid}/fdinfo/${queue}`;
  const files = processes.flatMap(({ pid, uid }): GuardedFile[] =>
    (open.get(pid)?.queues ?? []).map((queue) => ({ path: pathOf(pid, queue), uid })),
  );
  const texts = await readGuarded(files);
  return new Map(
    [...open].map(([pid, descriptors]) => {
      const { sockets, queues } = descriptors;
      const waited = new Map(
        queues.map((queue) => [queue, waitedFor(texts.get(pathOf(pid, queue)) ?? '', sockets)]),
      );
      return [
        pid,
        {
          open: new Set(sockets.values()),
          bound: boundForQueue(descriptors, waited),
          hasQueue: queues.length > 0,
          isComplete: queues.every((queue) => texts.has(pathOf(pid, queue))),
        },
      ];
    }),
  );
}
