/** A mounted file system, as a process sees it. */
export interface Mount {
  /** Mount ID, which is the same for all processes of the machine. */
  id: number;
  point: string;
  type: string;
}

/**
 * File systems whose data are on this machine. The user who mounted one of these types cannot make a system call hang.
 */
const LOCAL: ReadonlySet<string> = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'f2fs', 'bcachefs', 'jfs', 'reiserfs', 'nilfs2'],
  ...['tmpfs', 'ramfs', 'rootfs', 'overlay', 'aufs', 'squashfs', 'erofs', 'vfat', 'exfat', 'ntfs3'],
]);

/**
 * Parses `/proc/PID/mountinfo` (proc_pid_mountinfo(5)). The mount point is field 5; the type follows the separator `-`.
 */
export function mountsIn(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ');
    const [id, , , , point] = fields;
    const type = fields[fields.indexOf('-', 6) + 1];
    if (point === undefined || type === undefined || !fields.includes('-', 6)) return [];
    return [{ id: Number(id), point: plain(point), type }];
  });
}

/** Decodes a path: the kernel writes space, tab, newline and backslash as octal escapes. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Whether the data of a mount are on this machine; false for an unknown mount. */
export function isLocalMount(mount: Mount | undefined): boolean {
  return mount !== undefined && LOCAL.has(mount.type);
}

/**
 * The mount that contains a file.
 *
 * @param path absolute, without symbolic links
 */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    const isAbove = mount.point === '/' || path === mount.point || path.startsWith(`${mount.point}/`);
    // Of two mounts at the same point, the later one hides the earlier one.
    if (isAbove && mount.point.length >= (found?.point.length ?? 0)) found = mount;
  }
  return found;
}

/**
 * The mount that contains an open file.
 *
 * @param fdinfo contents of the descriptor's file in `/proc/self/fdinfo` (proc_pid_fdinfo(5))
 */
export function mountById(mounts: readonly Mount[], fdinfo: string): Mount | undefined {
  const id = Number(/^mnt_id:\s*(\d+)$/m.exec(fdinfo)?.[1] ?? Number.NaN);
  return mounts.find((mount) => mount.id === id);
}
