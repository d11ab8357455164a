import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

/** What `scripts/build.mjs` puts in place of `STATSTOP_BUILD`. `null` if the sources had no repository. */
interface BuildInfo {
  commit: string | null;
  /** Day of the commit, such as `2026-11-28`. */
  date: string | null;
}

/** A `BuildInfo` as JSON. Not defined where the sources run without a build, as in the tests. */
declare const STATSTOP_BUILD: string;

/** How statstop was built and installed. */
export interface Build extends BuildInfo {
  version: string;
  form: 'executable' | 'clone' | 'npm package';
  /** The file that runs. */
  path: string;
}

export function build(): Build {
  const file = import.meta.filename;
  // In the bundle, this code is in a file that several others share.
  const path = file.replace(/[^/]+\.cjs$/, 'cli.cjs');
  return { version: manifest.version, form: formOf(file), path, ...info() };
}

function info(): BuildInfo {
  return typeof STATSTOP_BUILD === 'undefined' ? { commit: null, date: null } : JSON.parse(STATSTOP_BUILD);
}

/** In an executable, the file of the program is the executable itself. Only a clone has the sources beside the bundle. */
function formOf(path: string): Build['form'] {
  if (path === process.execPath) return 'executable';
  return existsSync(join(dirname(path), '../src/cli.ts')) ? 'clone' : 'npm package';
}

/**
 * Returns the line of `--version`: the version, and in brackets how statstop was built and what runs it. Scripts may
 * depend on its form: `0.2.0 (executable, commit 041c105a2b, Node.js 24.22.3)`.
 */
export function versionLine({ version, form, commit }: Build = build()): string {
  return `${version} (${form}, commit ${commit ?? 'unknown'}, Node.js ${process.versions.node})`;
}
