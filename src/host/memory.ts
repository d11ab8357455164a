import { readFile } from 'node:fs/promises';

/** Bytes of memory of which a process has a share, and which it has alone. */
export interface SharedMemory {
  /** Each page divided by the number of processes that have it: of all processes together it is what they use. */
  pss: number;
  /** What would be free if this one ended. */
  uss: number;
}

/**
 * From `/proc/PID/smaps_rollup` (proc_pid_smaps(5), Linux 4.14). The kernel walks through all pages of the process and
 * holds its map of memory meanwhile: some ms for each GiB, so ask for one process, and on demand.
 *
 * @returns `null` without permission (ptrace(2)), or when there is no such process
 */
export async function memoryOf(pid: number, proc = '/proc'): Promise<SharedMemory | null> {
  const text = await readFile(`${proc}/${pid}/smaps_rollup`, 'latin1').catch(() => '');
  const bytes = (name: string) => {
    const digits = new RegExp(`^${name}: *(\\d+) kB$`, 'm').exec(text)?.[1];
    return digits === undefined ? null : Number(digits) * 1024;
  };
  const [pss, clean, dirty] = ['Pss', 'Private_Clean', 'Private_Dirty'].map(bytes);
  if (pss == null || clean == null || dirty == null) return null;
  return { pss, uss: clean + dirty };
}
