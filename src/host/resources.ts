import { readFile } from 'node:fs/promises';
import { readNow } from './now.ts';
import type { HostResources } from './reading.ts';

/** The properties of this machine that do not change. */
export interface HostProperties {
  /** Unix seconds, truncated: up to one second too early. `ps` uses the same value. */
  bootTime: number;
  processors: number;
}

/**
 * Reads `/proc/stat`, which can be long on a machine with many interrupts.
 *
 * @throws Error if the boot time or the processors are missing
 */
export async function readHostProperties(proc: string): Promise<HostProperties> {
  const text = await readFile(`${proc}/stat`, 'latin1');
  const bootTime = Number(/^btime (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
  const processors = text.match(/^cpu\d+ /gm)?.length ?? 0;
  if (Number.isNaN(bootTime) || processors === 0)
    throw new Error(`no boot time or processor in ${proc}/stat`);
  return { bootTime, processors };
}

/**
 * Reads `/proc/meminfo` and `/proc/loadavg`.
 *
 * @throws Error if the total memory is unknown
 */
export function readHostResources(proc: string, { processors }: HostProperties): HostResources {
  const text = readNow(`${proc}/meminfo`) ?? '';
  const bytes = (name: string) => {
    const digits = new RegExp(`^${name}: *(\\d+) kB$`, 'm').exec(text)?.[1];
    return digits === undefined ? null : Number(digits) * 1024;
  };
  const memory = bytes('MemTotal');
  if (memory === null) throw new Error(`no memory in ${proc}/meminfo`);
  const load = Number.parseFloat(readNow(`${proc}/loadavg`) ?? '');
  return { processors, memory, available: bytes('MemAvailable'), load: Number.isNaN(load) ? null : load };
}

/**
 * `ListenOverflows` of the network namespace of a process, from `net/netstat`: a line of names, then a line of values.
 *
 * @param folder `/proc/PID`
 * @returns `null` if it cannot be read
 */
export function listenOverflows(folder: string): number | null {
  const [names = '', values = ''] =
    readNow(`${folder}/net/netstat`)
      ?.split('\n')
      .filter((line) => line.startsWith('TcpExt:')) ?? [];
  const digits = values.split(' ')[names.split(' ').indexOf('ListenOverflows')];
  return digits !== undefined && /^\d{1,15}$/.test(digits) ? Number(digits) : null;
}
