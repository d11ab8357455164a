import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateFolder } from '../../../src/sources/ssh/private-folder.ts';
import { folder } from '../servers.ts';

function inside(name: string, mode = 0o700): string {
  const path = join(folder(), name);
  mkdirSync(path);
  chmodSync(path, mode);
  return path;
}

const isRoot = process.getuid?.() === 0;

describe('the folder for sockets', () => {
  it('is new, and only its user can enter it', async () => {
    const parent = inside('a');
    const path = await privateFolder([parent]);
    expect(dirname(path)).toBe(parent);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(await privateFolder([parent])).not.toBe(path);
  });

  it('is below a directory that others can write to only if they cannot rename entries', async () => {
    expect(dirname(await privateFolder([inside('sticky', 0o1777)]))).toMatch(/sticky$/);
    for (const mode of [0o777, 0o770]) await expect(privateFolder([inside('open', mode)])).rejects.toThrow();
    const above = inside('above', 0o777);
    mkdirSync(join(above, 'below'), { mode: 0o700 });
    await expect(privateFolder([join(above, 'below')])).rejects.toThrow();
  });

  it.skipIf(!isRoot)('is not below a directory of another user', async () => {
    const theirs = inside('theirs');
    chownSync(theirs, 65_534, 65_534);
    await expect(privateFolder([theirs])).rejects.toThrow();
    mkdirSync(join(theirs, 'ours'), { mode: 0o700 });
    await expect(privateFolder([join(theirs, 'ours')])).rejects.toThrow();
    const link = join(inside('b'), 'link');
    symlinkSync(theirs, link);
    await expect(privateFolder([link])).rejects.toThrow();
    expect(readdirSync(theirs)).toEqual(['ours']);
  });

  it('is in the first suitable directory', async () => {
    const good = inside('good');
    const unsuitable = [
      undefined,
      '',
      'relative',
      '/nonexistent',
      inside('with blank'),
      inside('a:b'),
      inside('a%h'),
    ];
    expect(dirname(await privateFolder([...unsuitable, inside('x'.repeat(80)), good, inside('later')]))).toBe(
      good,
    );
  });
});
