import {
  BusyError,
  HostNotFoundError,
  IsDirectoryError,
  NoDescriptorError,
  NotFoundError,
  PermissionError,
  ReadError,
  RefusedError,
  ResetError,
  type TargetError,
  UnreachableError,
} from './errors.ts';

type Failure = new (target: string, code: string) => TargetError;

/** Error class for each code of the operating system. */
const FAILURES: Readonly<Record<string, Failure>> = {
  ENOENT: NotFoundError,
  ENOTDIR: NotFoundError,
  ECONNREFUSED: RefusedError,
  // The queue of a unix socket is full.
  EAGAIN: BusyError,
  EACCES: PermissionError,
  EPERM: PermissionError,
  EISDIR: IsDirectoryError,
  ECONNRESET: ResetError,
  EPIPE: ResetError,
  ENOTFOUND: HostNotFoundError,
  EAI_AGAIN: HostNotFoundError,
  EHOSTUNREACH: UnreachableError,
  ENETUNREACH: UnreachableError,
  EADDRNOTAVAIL: UnreachableError,
  ETIMEDOUT: UnreachableError,
  EMFILE: NoDescriptorError,
  ENFILE: NoDescriptorError,
  // The address needs an interface: fe80::1 instead of fe80::1%eth0.
  EINVAL: UnreachableError,
};

/** Returns the error of a target for a code of the operating system. */
export function systemError(text: string, code: string): TargetError {
  const Known = FAILURES[code];
  return Known ? new Known(text, code) : new ReadError(text, `read failed (${code})`);
}
