import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pushedDocuments } from '../../src/sources/pushed.ts';
import { statstop } from '../commands/run.ts';
import { skipWithout } from '../lab/available.ts';
import { serverOf } from '../lab/server.ts';

/** Waits until the server has written `count` documents. */
async function fileWith(count: number, path: string): Promise<Buffer> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const bytes = readFileSync(path, { flag: 'a+' });
    if ([...pushedDocuments(bytes)].length >= count) return bytes;
    if (performance.now() > deadline) throw new Error(`not ${count} documents in ${path}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe.skipIf(skipWithout())('the output of stats-push of a real server', { timeout: 60_000 }, () => {
  test.each([
    ['a file with the default separator', 'file:path=pushed,freq=1'],
    ['a file with another separator', 'file:path=pushed,freq=1,separator=---'],
  ])('%s is read as its last document', async (_how, option) => {
    const { folder, pid } = await serverOf({
      args: ['--plugin', 'stats_pusher_file', '--stats-push', option],
    });
    const path = join(folder, 'pushed');
    await fileWith(2, path);
    const { status, stdout, stderr } = await statstop(['--json', path]);
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout.toString())).toMatchObject({ kind: 'app', server: { pid: pid() } });
    const piped = await statstop(['--json', '-'], { stdin: String(readFileSync(path)) });
    expect(JSON.parse(piped.stdout.toString())).toMatchObject({ server: { pid: pid() } });
  });
});
