import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { factsOf, folderAbove } from '../../src/host/file-facts.ts';
import { listen } from './fake-proc.ts';

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-file-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it('has type, owner, mode and access of each kind of file', async () => {
  const folder = temporary();
  const at = (name: string) => join(folder, name);
  await listen(at('socket'));
  chmodSync(at('socket'), 0o640);
  writeFileSync(at('file'), '');
  execFileSync('mkfifo', [at('pipe')]);
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  expect(await factsOf(at('socket'))).toEqual({
    ...{ path: at('socket'), type: 'socket', uid, gid, mode: 0o640, link: null },
    ...{ mayRead: true, mayWrite: true },
  });
  const types = ['file', 'pipe'].map(async (name) => (await factsOf(at(name))).type);
  expect(await Promise.all(types)).toEqual(['file', 'pipe']);
  expect((await factsOf('/dev/null')).type).toBe('device');
});

it('follows a link and names it', async () => {
  const folder = temporary();
  await listen(join(folder, 'socket'));
  symlinkSync('socket', join(folder, 'link'));
  expect(await factsOf(join(folder, 'link'))).toMatchObject({ type: 'socket', link: 'socket' });
  symlinkSync('nothing', join(folder, 'dangling'));
  await expect(factsOf(join(folder, 'dangling'))).rejects.toThrow('ENOENT');
});

it('the folder is the nearest one that exists', async () => {
  const folder = temporary();
  mkdirSync(join(folder, 'a'));
  chmodSync(join(folder, 'a'), 0o750);
  expect(await folderAbove(join(folder, 'a/x'))).toMatchObject({ path: join(folder, 'a'), mode: 0o750 });
  expect((await folderAbove(join(folder, 'b/c/x'))).path).toBe(folder);
});
