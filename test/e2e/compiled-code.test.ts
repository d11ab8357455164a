import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { captureFile, NO_SETTINGS, ROOT } from '../commands/run.ts';
import { requiredNode, skipWithoutNode } from '../lab/other-node.ts';

/** A home directory. It is below that of the user, because no folder below /tmp is safe. */
function home(below = homedir()): string {
  const made = mkdtempSync(join(below, '.statstop-test-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

/** Runs statstop on a Node.js that can keep compiled code. */
function run(home: string, env: NodeJS.ProcessEnv = {}, args = ['--json', captureFile('threads')]): string {
  const { status, stderr } = spawnSync(requiredNode(24), [join(ROOT, 'bin/statstop.js'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: home, ...NO_SETTINGS, ...env },
  });
  expect(status).toBe(0);
  return stderr;
}

/** All paths in a folder; empty if it does not exist. */
function inside(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
}

describe.skipIf(skipWithoutNode(24))('compiled code', () => {
  it('is kept in a private folder, and used by the next start', () => {
    const own = home();
    const debug = { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
    expect(run(own, debug)).not.toContain('was accepted');
    const folder = join(own, '.cache/statstop');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(inside(folder).length).toBeGreaterThan(1);
    expect(run(own, debug)).toContain('was accepted');
  });

  it('is kept in XDG_CACHE_HOME', () => {
    const own = home();
    run('/nonexistent', { XDG_CACHE_HOME: own });
    expect(inside(join(own, 'statstop')).length).toBeGreaterThan(1);
  });

  it.each([
    ['that the group can write to', (own: string) => chmodSync(join(own, '.cache'), 0o770)],
    ['that others can write to', (own: string) => chmodSync(own, 0o777)],
    [
      'that is a link',
      (own: string) => {
        rmSync(join(own, '.cache'), { recursive: true });
        symlinkSync(join(own, 'other'), join(own, '.cache'));
      },
    ],
    ['that others can read', (own: string) => mkdirSync(join(own, '.cache/statstop'), { mode: 0o755 })],
  ])('is not kept in a folder %s', (_, prepare) => {
    const own = home();
    for (const name of ['.cache', 'other']) mkdirSync(join(own, name));
    prepare(own);
    const before = inside(own);
    run(own);
    expect(inside(own)).toEqual(before);
  });

  it.skipIf(process.getuid?.() !== 0)('is not kept for root in a folder of another user', () => {
    const own = home();
    chownSync(own, 65534, 65534);
    run(own);
    expect(inside(own)).toEqual([]);
  });

  it('is not kept below the temporary directory', () => {
    const own = home(tmpdir());
    run(own);
    expect(inside(own)).toEqual([]);
  });

  it('is not kept if the user has switched this off, or for --version', () => {
    const own = home();
    run(own, { NODE_DISABLE_COMPILE_CACHE: '1' });
    run(own, {}, ['--version']);
    expect(inside(own)).toEqual([]);
  });
});
