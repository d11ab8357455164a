import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Memory } from '../../src/host/memory.ts';
import { TIMEOUT_MS } from '../timeouts.ts';
import { fakeHost, WORKERS } from './fake-host.ts';

const [PID, OTHER] = WORKERS;

const fileOf = (proc: string, pid: number) => join(proc, String(pid), 'smaps_rollup');

const rollup = (kilobytes: number) => `00400000-7ffc7c7df000 ---p 00000000 00:00 0 [rollup]
Rss:                9000 kB
Pss:                ${kilobytes * 2} kB
Pss_Anon:              1 kB
Private_Clean:         ${kilobytes - 1} kB
Private_Dirty:         1 kB
`;

const read = (kilobytes: number) => ({ pss: kilobytes * 2048, uss: kilobytes * 1024 });

/** Workers with this many KiB of private memory. */
async function memoryOf(kilobytes: number, limitMs = TIMEOUT_MS) {
  const { proc } = await fakeHost();
  const has = (pid: number, kilobytes: number) => writeFileSync(fileOf(proc, pid), rollup(kilobytes));
  for (const pid of WORKERS) has(pid, kilobytes);
  return { proc, has, memory: new Memory(proc, limitMs) };
}

describe('the memory of the process in the detail view', () => {
  it('is read at once, and again after five seconds', async () => {
    const { memory, has } = await memoryOf(500);
    const process = { pid: PID, started: 1 };
    expect(await memory.read(process, 10)).toEqual(read(500));
    has(PID, 600);
    expect(await memory.read(process, 14.9)).toEqual(read(500));
    expect(await memory.read(process, 15)).toEqual(read(600));
  });

  it('is not read more often when another process was read in between', async () => {
    const { memory, has } = await memoryOf(500);
    await memory.read({ pid: PID, started: 1 }, 10);
    has(PID, 600);
    expect(await memory.read({ pid: OTHER, started: 1 }, 12)).toEqual(read(500));
    expect(await memory.read({ pid: PID, started: 1 }, 13)).toEqual(read(500));
  });

  it('is not taken from another process with the same pid', async () => {
    const { memory, has, proc } = await memoryOf(500);
    await memory.read({ pid: PID, started: 1 }, 10);
    has(PID, 600);
    expect(await memory.read({ pid: PID, started: 2 }, 11)).toEqual(read(600));
    rmSync(fileOf(proc, PID));
    expect(await memory.read({ pid: PID, started: 3 }, 12)).toBeNull();
  });

  it('is unknown without permission, and not tried more often', async () => {
    const { memory, has, proc } = await memoryOf(500);
    rmSync(fileOf(proc, PID));
    expect(await memory.read({ pid: PID, started: 1 }, 10)).toBeNull();
    has(PID, 600);
    expect(await memory.read({ pid: PID, started: 1 }, 12)).toBeNull();
    expect(await memory.read({ pid: PID, started: 1 }, 15)).toEqual(read(600));
  });

  it('is not waited for if the read is slow, and only one read runs at a time', async () => {
    const { memory, proc } = await memoryOf(500, 50);
    // A read of a pipe blocks until there is a writer.
    rmSync(fileOf(proc, PID));
    execFileSync('mkfifo', [fileOf(proc, PID)]);
    expect(await memory.read({ pid: PID, started: 1 }, 10)).toBeNull();
    expect(await memory.read({ pid: OTHER, started: 1 }, 20)).toBeNull();
    writeFileSync(fileOf(proc, PID), rollup(700));
    await expect.poll(() => memory.read({ pid: PID, started: 1 }, 10)).toEqual(read(700));
    await expect.poll(() => memory.read({ pid: OTHER, started: 1 }, 20)).toEqual(read(500));
  });
});
