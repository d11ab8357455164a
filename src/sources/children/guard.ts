import type { ChildProcess } from 'node:child_process';
import { type Background, startShell } from '../../host/background.ts';

/**
 * Ends the process groups of this process when it ends, however it ends, also by SIGKILL. Each line of the input lists
 * all current groups, with the folder to remove after the group has ended: `4711: 4712:/tmp/statstop-a`. At the end of
 * the input, the groups get SIGTERM, and a second later SIGKILL.
 */
const SCRIPT = `
while read -r line; do now=$line; done
for each in $now; do kill -TERM "-\${each%%:*}"; done
for each in $now; do
  left=10
  while [ $left -gt 0 ] && kill -0 "-\${each%%:*}"; do sleep 0.1; left=$((left - 1)); done
  kill -KILL "-\${each%%:*}"
  folder=\${each#*:}
  [ -z "$folder" ] || rm -rf -- "$folder"
done`;

/** The folder of each current group, or an empty text. */
const groups = new Map<number, string>();
let shell: Background | null = null;

/** A process group that ends when this process ends. */
export interface Guarded<Child> {
  /** The leader of the group. */
  child: Child;
  /** Call this when the group has ended and its folder is removed. */
  release(): void;
}

/**
 * Starts a process group that ends when this process ends.
 *
 * @param start starts the leader of the group, which has no pid if it could not be started
 * @param folder absolute path of a folder to remove then, without white space
 * @throws Error without a free file descriptor
 */
export function guarded<Child extends Pick<ChildProcess, 'pid'>>(
  start: () => Child,
  folder = '',
): Guarded<Child> {
  // The shell first: a signal that ends this process while the shell is started would leave the group behind.
  ready();
  const child = start();
  const { pid } = child;
  if (pid === undefined) return { child, release: () => {} };
  groups.set(pid, folder);
  report();
  return {
    child,
    release() {
      groups.delete(pid);
      report();
    },
  };
}

function report(): void {
  let running: Background;
  try {
    running = ready();
  } catch {
    // There is no free file descriptor. The next change tries again.
    return;
  }
  running.stdin.write(`${[...groups].map(([group, folder]) => `${group}:${folder}`).join(' ')}\n`);
}

/** The shell, which is started if it does not run. */
function ready(): Background {
  if (shell !== null) return shell;
  const started = startShell(SCRIPT);
  shell = started;
  // The next change starts another one.
  started.on('exit', () => {
    if (shell === started) shell = null;
  });
  return started;
}
