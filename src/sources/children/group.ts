import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds that a process group has to end after SIGTERM, and between two checks. */
const LIMIT_MS = 1000;
const CHECK_MS = 50;

/**
 * Ends all processes of a group by SIGTERM, and after a second by SIGKILL. Resolves when the group has no process left,
 * or only processes that this user may not end. Never rejects, and does not keep this process alive.
 *
 * @param group the pid of the leader of the group
 */
export async function endGroup(group: number): Promise<void> {
  if (!send(group, 'SIGTERM')) return;
  for (let waited = 0; waited < LIMIT_MS; waited += CHECK_MS) {
    await sleep(CHECK_MS, undefined, { ref: false });
    // The number can belong to another group later, so do not use it after this.
    if (!send(group, 0)) return;
  }
  send(group, 'SIGKILL');
}

/** @returns whether a process of the group exists that accepts a signal of this user */
function send(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}
