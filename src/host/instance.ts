import { isAbsolute } from 'node:path';
import {
  configurationNames,
  hasMore,
  isEmperor,
  ownName,
  roleOf,
  type Setting,
  settingsOf,
} from './arguments.ts';
import { readConfigurations } from './configuration.ts';
import type { Family, Member } from './family.ts';
import { linkTo } from './proc.ts';

/** One uWSGI with what its command line and configurations say. */
export interface Instance extends Family {
  members: readonly Member[];
  settings: readonly Setting[];
  configurations: readonly string[];
  isComplete: boolean;
  /** Forks that may have stats of their own. */
  parts: readonly Member[];
  hasVassals: boolean;
}

/**
 * Reads the configuration of an instance.
 *
 * @param isOpen whether its files may be read. Without permission (ptrace(2)) the place of a relative name is unknown
 * @param start where it may have been started
 */
export async function instanceOf(
  family: Family,
  isOpen: boolean,
  start: string | undefined,
  proc: string,
): Promise<Instance> {
  const { root, forks, above } = family;
  const folder = `${proc}/${root.pid}`;
  const words = root.words.slice(1);
  // An emperor starts its vassals in its own directory.
  const directories = [above && linkTo(`${proc}/${above.pid}/cwd`), start];
  const names = configurationNames(words);
  const files = isOpen
    ? await readConfigurations(
        folder,
        names,
        directories.flatMap((each) => each ?? []),
      )
    : names.filter(isAbsolute).map((path) => ({ path, settings: null }));
  const configured = files.flatMap(({ settings }) => settings ?? []);
  const configurations = files.map(({ path }) => path);
  const settings = [...settingsOf(words), ...configured];
  const isComplete =
    files.every((file) => file.settings !== null) && !hasMore(configured) && ownName(root.words) === null;
  const hasParts = isEmperor(settings) || settings.some((each) => roleOf(each) === 'router');
  const parts = forks.filter((each) => hasParts || isRouter(each));
  return {
    ...family,
    members: [root, ...forks],
    settings,
    configurations,
    isComplete,
    parts,
    hasVassals: false,
  };
}

const ROUTERS: ReadonlySet<string> = new Set(['http', 'fastrouter', 'rawrouter', 'sslrouter']);

/** Whether uWSGI has named a process as a router. */
export function isRouter({ words }: Member): boolean {
  return ROUTERS.has(ownName(words)?.role ?? '');
}
