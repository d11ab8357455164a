import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { withStreams } from './background.ts';

/** A file of `/proc` that the kernel reads from the memory of a process, or under a lock that the process can hold. */
export interface GuardedFile {
  path: string;
  /** The user of the process, who could make a reader wait. */
  uid: number;
}

/** The most bytes of one file, and the most files in one command. */
const MOST_BYTES = 256 * 1024;
const MOST_FILES = 200;
const TIMEOUT_MS = 1000;

/** The complete environment of the command, as in `host/shell`. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };

/**
 * Reads files such as `cmdline` and the `fdinfo` of event queues. The owner of a process can map its memory to a file
 * system that does not answer; a reader then waits in the kernel, and cannot even end. Therefore files of other users'
 * processes are read by `head`, one process for each user, which is left alone after `TIMEOUT_MS`. Processes of root and of
 * our own user are trusted, and read directly.
 *
 * @returns contents by path, as UTF-8 like the names of files, at most `MOST_BYTES` each. Files that could not be read are missing
 */
export async function readGuarded(files: readonly GuardedFile[]): Promise<Map<string, string>> {
  const own = process.geteuid?.();
  const found = new Map<string, string>();
  const others = new Map<number, string[][]>();
  for (const { path, uid } of files) {
    if (uid === own || uid === 0) {
      const text = readStart(path);
      if (text !== null) found.set(path, text);
      continue;
    }
    const batches = others.get(uid) ?? [];
    others.set(uid, batches);
    const last = batches.at(-1);
    if (last && last.length < MOST_FILES) last.push(path);
    else batches.push([path]);
  }
  const read = [...others.values()].map(async (batches) => {
    // A user who lets one batch wait has only that one: the next could wait as well.
    for (const paths of batches) {
      const { output, isComplete } = await head(paths);
      for (const [path, text] of partsOf(output, paths, isComplete)) found.set(path, text);
      if (!isComplete) break;
    }
  });
  await Promise.all(read);
  return found;
}

const buffer = Buffer.allocUnsafe(MOST_BYTES);

function readStart(path: string): string | null {
  try {
    const file = openSync(path, 'r');
    try {
      let length = 0;
      for (;;) {
        const more = readSync(file, buffer, length, buffer.length - length, null);
        length += more;
        if (more === 0 || length === buffer.length) return buffer.toString('utf8', 0, length);
      }
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

/**
 * Prints the start of each file after a line with its path.
 *
 * @throws Error without a free file descriptor
 */
function head(paths: readonly string[]): Promise<{ output: string; isComplete: boolean }> {
  return new Promise((resolve) => {
    const child = withStreams(
      spawn('head', ['-v', '-c', String(MOST_BYTES), '--', ...paths], {
        env: ENVIRONMENT,
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const settle = (isComplete: boolean) => {
      clearTimeout(timer);
      resolve({ output, isComplete });
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.unref();
      settle(false);
    }, TIMEOUT_MS);
    child.on('error', () => settle(false));
    child.on('close', () => settle(true));
  });
}

/**
 * Divides the output of `head -v`. A command line can contain lines that look like the next one's. All files of one
 * command belong to one user, who could give the other process that command line, too.
 */
export function partsOf(
  output: string,
  paths: readonly string[],
  isComplete: boolean,
): (readonly [path: string, text: string])[] {
  const starts: { path: string; before: number; from: number }[] = [];
  let from = 0;
  for (const path of paths) {
    const mark = `${starts.length === 0 ? '' : '\n'}==> ${path} <==\n`;
    const before = output.indexOf(mark, from);
    // It could not be opened.
    if (before < 0) continue;
    from = before + mark.length;
    starts.push({ path, before, from });
  }
  const parts = starts.map(
    ({ path, from }, place) => [path, output.slice(from, starts[place + 1]?.before)] as const,
  );
  return isComplete ? parts : parts.slice(0, -1);
}
