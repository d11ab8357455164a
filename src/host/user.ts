import { readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { readNow } from './now.ts';

/** The user of this process and what the kernel lets it see of other processes. `null` is unknown. */
export interface User {
  name: string | null;
  uid: number | null;
  /** Only if it differs from `uid`. */
  effectiveUid: number | null;
  gid: number | null;
  /** Other groups. */
  groups: readonly number[];
  /** CAP_SYS_PTRACE (capabilities(7)): the process may inspect the processes of every user. */
  mayTrace: boolean | null;
  /** `kernel.yama.ptrace_scope`, 0 to 3. `null` without Yama. */
  ptraceScope: number | null;
  /** Value of the mount option of `/proc`, such as `2` or `invisible` (proc(5)). `null` if it is not set. */
  hidepid: string | null;
  /** What can be read of process 1, which usually belongs to root. */
  firstProcess: { status: boolean; files: boolean };
}

/** Number of the capability CAP_SYS_PTRACE. */
const SYS_PTRACE = 19n;

const PROC_MOUNT = /^\d+ \d+ \S+ \S+ \/proc .* - proc \S+ (\S+)$/gm;

export function readUser(proc = '/proc'): User {
  const uid = process.getuid?.() ?? null;
  const gid = process.getgid?.() ?? null;
  const effective = process.geteuid?.() ?? null;
  const capabilities = /^CapEff:\s*([\da-f]+)$/m.exec(readNow(`${proc}/self/status`) ?? '')?.[1];
  const scope = readNow(`${proc}/sys/kernel/yama/ptrace_scope`)?.trim() ?? '';
  const mounts = [...(readNow(`${proc}/self/mountinfo`) ?? '').matchAll(PROC_MOUNT)];
  return {
    name: nameOfUser(),
    uid,
    effectiveUid: effective === uid ? null : effective,
    gid,
    groups: (process.getgroups?.() ?? []).filter((each) => each !== gid),
    mayTrace: capabilities === undefined ? null : ((BigInt(`0x${capabilities}`) >> SYS_PTRACE) & 1n) === 1n,
    ptraceScope: /^\d$/.test(scope) ? Number(scope) : null,
    hidepid: /\bhidepid=(\w+)/.exec(mounts.at(-1)?.[1] ?? '')?.[1] ?? null,
    firstProcess: { status: readNow(`${proc}/1/status`) !== null, files: isListable(`${proc}/1/fd`) },
  };
}

/** @returns `null` for a user without an entry, as in some containers */
function nameOfUser(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

function isListable(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
}
