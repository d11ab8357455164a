import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { descriptorPath, type Kind, OtherKindError, openNamed } from '../../src/host/named.ts';
import { skipping } from '../lab/available.ts';
import { put } from './fake-host.ts';
import { listen } from './fake-proc.ts';

const PID = 40;
const NOBODY = 65534;
const LOCAL = '1 1 8:1 / / rw - ext4 /dev/root rw';

/** A process of a user, with the folders below `root` as its root. */
function process_(uid = process.geteuid?.() ?? 0, groups: readonly number[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-named-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [proc, root] = [join(folder, 'proc'), join(folder, 'root')];
  mkdirSync(root);
  const status = [
    `Uid:\t0 0 0 ${uid}`,
    `Gid:\t0 0 0 ${uid}`,
    `Groups:\t${groups.join(' ')}`,
    `NSpid:\t${PID}`,
  ];
  put(proc, PID, { status });
  const own = join(proc, String(PID));
  rmSync(join(own, 'root'));
  symlinkSync(root, join(own, 'root'));
  const mounts = (...lines: string[]) => writeFileSync(join(own, 'mountinfo'), `${lines.join('\n')}\n`);
  mounts(LOCAL);
  const path = (name: string) => join(root, name);
  return {
    mounts,
    root: (to: string) => {
      rmSync(join(own, 'root'));
      symlinkSync(to, join(own, 'root'));
    },
    path,
    folder: (name: string, mode = 0o755) => {
      mkdirSync(path(name), { recursive: true });
      chmodSync(path(name), mode);
    },
    link: (to: string, name: string) => symlinkSync(to, path(name)),
    /** The path of an opened file, relative to the root of the process. */
    open: async (name: string, kind: Kind = 'folder') => {
      const file = await openNamed(own, name, kind);
      const real = realpathSync(descriptorPath(file));
      await file.close();
      return real.slice(root.length) || '/';
    },
  };
}

describe('a name of a process is resolved inside its root', () => {
  it('by its path, and through symbolic links', async () => {
    const { folder, link, open } = process_();
    folder('a/b/c');
    link('b', 'a/relative');
    link('/a/b', 'absolute');
    link('../../a/./b//c', 'a/b/up');
    expect(await open('/a/b')).toBe('/a/b');
    expect(await open('/a/relative/c')).toBe('/a/b/c');
    expect(await open('/absolute/c/')).toBe('/a/b/c');
    expect(await open('/a/b/up')).toBe('/a/b/c');
  });

  it('also if it points outside', async () => {
    const { folder, link, open } = process_();
    folder('etc');
    link('../../../../../..', 'up');
    link('/etc', 'absolute');
    expect(await open('/../../../etc')).toBe('/etc');
    expect(await open('/up/etc')).toBe('/etc');
    expect(await open('/up')).toBe('/');
    expect(await open('/absolute')).toBe('/etc');
    await expect(open('/up/usr')).rejects.toThrow('ENOENT');
  });

  it('within a limit of links and length', async () => {
    const { link, open } = process_();
    link('b', 'a');
    link('/a', 'b');
    await expect(open('/a')).rejects.toThrow('too many symbolic links');
    await expect(open(`/${'../'.repeat(5000)}`)).rejects.toThrow('too long');
    await expect(open('a')).rejects.toThrow('absolute');
  });
});

it('a FIFO, a file, a socket or a device is not opened as a folder', async () => {
  const { folder, path, link, open } = process_();
  folder('run');
  // Opening a FIFO without a writer would block.
  execFileSync('mkfifo', [path('run/fifo')]);
  writeFileSync(path('run/file'), '');
  await listen(path('run/socket'));
  link('fifo', 'run/link');
  for (const name of ['fifo', 'file', 'socket', 'link'])
    await expect(open(`/run/${name}`), name).rejects.toThrow(OtherKindError);
  for (const name of ['fifo', 'file', 'link'])
    await expect(open(`/run/${name}`, 'socket'), name).rejects.toThrow(OtherKindError);
  await expect(open('/run', 'socket')).rejects.toThrow(OtherKindError);
  expect(await open('/run/socket', 'socket')).toBe('/run/socket');
  await expect(open('/run/fifo/x')).rejects.toThrow();
});

it('a file is opened if its user may read it, and a socket if it may connect to it', async () => {
  const { folder, path, open } = process_(NOBODY);
  folder('run');
  writeFileSync(path('run/file'), '');
  await listen(path('run/socket'));
  for (const [kind, mode, opens] of [
    ['file', 0o604, true],
    ['file', 0o640, false],
    ['socket', 0o602, true],
    ['socket', 0o604, false],
    ['socket', 0o660, false],
  ] as const) {
    chmodSync(path(`run/${kind}`), mode);
    const opened = open(`/run/${kind}`, kind);
    if (opens) expect(await opened).toBe(`/run/${kind}`);
    else await expect(opened, `${kind} ${mode}`).rejects.toThrow('may not use it');
  }
  await expect(open('/run/socket', 'file')).rejects.toThrow(OtherKindError);
});

it.each(['fuse.sshfs', 'fuse', 'autofs', 'nfs4', 'cifs', '9p', 'proc', 'devtmpfs', 'something'])(
  'nothing on a file system of type %s is opened',
  async (type) => {
    const { folder, link, mounts, open } = process_();
    folder('mnt/my disk/deep');
    folder('mnt/my');
    link('/mnt/my disk', 'link');
    mounts(LOCAL, `2 1 0:9 / /mnt/my\\040disk rw,x shared:1 - ${type} x rw`);
    for (const path of ['/mnt/my disk', '/mnt/my disk/deep', '/link', '/mnt/../link/deep'])
      await expect(open(path), path).rejects.toThrow('not on a local file system');
    expect(await open('/mnt/my')).toBe('/mnt/my');
    // The last mount at a place hides the earlier ones.
    mounts(LOCAL, '2 1 0:9 / /mnt rw - ext4 x rw', `3 1 0:9 / /mnt rw - ${type} x rw`);
    await expect(open('/mnt/my')).rejects.toThrow('not on a local file system');
    mounts(`1 1 0:9 / / rw - ${type} x rw`);
    await expect(open('/mnt/my')).rejects.toThrow('not on a local file system');
  },
);

it('the root of a chroot is on the mount of its folder, which the process does not see', async () => {
  const { folder, mounts, open } = process_();
  folder('mnt/my');
  mounts('');
  expect(await open('/mnt/my')).toBe('/mnt/my');
  mounts('2 1 0:9 / /mnt rw - fuse x rw');
  await expect(open('/mnt/my')).rejects.toThrow('not on a local file system');
});

it('a file system that was mounted after the list was read is not touched', async () => {
  const { mounts, open, root } = process_();
  root('/');
  // In this list, /proc is on the file system of the root.
  mounts(LOCAL);
  await expect(open('/proc')).rejects.toThrow('not on a local file system');
  await expect(open('/proc/self/fd')).rejects.toThrow('not on a local file system');
});

const notRoot = process.geteuid?.() !== 0 && skipping('files of other users', 'it needs root');

describe.skipIf(notRoot)('root opens only what the user of the process may open:', () => {
  it('a folder of another user', async () => {
    const { folder, path, open } = process_(NOBODY);
    for (const mode of [0o700, 0o750, 0o754, 0o751]) {
      folder('private', mode);
      await expect(open('/private'), mode.toString(8)).rejects.toThrow('may not');
    }
    folder('private', 0o755);
    expect(await open('/private')).toBe('/private');
    chownSync(path('private'), NOBODY, 0);
    folder('private', 0o500);
    expect(await open('/private')).toBe('/private');
    // The owner has the rights of the owner, even if others have more.
    folder('private', 0o077);
    await expect(open('/private')).rejects.toThrow('may not');
  });

  it('a path through a folder of another user', async () => {
    const { folder, open } = process_(NOBODY);
    folder('private/open', 0o755);
    folder('private', 0o700);
    await expect(open('/private/open')).rejects.toThrow('may not');
    folder('private', 0o711);
    expect(await open('/private/open')).toBe('/private/open');
  });

  it('a symbolic link into a folder of another user', async () => {
    const { folder, link, open } = process_(NOBODY);
    folder('private', 0o700);
    folder('own');
    link('/private', 'own/absolute');
    link('../private', 'own/relative');
    for (const path of ['/own/absolute', '/own/relative', '/private/../own'])
      await expect(open(path), path).rejects.toThrow(/may not/);
  });

  it('a folder of one of its groups', async () => {
    const { folder, path, open } = process_(NOBODY, [1234]);
    folder('shared', 0o750);
    await expect(open('/shared')).rejects.toThrow('may not');
    chownSync(path('shared'), 0, 1234);
    expect(await open('/shared')).toBe('/shared');
  });
});

it('no file descriptor is left open after a success or a failure', async () => {
  const { folder, link, open } = process_();
  folder('a/b');
  link('/a', 'link');
  const count = () => readdirSync('/proc/self/fd').length;
  await open('/a/b');
  const before = count();
  for (const path of ['/a/b', '/link/b', '/a/none', '/a/b/../../..']) await open(path).catch(() => null);
  expect(count()).toBe(before);
});
