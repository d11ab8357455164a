import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { available, howToInstall, skipping } from './available.ts';

/** A uWSGI that the laboratory can start. */
export interface Version {
  /** `2.0.28`, of the installed one too. */
  name: string;
  /** The folder that is `/` for it; `null`: it is installed on this machine. */
  root: string | null;
  /** Why it cannot be started, and what to do about it; `null` if it can. */
  missing: string | null;
}

const ROOTS = fileURLToPath(new URL('uwsgi-roots.sh', import.meta.url));

/**
 * The installed uWSGI and those of `uwsgi-roots.sh`, also where they are missing. With STATSTOP_TEST_UWSGI=installed
 * only the installed one, for a run on another version of Node.js.
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

/** For `describe.skipIf`, as `skipWithout` of the installed uWSGI. */
export function skipWithoutVersion({ name, missing }: Version): boolean {
  return missing !== null && skipping(`real uWSGI ${name} tests`, missing);
}
