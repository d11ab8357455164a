import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * The commit that is built, with `-dirty` if files were changed since, and its day. Both are `null` for sources without
 * a repository, also if they lie inside another repository.
 */
export function buildInfo() {
  return {
    commit: git('describe', '--always', '--dirty', '--exclude=*', '--abbrev=10'),
    date: git('log', '-1', '--format=%cs'),
  };
}

function git(...words) {
  if (!existsSync('.git')) return null;
  try {
    return execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}
