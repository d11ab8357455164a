/** Errors of the operating system (errno(3)) about files and addresses, in plain words. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'it is not a folder, or not in one',
  EISDIR: 'it is a folder',
  EEXIST: 'it exists already',
  EADDRINUSE: 'the address is in use',
  EADDRNOTAVAIL: 'this machine does not have the address',
  ELOOP: 'a symbolic link is not followed there',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file reached the size limit of this process',
  ENXIO: 'it is a socket, not a file',
  EROFS: 'the file system is read-only',
  EMFILE: 'this process has too many open files',
  ENFILE: 'this machine has too many open files',
};

/** The message of an error, or the text of another value that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Why something failed: plain words for an error of the operating system, and the message of any other error. */
export function reasonOf(error: unknown): string {
  const { code = '' } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return REASONS[code] ?? messageOf(error);
}
