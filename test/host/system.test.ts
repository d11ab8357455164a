import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readSystem } from '../../src/host/system.ts';

it('has the C library that ldd names, and the kernel that uname names', () => {
  const [, version] = /([\d.]+)\n/.exec(spawnSync('ldd', ['--version'], { encoding: 'utf8' }).stdout) ?? [];
  const { libc, kernel } = readSystem();
  expect(libc).toBe(`glibc ${version}`);
  expect(kernel).toBe(spawnSync('uname', ['-sr'], { encoding: 'utf8' }).stdout.trim());
});

it.each([
  ['NAME=x\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n', 'Debian GNU/Linux 12 (bookworm)'],
  ["PRETTY_NAME='Alpine Linux v3.19'\n", 'Alpine Linux v3.19'],
  ['PRETTY_NAME=Arch\n', 'Arch'],
  ['NAME=x\n', null],
])('%j: the system is %s', (text, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-system-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'os-release'), text);
  expect(readSystem(join(folder, 'os-release')).name).toBe(expected);
});

it('without the file, the system is unknown', () => {
  expect(readSystem('/nonexistent').name).toBeNull();
});
