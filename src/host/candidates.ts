import { readdirSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { type Identity, identityOf } from './identity.ts';
import { inSlices } from './now.ts';

/**
 * The most processes that are looked at: any user can start processes that look like uWSGI. The rest is ignored.
 */
const MOST = 10_000;

/**
 * Finds the processes of this machine that may be uWSGI, in no order: one read of `stat` for each process, and for most of them one
 * link. Nothing of the memory of a process is read.
 *
 * A process may be uWSGI if
 * - its command name starts with "uwsgi" or "pyuwsgi": the kernel takes it from the file that was executed. `procname` and
 *   `auto-procname` do not change it, because they write over the command line only;
 * - or the name of its executable file contains "uwsgi";
 * - or it was forked from such a process (`image`);
 * - or it is a Python interpreter that has started `pyuwsgi`, whose script has that name.
 *
 * A renamed binary, and `import pyuwsgi` in a script of another name, are not found.
 */
export async function candidates(proc: string): Promise<Identity[]> {
  const all = new Map<number, Identity>();
  const found = new Map<number, Identity>();
  const pids = readdirSync(proc).filter((name) => /^\d+$/.test(name));
  await inSlices(pids, (name) => {
    const identity = identityOf(Number(name), proc);
    if (identity === null) return;
    all.set(identity.pid, identity);
    if (found.size < MOST && mayBeUwsgi(identity, proc)) found.set(identity.pid, identity);
  });
  for (const each of all.values()) {
    const parent = found.get(each.parent);
    if (parent && each.image !== null && each.image === parent.image && found.size < MOST)
      found.set(each.pid, each);
  }
  return [...found.values()];
}

/** The parent of all threads of the kernel. */
const KTHREADD = 2;

/** Programs that read the stats of uWSGI. */
const OTHERS = /uwsgi[-_]?(exporter|top|stats)/i;

function mayBeUwsgi({ pid, parent, comm }: Identity, proc: string): boolean {
  if (/^(py)?uwsgi/i.test(comm)) return !OTHERS.test(comm);
  if (parent === KTHREADD || pid === KTHREADD) return false;
  try {
    const program = basename(readlinkSync(`${proc}/${pid}/exe`));
    return /uwsgi/i.test(program) && !OTHERS.test(program);
  } catch {
    // No permission, or it has ended.
    return false;
  }
}
