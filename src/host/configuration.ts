import { open } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { configurationNames, type Setting, settingsIn } from './arguments.ts';
import { readGuarded } from './guarded.ts';
import { absolute, descriptorPath, openNamed } from './named.ts';

/** A configuration file of a server. */
export interface Configuration {
  /** Absolute, as the process sees it. */
  path: string;
  /** `null` if it could not be read. */
  settings: readonly Setting[] | null;
}

/** The most files that are read for one server, and the most bytes of one. */
const MOST_FILES = 8;
const MOST_BYTES = 256 * 1024;

/**
 * Reads configuration files of a process, by the rules of `host/named`: only those that its user could read. A relative
 * name starts where the process was started. The kernel only knows where it is now, and `chdir` or an emperor moves it.
 * So the first of these directories that has the file counts: the present one, and those given.
 *
 * @param folder directory of the process, `/proc/PID`
 * @param names as written on its command line
 * @param starts other directories in which it may have been started, absolute as the process sees them
 */
export async function readConfigurations(
  folder: string,
  names: readonly string[],
  starts: readonly string[],
): Promise<Configuration[]> {
  const found: Configuration[] = [];
  for (const name of names.slice(0, MOST_FILES)) {
    const present = await absolute(folder, name).catch(() => null);
    const paths = isAbsolute(name)
      ? [name]
      : [present ?? [], starts.map((start) => join(start, name))].flat(2);
    found.push(...(await firstOf(folder, paths)));
  }
  return found;
}

/** The first file that can be read, or else the first path. */
async function firstOf(folder: string, paths: readonly string[]): Promise<Configuration[]> {
  for (const path of paths) {
    const text = await textOf(folder, path).catch(() => null);
    if (text !== null) return [{ path, settings: settingsIn(text) }];
  }
  return paths.slice(0, 1).map((path) => ({ path, settings: null }));
}

async function textOf(folder: string, path: string): Promise<string> {
  const named = await openNamed(folder, path, 'file');
  try {
    const file = await open(descriptorPath(named));
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } finally {
    await named.close();
  }
}

/** A process whose command line is known. */
interface Started {
  pid: number;
  uid: number;
  words: readonly string[];
}

/**
 * The directories in which processes with relative names of configurations may have been started, by pid: the variable
 * PWD of their environment, which a shell sets. No other variable is kept.
 */
export async function startsOf(
  processes: readonly Started[],
  proc: string,
): Promise<ReadonlyMap<number, string>> {
  const relative = processes.filter(({ words }) =>
    configurationNames(words.slice(1)).some((name) => !isAbsolute(name)),
  );
  const pathOf = (pid: number) => `${proc}/${pid}/environ`;
  const texts = await readGuarded(relative.map(({ pid, uid }) => ({ path: pathOf(pid), uid })));
  return new Map(
    relative.flatMap(({ pid }): [number, string][] => {
      const start = /(?:^|\0)PWD=(\/[^\0]*)/.exec(texts.get(pathOf(pid)) ?? '')?.[1];
      return start === undefined ? [] : [[pid, start]];
    }),
  );
}
