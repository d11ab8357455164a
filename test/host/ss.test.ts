import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { Ss } from '../../src/host/ss.ts';

it('shares a run that takes longer than its result is valid', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-ss-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const command = join(folder, 'ss');
  const line = 'u_str LISTEN 3 100 /run/app.sock 4242 * 0 <->';
  writeFileSync(command, `#!/bin/sh\necho '${line}'\nsleep 0.4\n`);
  chmodSync(command, 0o755);
  const ss = new Ss(command, 0.1);
  onTestFinished(() => ss.close());
  const first = ss.listeners(true);
  await sleep(200);
  const second = ss.listeners(true);
  expect(await first).toMatchObject([{ inode: '4242', queue: 3 }]);
  expect(await second).toEqual(await first);
});
