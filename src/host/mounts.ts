/** A mounted file system, as a process sees it. */
export interface Mount {
  point: string;
  type: string;
}

/** File systems whose data are on this machine: reading them ends, even if the one who mounted them does not want it to. */
const LOCAL: ReadonlySet<string> = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'f2fs', 'bcachefs', 'jfs', 'reiserfs', 'nilfs2'],
  ...['tmpfs', 'ramfs', 'rootfs', 'overlay', 'aufs', 'squashfs', 'erofs', 'vfat', 'exfat', 'ntfs3'],
]);

/** From `/proc/PID/mountinfo` (proc_pid_mountinfo(5)): the mount point is field 5, the type comes after a dash. */
export function mountsIn(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [, point, type] = /^(?:\S+ ){4}(\S+) .*? - (\S+) /.exec(line) ?? [];
    return point === undefined || type === undefined ? [] : [{ point: plain(point), type }];
  });
}

/** A space, tab, newline or backslash is written as its octal number. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Whether a file is on a local file system. @param path absolute, without symbolic links */
export function isLocal(mounts: readonly Mount[], path: string): boolean {
  let found: Mount | null = null;
  for (const mount of mounts) {
    const isAbove = mount.point === '/' || path === mount.point || path.startsWith(`${mount.point}/`);
    // Of two mounts at one point the later one is on top.
    if (isAbove && mount.point.length >= (found?.point.length ?? 0)) found = mount;
  }
  return found !== null && LOCAL.has(found.type);
}
