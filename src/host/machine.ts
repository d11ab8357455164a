import { readFile } from 'node:fs/promises';
import { readNow } from './now.ts';
import type { MachineReading } from './reading.ts';

/** What does not change. */
export interface Machine {
  /** Unix seconds, cut off: up to one too early. As `ps` takes it. */
  bootTime: number;
  processors: number;
}

/** From `/proc/stat`, which can be long where there are many interrupts. @throws Error when it does not say */
export async function machineOf(proc: string): Promise<Machine> {
  const text = await readFile(`${proc}/stat`, 'latin1');
  const bootTime = Number(/^btime (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
  const processors = text.match(/^cpu\d+ /gm)?.length ?? 0;
  if (Number.isNaN(bootTime) || processors === 0)
    throw new Error(`no boot time or processor in ${proc}/stat`);
  return { bootTime, processors };
}

/** From `/proc/meminfo` and `/proc/loadavg`. @throws Error when the memory is unknown */
export function readMachine(proc: string, { processors }: Machine): MachineReading {
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
 * `ListenOverflows` of the network namespace of a process, from `net/netstat`: a line of names, then one of values.
 *
 * @param folder `/proc/PID`
 * @returns `null` when it cannot be read
 */
export function listenOverflows(folder: string): number | null {
  const [names = '', values = ''] =
    readNow(`${folder}/net/netstat`)
      ?.split('\n')
      .filter((line) => line.startsWith('TcpExt:')) ?? [];
  const digits = values.split(' ')[names.split(' ').indexOf('ListenOverflows')];
  return digits !== undefined && /^\d{1,15}$/.test(digits) ? Number(digits) : null;
}
