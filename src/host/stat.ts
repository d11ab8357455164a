import { readNow } from './now.ts';

/** What `/proc/PID/stat` says of a process (proc_pid_stat(5)). Its RSS is not exact, so it is not here. */
export interface ProcessStat {
  parent: number;
  state: string;
  /** Seconds, user and system. */
  cpuTime: number;
  threads: number;
  /** Seconds after the boot. */
  startedAfterBoot: number;
}

/** USER_HZ: 100 on every architecture but Alpha and IA-64, for which there is no Node.js. */
const TICKS_PER_SECOND = 100;

/** @returns `null` when there is no such process */
export function statOf(folder: string): ProcessStat | null {
  const text = readNow(`${folder}/stat`);
  if (text === null) return null;
  // The command stands in brackets, and may hold brackets and blanks: what follows is fields 3 and on.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ', 20);
  const number = (field: number) => Number(fields[field - 3] || Number.NaN);
  const stat = {
    parent: number(4),
    state: fields[0] ?? '',
    cpuTime: (number(14) + number(15)) / TICKS_PER_SECOND,
    threads: number(20),
    startedAfterBoot: number(22) / TICKS_PER_SECOND,
  };
  return Object.values(stat).some(Number.isNaN) ? null : stat;
}
