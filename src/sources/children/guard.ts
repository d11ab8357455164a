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

/**
 * Ends a process group when this process ends.
 *
 * @param group the pid of the leader of the group
 * @param folder absolute path of a folder to remove then, without white space
 * @returns a function to call when the group has ended and the folder is removed
 */
export function guard(group: number, folder = ''): () => void {
  groups.set(group, folder);
  report();
  return () => {
    groups.delete(group);
    report();
  };
}

function report(): void {
  shell ??= start();
  shell.stdin.write(`${[...groups].map(([group, folder]) => `${group}:${folder}`).join(' ')}\n`);
}

function start(): Background {
  const started = startShell(SCRIPT);
  // The next change starts another one.
  started.on('exit', () => {
    if (shell === started) shell = null;
  });
  return started;
}
