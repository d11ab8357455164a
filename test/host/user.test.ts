import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readUser } from '../../src/host/user.ts';

/** A fake `/proc` with these files. */
function proc(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-user-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const mount = (options: string) =>
  `21 20 8:1 / / rw - ext4 /dev/root rw,hidepid=9\n22 21 0:21 / /proc rw,nosuid shared:5 - proc proc ${options}\n`;

it('has the ids of this process', () => {
  const { uid, gid, effectiveUid, groups } = readUser();
  expect([uid, gid, effectiveUid]).toEqual([process.getuid?.(), process.getgid?.(), null]);
  expect(groups).not.toContain(gid);
});

it.each([
  ['CapEff:\t000001ffffffffff\n', true],
  ['CapEff:\t0000000000080000\n', true],
  ['CapEff:\t000001fffff7ffff\n', false],
  ['CapEff:\t0000000000000000\n', false],
  ['Name:\tnode\n', null],
])('%j: CAP_SYS_PTRACE is %s', (status, expected) => {
  expect(readUser(proc({ 'self/status': status })).mayTrace).toBe(expected);
});

it.each([
  ['rw,hidepid=2', '2'],
  ['rw,gid=4,hidepid=invisible', 'invisible'],
  ['rw', null],
])('the mount options %s: hidepid is %s', (options, expected) => {
  expect(readUser(proc({ 'self/mountinfo': mount(options) })).hidepid).toBe(expected);
});

it('a value that the kernel does not have is null, not 0', () => {
  expect(readUser('/nonexistent')).toMatchObject({
    mayTrace: null,
    ptraceScope: null,
    hidepid: null,
    firstProcess: { status: false, files: false },
  });
});

it('has ptrace_scope, and what can be read of process 1', () => {
  const folder = proc({ 'sys/kernel/yama/ptrace_scope': '0\n', '1/status': 'x', '1/fd/0': '' });
  expect(readUser(folder)).toMatchObject({ ptraceScope: 0, firstProcess: { status: true, files: true } });
  expect(readUser(proc({ '1/status': 'x' })).firstProcess).toEqual({ status: true, files: false });
});
