import { execFileSync } from 'node:child_process';

/** `SOURCE_DATE_EPOCH`, as for other reproducible builds, or else the time of the last commit. */
export function timeOfRelease(): Date {
  const { SOURCE_DATE_EPOCH: given } = process.env;
  const seconds = given ?? execFileSync('git', ['log', '-1', '--format=%ct'], { encoding: 'utf8' });
  return new Date(Number(seconds) * 1000);
}
