import { readNow } from './now.ts';
import { TICKS_PER_SECOND } from './stat.ts';

/** What `/proc/PID/stat` says about a process: enough to tell whether it may be a uWSGI, and from whom it was forked. */
export interface Identity {
  pid: number;
  parent: number;
  /** The command name, truncated to 15 bytes. Any user can choose it. */
  comm: string;
  /** Start time, in seconds after boot. */
  startedAfterBoot: number;
  /**
   * Where the kernel placed code and stack of the program. The address of the stack is random in each `exec`, and a fork
   * keeps it. So a process with the image of its parent was forked from it and runs the same program, whatever its name
   * is. `null` without permission (ptrace(2)).
   */
  image: string | null;
}

/** @returns `null` if the process does not exist */
export function identityOf(pid: number, proc: string): Identity | null {
  const text = readNow(`${proc}/${pid}/stat`);
  return text === null ? null : parseIdentity(text);
}

/** Parses `/proc/PID/stat` (proc_pid_stat(5)). The numbers of fields below are those of the manual page. */
export function parseIdentity(text: string): Identity | null {
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ', 26);
  const field = (number: number) => fields[number - 3] ?? '';
  const [pid, parent, started] = [text.slice(0, text.indexOf(' ')), field(4), field(22)].map(integer);
  if (pid === undefined || parent === undefined || started === undefined) return null;
  if (Number.isNaN(pid + parent + started)) return null;
  const stack = field(28);
  return {
    pid,
    parent,
    comm: text.slice(text.indexOf('(') + 1, end),
    startedAfterBoot: started / TICKS_PER_SECOND,
    image: /^[1-9]\d*$/.test(stack) ? [field(26), field(27), stack].join(' ') : null,
  };
}

function integer(digits: string): number {
  return /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
}

/** Orders processes by their start. The kernel usually counts pids up. */
export function byAge(a: Identity, b: Identity): number {
  return a.startedAfterBoot - b.startedAfterBoot || a.pid - b.pid;
}

/** The user that a process acts as, and its pid in each PID namespace, from ours to its own. */
export interface Owner {
  uid: number;
  pids: readonly number[];
}

/**
 * Reads only what distinguishes a process from others of `/proc/PID/status`, without the thread pool: there may be many.
 *
 * @returns `null` if the process does not exist
 */
export function ownerOf(folder: string): Owner | null {
  const text = readNow(`${folder}/status`) ?? '';
  // The columns of Uid: real, effective, saved, file system.
  const uid = /^Uid:\t\d+\t\d+\t\d+\t(\d+)$/m.exec(text)?.[1];
  const pids = /^NSpid:([\t\d]+)$/m.exec(text)?.[1]?.match(/\d+/g) ?? [];
  return uid === undefined ? null : { uid: Number(uid), pids: pids.map(Number) };
}
