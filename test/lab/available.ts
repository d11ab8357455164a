import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { PATIENCE_MS } from '../patience.ts';

/** What a test needs: uWSGI with Python, and gevent or the HTTP router on top of it. */
export type Part = 'python' | 'gevent' | 'router';

/** Options that only a uWSGI with the part knows. `--version` comes last: an unknown option before it is an error. */
const PROBES: Readonly<Record<Part, readonly string[]>> = {
  python: ['--plugin', 'python3', '--wsgi-file', 'app.py', '--version'],
  gevent: ['--plugin', 'python3,gevent_python3', '--gevent', '2', '--version'],
  router: ['--plugin', 'python3,http', '--http-stats-server', 'stats', '--version'],
};

const PACKAGES: Readonly<Record<Part, string>> = {
  python: 'uwsgi-core uwsgi-plugin-python3',
  gevent: 'uwsgi-plugin-gevent-python3',
  router: 'uwsgi-infrastructure-plugins',
};

/** Whether a uWSGI with that part is on this machine. */
export function available(part: Part = 'python'): boolean {
  return spawnSync('uwsgi', PROBES[part], { stdio: 'ignore', timeout: PATIENCE_MS }).status === 0;
}

const NAMES: Readonly<Record<Part, string>> = {
  python: 'uwsgi',
  gevent: 'the gevent plugin of uwsgi',
  router: 'the http plugin of uwsgi',
};

/** What to say when it is not. */
export function howToInstall(part: Part = 'python'): string {
  return `${NAMES[part]} is not installed (apt-get install ${PACKAGES[part]})`;
}

/**
 * For `describe.skipIf`: whether to skip. The end of the run says so. With STATSTOP_REQUIRE_ALL=1 nothing is skipped, and the
 * tests fail where they miss what they need.
 */
export function skipWithout(part: Part = 'python'): boolean {
  return !available(part) && skipping('real uWSGI tests', howToInstall(part));
}

/** Notes for the end of the run that tests are not run (`test/skipped.ts`). @returns `false` when they have to run */
export function skipping(what: string, why: string): boolean {
  if (process.env.STATSTOP_REQUIRE_ALL === '1') return false;
  const { STATSTOP_SKIPPED } = process.env;
  if (STATSTOP_SKIPPED) appendFileSync(STATSTOP_SKIPPED, `${what}: ${why}\n`);
  return true;
}
