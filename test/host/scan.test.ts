import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { statusOf } from '../../src/commands/exit-status.ts';
import { createDiscovery, discover, masterOf } from '../../src/host/discover.ts';
import { ProcError } from '../../src/host/search-error.ts';

it('without a usable /proc, a search fails with the reason and advice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-proc-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const advice = 'Give the address of the stats socket';
  for (const search of [discover, createDiscovery(folder), (proc: string) => masterOf(1, proc)]) {
    const error = await search(folder).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ProcError);
    expect((error as Error).message).toContain(`cannot be read: ${folder} is not mounted. ${advice}`);
    expect(statusOf(error)).toBe(1);
  }
  writeFileSync(join(folder, 'stat'), 'cpu 1 2 3\n');
  mkdirSync(join(folder, 'self'));
  await expect(discover(folder)).rejects.toThrow(`no boot time or processor in ${folder}/stat. ${advice}`);
});
