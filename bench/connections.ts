import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startInPty } from './pty.ts';
import { follow, STRACE } from './strace.ts';

/** Connections of a live view to one address. */
export interface Connections {
  polls: number;
  /** Maximum number open at the same time. */
  most: number;
  /** Number still open at the end. */
  stillOpen: number;
}

const SECONDS = 4;

/** Counts the connections of a live view in fast mode, from the system calls of all its threads. */
export async function traceConnections(address: string, program: readonly string[]): Promise<Connections> {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-connections-'));
  try {
    const calls = ['-e', 'trace=connect,close', '-o', join(folder, 'trace')];
    const options = STRACE.filter((option) => option !== '-D');
    const view = await startInPty(['strace', ...options, ...calls, process.execPath, ...program, address]);
    await view.shows('WORKERS');
    view.press('f');
    await sleep(SECONDS * 1000);
    await view.quit('q');
    return count(
      readdirSync(folder).map((name) => join(folder, name)),
      address,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(traces: readonly string[], address: string): Connections {
  const calls = traces.flatMap((trace) => follow(trace)()).sort((a, b) => a.start - b.start);
  const open = new Set<number>();
  const counted: Connections = { polls: 0, most: 0, stillOpen: 0 };
  for (const { name, args, result } of calls) {
    const fd = Number.parseInt(args, 10);
    if (name === 'close') open.delete(fd);
    else if (result === 0 && args.includes(`"${address}"`)) {
      open.add(fd);
      counted.polls += 1;
      counted.most = Math.max(counted.most, open.size);
    }
  }
  counted.stillOpen = open.size;
  return counted;
}
