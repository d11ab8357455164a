import type { AppSnapshot } from '../stats/snapshot.ts';
import type { Target } from '../targets/target.ts';
import { type Proof, proved, UnprovedError } from './proof.ts';
import { readHostProperties } from './resources.ts';
import { Ss } from './ss.ts';

/** Whether the server of a document is proved to run on this machine, or why not. */
export type Locality = { proof: Proof; why: null } | { proof: null; why: string };

/** The parts of this machine that `explain` reads. A test replaces them. */
interface Machine {
  proc?: string;
  /** The `ss` command. */
  ss?: string;
}

/** Repeats the proof of `host/host`, for its reason. Never rejects. */
export async function explain(
  target: Target,
  snapshot: AppSnapshot,
  { proc = '/proc', ss }: Machine = {},
): Promise<Locality> {
  const { pid } = snapshot.server;
  if (process.platform !== 'linux') return no('statstop reads kernel values only on Linux');
  if (pid === null) return no('the document has no pid');
  try {
    const { bootTime } = await readHostProperties(proc);
    return { proof: await proved({ target, snapshot, pid, bootTime, proc, ss: new Ss(ss) }), why: null };
  } catch (error) {
    if (error instanceof UnprovedError) return no(error.message);
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ESRCH';
    return no(isMissing ? `there is no process ${pid} here, or hidepid hides it` : message);
  }
}

function no(why: string): Locality {
  return { proof: null, why };
}
