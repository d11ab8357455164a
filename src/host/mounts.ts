/** A mounted file system, as a process sees it. */
export interface Mount {
  /** The same number for all processes of the machine. */
  id: number;
  point: string;
  type: string;
}

/** File systems whose data are on this machine: the user who mounted one cannot keep a call from returning. */
const LOCAL: ReadonlySet<string> = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'f2fs', 'bcachefs', 'jfs', 'reiserfs', 'nilfs2'],
  ...['tmpfs', 'ramfs', 'rootfs', 'overlay', 'aufs', 'squashfs', 'erofs', 'vfat', 'exfat', 'ntfs3'],
]);

/** From `/proc/PID/mountinfo` (proc_pid_mountinfo(5)): the mount point is field 5, the type comes after a dash. */
export function mountsIn(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ');
    const [id, , , , point] = fields;
    const type = fields[fields.indexOf('-', 6) + 1];
    if (point === undefined || type === undefined || !fields.includes('-', 6)) return [];
    return [{ id: Number(id), point: plain(point), type }];
  });
}

/** A space, tab, newline or backslash is written as its octal number. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Whether data of a mount are on this machine; of an unknown one they are not. */
export function isLocal(mount: Mount | undefined): boolean {
  return mount !== undefined && LOCAL.has(mount.type);
}

/** The mount that has a file. @param path absolute, without symbolic links */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    const isAbove = mount.point === '/' || path === mount.point || path.startsWith(`${mount.point}/`);
    // Of two mounts at one point the later one is on top.
    if (isAbove && mount.point.length >= (found?.point.length ?? 0)) found = mount;
  }
  return found;
}

/** The mount that has an open file. @param fdinfo its file in `/proc/self/fdinfo` (proc_pid_fdinfo(5)) */
export function mountById(mounts: readonly Mount[], fdinfo: string): Mount | undefined {
  const id = Number(/^mnt_id:\s*(\d+)$/m.exec(fdinfo)?.[1] ?? Number.NaN);
  return mounts.find((mount) => mount.id === id);
}
