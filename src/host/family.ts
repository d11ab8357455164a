import { ownName } from './arguments.ts';
import { byAge, type Identity } from './identity.ts';

/** A process that may be uWSGI. */
export interface Member extends Identity {
  /** The user that it acts as. */
  uid: number;
  /** Its pid in each PID namespace, from ours to its own. */
  pids: readonly number[];
  /** The arguments of its command line, with the program. Empty if it cannot be read. */
  words: readonly string[];
}

/** An instance of uWSGI: the process that was executed, and those that were forked from it. */
export interface Family {
  root: Member;
  /** Workers, mules, spoolers, routers, and the emperor of a master. */
  forks: readonly Member[];
  /** The process that executed the root, if it is uWSGI: an emperor, or a master with a daemon. */
  above: Member | null;
}

/**
 * Divides processes into instances. A worker has inherited the files of its master, so it is the fork, not its files,
 * that distinguishes the two.
 */
export function families(members: readonly Member[]): Family[] {
  const byPid = new Map(members.map((each) => [each.pid, each]));
  const forks = new Map<number, Member[]>();
  const roots: Member[] = [];
  for (const each of members) {
    const root = rootOf(each, byPid);
    if (root === each) roots.push(each);
    else forks.set(root.pid, [...(forks.get(root.pid) ?? []), each]);
  }
  return roots.map((root) => ({
    root,
    forks: forks.get(root.pid) ?? [],
    above: byPid.get(root.parent) ?? null,
  }));
}

function rootOf(member: Member, byPid: ReadonlyMap<number, Member>): Member {
  let root = member;
  for (;;) {
    const parent = byPid.get(root.parent);
    // A younger process has the pid of a parent that has ended between the reads.
    if (!parent || byAge(parent, root) >= 0 || !isFork(root, parent)) return root;
    root = parent;
  }
}

/**
 * Whether a process was forked from its parent and has executed no other program. Without permission, the names decide.
 * A fork has the command line of its parent, or one name that was set. That of a vassal with a set name says so, or the
 * name of the executed file differs.
 */
function isFork(child: Member, parent: Member): boolean {
  if (child.image !== null && parent.image !== null) return child.image === parent.image;
  if (child.words.join('\0') === parent.words.join('\0')) return true;
  const role = ownName(child.words)?.role;
  return child.words.length === 1 && child.comm === parent.comm && role !== 'master' && role !== 'Emperor';
}
