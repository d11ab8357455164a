import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { TIMEOUT_MS } from '../timeouts.ts';

/** A requirement of a test: uWSGI with Python, or in addition gevent or the HTTP router. */
export type Part = 'python' | 'gevent' | 'router';

/**
 * Options that only a uWSGI with the part accepts. `--version` is last, because an unknown option before it is an
 * error.
 */
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

/** Whether a uWSGI with that part is installed. */
export function available(part: Part = 'python'): boolean {
  return spawnSync('uwsgi', PROBES[part], { stdio: 'ignore', timeout: TIMEOUT_MS }).status === 0;
}

const NAMES: Readonly<Record<Part, string>> = {
  python: 'uwsgi',
  gevent: 'the gevent plugin of uwsgi',
  router: 'the http plugin of uwsgi',
};

/** The message for a part that is not available. */
export function howToInstall(part: Part = 'python'): string {
  return `${NAMES[part]} is not installed (apt-get install ${PACKAGES[part]})`;
}

/**
 * Whether to skip, for `describe.skipIf`. The end of the run reports it. With STATSTOP_REQUIRE_ALL=1 nothing is
 * skipped, and tests without their requirements fail.
 */
export function skipWithout(part: Part = 'python'): boolean {
  return !available(part) && skipping('real uWSGI tests', howToInstall(part));
}

/** Records for the end of the run that tests are skipped (`test/skipped.ts`). @returns `false` when they must run */
export function skipping(what: string, why: string): boolean {
  if (process.env.STATSTOP_REQUIRE_ALL === '1') return false;
  const { STATSTOP_SKIPPED } = process.env;
  if (STATSTOP_SKIPPED) appendFileSync(STATSTOP_SKIPPED, `${what}: ${why}\n`);
  return true;
}
