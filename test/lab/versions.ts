import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { available, howToInstall, skipping } from './available.ts';

/** A version of uWSGI that the tests can start. */
export interface Version {
  /** Such as `2.0.28`, also for the installed one. */
  name: string;
  /** The folder that becomes its `/`; `null`: it is installed on this machine. */
  root: string | null;
  /** Why it cannot be started, and how to install it; `null` if it can be started. */
  missing: string | null;
}

const ROOTS = fileURLToPath(new URL('uwsgi-roots.sh', import.meta.url));

/**
 * The installed uWSGI and those of `uwsgi-roots.sh`, including missing ones. STATSTOP_TEST_UWSGI=installed selects only
 * the installed one, for a run on another version of Node.js.
 */
export const VERSIONS: readonly Version[] =
  process.env.STATSTOP_TEST_UWSGI === 'installed' ? [installed()] : [installed(), ...others()];

function installed(): Version {
  const { stdout } = spawnSync('uwsgi', ['--version'], { encoding: 'utf8', timeout: 10_000 });
  return {
    name: stdout?.trim().replace(/-debian$/, '') || 'installed',
    root: null,
    missing: available() ? null : howToInstall(),
  };
}

function others(): Version[] {
  const { stdout, stderr, status } = spawnSync(ROOTS, ['find'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${ROOTS}: ${stderr}`);
  return [...stdout.matchAll(/^(\S+) (.+)$/gm)].map(([, name = '', folder = '-']) => ({
    name,
    root: folder === '-' ? null : folder,
    missing: folder === '-' ? `uWSGI ${name} is missing (as root: test/lab/uwsgi-roots.sh)` : null,
  }));
}

/** For `describe.skipIf`, like `skipWithout` for the installed uWSGI. */
export function skipWithoutVersion({ name, missing }: Version): boolean {
  return missing !== null && skipping(`real uWSGI ${name} tests`, missing);
}
