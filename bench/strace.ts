import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/**
 * With the seccomp filter, only the system calls that open and close a connection stop the process. Without it, strace
 * stops the process at every system call. A document takes many calls, and the stops would dominate the measured time.
 * The filter must be installed when the process starts, so strace starts the server. `-D` keeps the server a child of
 * this process.
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

/** The reason why no program can be traced here; `null` if tracing works. */
export function whyNoTrace(): string | null {
  const probe = spawnSync('strace', [...STRACE.slice(1), '-o', '/dev/null', 'true'], { encoding: 'utf8' });
  if (probe.error) return '`strace` is not installed.';
  if (probe.status !== 0)
    return `strace has no permission to trace: ${probe.stderr.trim().split('\n').at(-1)}`;
  return null;
}

/** One system call of a trace. */
export interface Call {
  name: string;
  args: string;
  result: number;
  /** Start time, in Unix seconds. */
  start: number;
  end: number;
}

/** A line of a trace with strace's options `-ttt -T`. */
const CALL = /^([\d.]+) (\w+)\((.*)\) += (-?\d+).* <([\d.]+)>$/;

/** Returns a function that reads the calls added to a trace since its last call. */
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
