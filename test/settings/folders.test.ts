import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolders } from '../../src/settings/folders.ts';
import { reasonOf } from '../../src/text/reason.ts';

const folder = mkdtempSync(join(tmpdir(), 'statstop-folders-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Why a folder cannot be made, in plain words. */
function refusal(path: string): string | null {
  try {
    makeFolders(path);
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

describe('folders', () => {
  it('are made with those above them, for this user only, and may exist', () => {
    const path = join(folder, 'a', 'b', 'c');
    expect([refusal(path), refusal(path)]).toEqual([null, null]);
    for (const each of ['a', 'a/b', 'a/b/c'])
      expect((statSync(join(folder, each)).mode & 0o777).toString(8)).toBe('700');
  });

  it('are refused where none can be made', () => {
    writeFileSync(join(folder, 'file'), '');
    symlinkSync('/nonexistent/x', join(folder, 'link'));
    expect(refusal(join(folder, 'file', 'a'))).toBe('it is not a folder, or not in one');
    expect(refusal(join(folder, 'link'))).toBe('it exists already');
    // `mkdir` of Node.js with `recursive` does not return here.
    expect(refusal('/proc/statstop/a')).toBe('there is no such file or folder');
  });
});
