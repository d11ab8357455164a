import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { settle, unread } from '../terminal/changing.ts';
import { type Pty, skipWithoutPty } from '../terminal/pty.ts';

const folder = mkdtempSync(join(tmpdir(), 'statstop-slow-end-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The state of the process. `T`: stopped. */
const stateOf = ({ pid }: Pty) => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

/** The end of a view if its terminal accepts no output, or too little. */
describe.skipIf(skipWithoutPty())('a view whose terminal is not read', () => {
  it.each([
    ['SIGTERM', -15],
    ['SIGHUP', -1],
  ] as const)('ends after a %s', async (signal, status) => {
    const { server, pty } = await unread();
    await settle(server);
    process.kill(pty.pid, signal);
    await pty.until(() => pty.status !== null, `the end by ${signal}`);
    expect(pty.status).toBe(status);
  });

  it('ends after an internal error', async () => {
    const bomb = join(folder, 'unread-bomb.mjs');
    writeFileSync(bomb, "process.once('SIGUSR2', () => { throw new Error('boom'); });");
    const { server, pty } = await unread({ NODE_OPTIONS: `--import ${bomb}` });
    await settle(server);
    process.kill(pty.pid, 'SIGUSR2');
    await pty.until(() => pty.status !== null, 'the end');
    expect(pty.status).toBe(1);
  });

  it('ends after q', async () => {
    const { server, pty } = await unread();
    await settle(server);
    pty.tell({ keys: 'q' });
    await pty.until(() => pty.status !== null, 'the end');
    expect(pty.status).toBe(0);
  });

  it.each([
    ['a signal', 'SIGTERM', -15],
    ['an internal error', 'SIGUSR2', 1],
  ] as const)('restores the terminal after %s if it is read again in time', async (_what, signal, status) => {
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

  it('does not stop after a suspension that SIGCONT has cancelled', async () => {
    const { server, pty } = await unread();
    await settle(server);
    process.kill(pty.pid, 'SIGTSTP');
    await sleep(200);
    process.kill(pty.pid, 'SIGCONT');
    // The maximum time that the view waits for the terminal before it stops.
    await sleep(2000);
    expect(stateOf(pty)).not.toBe('T');
    pty.tell({ reading: true });
    await settle(server);
    pty.tell({ keys: 'q' });
    await pty.until(() => pty.status !== null, 'the end');
    expect(pty.status).toBe(0);
  });
});
