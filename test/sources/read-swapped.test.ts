import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { NotFileError } from '../../src/sources/errors.ts';
import { readRegular } from '../../src/sources/regular.ts';

/** Files that another user may exchange for the file after the check. */
it.each(['pipe', '/dev/zero', '/dev/ptmx'])('%s in place of a file is not read', async (place) => {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = place.startsWith('/') ? place : join(folder, place);
  if (place === 'pipe') execFileSync('mkfifo', [path]);
  await expect(readRegular(path, path)).rejects.toThrow(NotFileError);
});
