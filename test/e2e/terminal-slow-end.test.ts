import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { settle, unread } from '../terminal/changing.ts';
import { type Pty, skipWithoutPty } from '../terminal/pty.ts';

const folder = mkdtempSync(join(tmpdir(), 'statstop-slow-end-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** `T`: stopped. */
const stateOf = ({ pid }: Pty) => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

/** How a view ends whose terminal takes nothing, or not enough. */
describe.skipIf(skipWithoutPty())('a terminal that nobody reads', () => {
  it.each([
    ['SIGTERM', -15],
    ['SIGHUP', -1],
  ] as const)('does not outlive a %s', async (signal, status) => {
    const { server, pty } = await unread();
    await settle(server);
    process.kill(pty.pid, signal);
    await pty.until(() => pty.status !== null, `the end by ${signal}`);
    expect(pty.status).toBe(status);
  });

  it('does not outlive an error of its own', async () => {
    const bomb = join(folder, 'unread-bomb.mjs');
    writeFileSync(bomb, "process.once('SIGUSR2', () => { throw new Error('boom'); });");
    const { server, pty } = await unread({ NODE_OPTIONS: `--import ${bomb}` });
    await settle(server);
    process.kill(pty.pid, 'SIGUSR2');
    await pty.until(() => pty.status !== null, 'the end');
    expect(pty.status).toBe(1);
  });

  it('is left with q, too', async () => {
    const { server, pty } = await unread();
    await settle(server);
    pty.tell({ keys: 'q' });
    await pty.until(() => pty.status !== null, 'the end');
    expect(pty.status).toBe(0);
  });

  it.each([
    ['a signal', 'SIGTERM', -15],
    ['an error of its own', 'SIGUSR2', 1],
  ] as const)('is given back after %s, when it is read again in time', async (_what, signal, status) => {
    const bomb = join(folder, 'bomb.mjs');
    writeFileSync(bomb, "process.once('SIGUSR2', () => { throw new Error('boom'); });");
    const { server, pty } = await unread({ NODE_OPTIONS: `--import ${bomb}` });
    await settle(server);
    process.kill(pty.pid, signal);
    await sleep(200);
    pty.tell({ reading: true });
    await pty.until(() => pty.status !== null, 'the end');
    expect(pty.status).toBe(status);
    await sleep(300);
    await pty.screen.settled();
    expect(pty.screen.state()).toMatchObject({ alternateScreen: false, mouse: 'none', cursorHidden: false });
  });

  it('does not stop a view that was suspended and has been told to go on since', async () => {
    const { server, pty } = await unread();
    await settle(server);
    process.kill(pty.pid, 'SIGTSTP');
    await sleep(200);
    process.kill(pty.pid, 'SIGCONT');
    // As long as it may wait for the terminal before it stops.
    await sleep(2000);
    expect(stateOf(pty)).not.toBe('T');
    pty.tell({ reading: true });
    await settle(server);
    pty.tell({ keys: 'q' });
    await pty.until(() => pty.status !== null, 'the end');
    expect(pty.status).toBe(0);
  });
});
