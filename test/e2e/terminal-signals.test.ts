import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { command, NO_SETTINGS } from '../commands/run.ts';
import { serve } from '../demo/wire.ts';
import { Pty, skipWithoutPty } from '../terminal/pty.ts';

/** Signals that do not end a process, or that a program cannot handle. */
const OTHERS: readonly string[] = [
  ...['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH'],
  ...['SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'],
  // Node.js ignores these.
  ...['SIGPIPE', 'SIGXFSZ'],
  // A program cannot continue after a fault of its own. So only the kernel and other programs send the others.
  ...['SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGKILL'],
];

/** One name for each number of a signal that ends a process. */
const ENDING = [
  ...new Map(
    Object.entries(constants.signals)
      .filter(([name]) => !OTHERS.includes(name))
      .map(([name, number]) => [number, name as NodeJS.Signals]),
  ),
];

const WITHOUT_CORE = ['sh', '-c', 'ulimit -c 0; exec "$@"', 'sh'];

describe.skipIf(skipWithoutPty())('the live view restores the terminal', () => {
  it.each(ENDING)('after signal %i (%s), and ends by it', async (number, signal) => {
    const { address } = await serve({ workers: 1, cores: 1, rate: 20 });
    const pty = await Pty.start(80, 24, [address], {}, WITHOUT_CORE);
    await pty.until(() => /^ *WID/m.test(pty.screen.text()), 'the table');
    expect(pty.screen.state().alternateScreen).toBe(true);
    process.kill(pty.pid, signal);
    await pty.until(() => pty.status !== null, 'the end');
    expect(pty.status).toBe(-number);
    await pty.screen.settled();
    const gone = () => !pty.screen.state().alternateScreen;
    await pty.until(gone, 'the end of the alternate screen');
    expect(pty.screen.state()).toMatchObject({ mouse: 'none', bracketedPaste: false, cursorHidden: false });
    expect(pty.screen.written).not.toContain('Debugger');
  });
});

describe('statstop demo --serve', () => {
  it.each(['SIGTERM', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const)(
    'ends by %s and removes its socket',
    async (signal) => {
      const [program, ...args] = [...WITHOUT_CORE, ...command(), 'demo', '--serve'];
      const child = spawn(program ?? '', args, { env: { ...process.env, ...NO_SETTINGS }, stdio: 'pipe' });
      onTestFinished(() => void child.kill('SIGKILL'));
      let errors = '';
      child.stderr.on('data', (chunk) => {
        errors += chunk;
      });
      const [address] = await once(child.stdout, 'data');
      const socket = String(address).trim();
      expect(existsSync(socket)).toBe(true);
      child.kill(signal);
      const [, by] = await once(child, 'close');
      expect(by).toBe(signal);
      expect(errors).toBe('');
      expect(existsSync(dirname(socket))).toBe(false);
    },
  );
});

describe('a waiting command', () => {
  it('ends by SIGUSR1, which would start the debugger of Node.js', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const [program, ...args] = [...command(), '--json', '--timeout', '60', `127.0.0.1:${port}`];
    const child = spawn(program, args, { env: { ...process.env, ...NO_SETTINGS }, stdio: 'pipe' });
    onTestFinished(() => void child.kill('SIGKILL'));
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const [socket] = await once(silent, 'connection');
    onTestFinished(() => socket.destroy());
    socket.on('error', () => {});
    child.kill('SIGUSR1');
    const [, by] = await once(child, 'close');
    expect([by, errors]).toEqual(['SIGUSR1', '']);
  });
});
