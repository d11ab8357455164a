import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/**
 * Only the calls that open and close a connection stop the process: without the filter of seccomp, strace stops
 * it at each of the many calls that a document takes to be made, and these are most of what is then measured. The
 * filter has to be there when the process starts, so strace starts the server; `-D` leaves it a child of this process.
 */
export const STRACE = [
  '-D',
  '-f',
  '-ff',
  '--seccomp-bpf',
  '-qqq',
  '-ttt',
  '-T',
  '-e',
  'signal=none',
] as const;

/** Why no program can be traced here; `null` when it can. */
export function whyNoTrace(): string | null {
  const probe = spawnSync('strace', [...STRACE.slice(1), '-o', '/dev/null', 'true'], { encoding: 'utf8' });
  if (probe.error) return '`strace` is not on this machine.';
  if (probe.status !== 0) return `strace may not trace here: ${probe.stderr.trim().split('\n').at(-1)}`;
  return null;
}

/** One system call of a trace. */
export interface Call {
  name: string;
  args: string;
  result: number;
  /** When it began, in unix seconds. */
  start: number;
  end: number;
}

/** What strace's `-ttt -T` writes of a call. */
const CALL = /^([\d.]+) (\w+)\((.*)\) += (-?\d+).* <([\d.]+)>$/;

/** The calls that a trace got since the last time. */
export function follow(file: string): () => Call[] {
  let position = 0;
  let rest = '';
  return () => {
    if (!existsSync(file)) return [];
    const chunk = Buffer.alloc(1 << 16);
    const fd = openSync(file, 'r');
    for (let read = -1; read !== 0; position += read) {
      read = readSync(fd, chunk, 0, chunk.length, position);
      rest += chunk.toString('latin1', 0, read);
    }
    closeSync(fd);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    return lines.flatMap((line) => {
      const [, start = '', name = '', args = '', result = '', took = ''] = CALL.exec(line) ?? [];
      if (name === '') return [];
      return [
        { name, args, result: Number(result), start: Number(start), end: Number(start) + Number(took) },
      ];
    });
  };
}
