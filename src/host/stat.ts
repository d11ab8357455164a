import { readNow } from './now.ts';

/** The fields of `/proc/PID/stat` (proc_pid_stat(5)). Its RSS is left out because it is inexact. */
export interface ProcessStat {
  parent: number;
  state: string;
  /** User and system time, in seconds. */
  cpuTime: number;
  threads: number;
  /** Start time, in seconds after boot. */
  startedAfterBoot: number;
}

/** USER_HZ: 100 on every architecture except Alpha and IA-64, which Node.js does not support. */
export const TICKS_PER_SECOND = 100;

/** @returns `null` if the process does not exist */
export function statOf(folder: string): ProcessStat | null {
  const text = readNow(`${folder}/stat`);
  if (text === null) return null;
  // The command is in parentheses, and may contain parentheses and spaces. Field 3 follows the last `)`.
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
