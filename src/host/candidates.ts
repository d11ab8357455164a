import { readdirSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { readGuarded } from './guarded.ts';
import { type Identity, identityOf, ownerOf } from './identity.ts';
import { inSlices } from './now.ts';

/**
 * The most processes that are looked at: any user can start processes that look like uWSGI. The rest is ignored.
 */
const MOST = 10_000;

/**
 * Finds the processes of this machine that may be uWSGI, in no order: one read of `stat` for each process, and for most of them one
 * link. For Python interpreters, the list of loaded files is read.
 *
 * A process may be uWSGI if
 * - its command name starts with "uwsgi" or "pyuwsgi": the kernel takes it from the file that was executed. `procname` and
 *   `auto-procname` do not change it, because they write over the command line only;
 * - or the name of its executable file contains "uwsgi";
 * - or it is a Python interpreter that has loaded the module `pyuwsgi`;
 * - or it was forked from such a process (`image`).
 *
 * A renamed binary is not found.
 */
export async function candidates(proc: string): Promise<Identity[]> {
  const all = new Map<number, Identity>();
  const found = new Map<number, Identity>();
  const pythons: Identity[] = [];
  const pids = readdirSync(proc).filter((name) => /^\d+$/.test(name));
  await inSlices(pids, (name) => {
    const identity = identityOf(Number(name), proc);
    if (identity === null) return;
    all.set(identity.pid, identity);
    if (found.size >= MOST) return;
    const kind = kindOf(identity, proc);
    if (kind === 'uwsgi') found.set(identity.pid, identity);
    else if (kind === 'python') pythons.push(identity);
  });
  for (const each of await withPyuwsgi(pythons, all, proc)) found.set(each.pid, each);
  for (const each of all.values()) {
    const parent = found.get(each.parent);
    if (parent && each.image !== null && each.image === parent.image && found.size < MOST)
      found.set(each.pid, each);
  }
  return [...found.values()];
}

/** Programs that read the stats of uWSGI. */
const OTHERS = /uwsgi[-_]?(exporter|top|stats)/i;

function kindOf({ pid, comm, image }: Identity, proc: string): 'uwsgi' | 'python' | null {
  if (/^(py)?uwsgi/i.test(comm)) return OTHERS.test(comm) ? null : 'uwsgi';
  // The link needs the same permission. Threads of the kernel have neither.
  if (image === null) return null;
  try {
    const program = basename(readlinkSync(`${proc}/${pid}/exe`));
    if (/uwsgi/i.test(program)) return OTHERS.test(program) ? null : 'uwsgi';
    return /^(python|pypy)[\d.]*/.test(program) ? 'python' : null;
  } catch {
    // It has ended.
    return null;
  }
}

/** The file of the module, such as `pyuwsgi.cpython-311-x86_64-linux-gnu.so`, in a line of `maps` (proc_pid_maps(5)). */
const MODULE = /\/pyuwsgi[^/\n]*\.so$/m;

/** The interpreters that have loaded `pyuwsgi`, without those that were forked from another one. */
async function withPyuwsgi(
  pythons: readonly Identity[],
  all: ReadonlyMap<number, Identity>,
  proc: string,
): Promise<Identity[]> {
  const first = pythons.filter(({ parent, image }) => all.get(parent)?.image !== image);
  const files = first.flatMap(({ pid }) => {
    const owner = ownerOf(`${proc}/${pid}`);
    return owner === null ? [] : [{ pid, path: `${proc}/${pid}/maps`, uid: owner.uid }];
  });
  const texts = await readGuarded(files);
  const pids = new Set(files.flatMap(({ pid, path }) => (MODULE.test(texts.get(path) ?? '') ? [pid] : [])));
  return first.filter(({ pid }) => pids.has(pid));
}
