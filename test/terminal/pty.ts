import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { command, NO_SETTINGS } from '../commands/run.ts';
import { skipping } from '../lab/available.ts';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';
import { Emulator } from './emulator.ts';

/**
 * Holds a terminal, runs `argv[3:]` in it, and follows orders: lines of JSON on its standard input. It copies the
 * output of the terminal to standard output. With `reading` false the terminal fills up, as it does behind a stalled
 * connection. Standard error reports the pid and the status of the program.
 */
const HOLDER = `
import fcntl, json, os, pty, select, signal, struct, sys, termios, time

def resize(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

def say(what):
    os.write(2, (json.dumps(what) + "\\n").encode())

pid, terminal = pty.fork()
if pid == 0:
    resize(0, int(sys.argv[1]), int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])
say({"pid": pid})
reading = running = True
pace = 65536
held = b""
while True:
    if pace < 65536:
        time.sleep(0.02)
    ready, _, _ = select.select([0] + [terminal] * reading, [], [], 0.02)
    if terminal in ready:
        try:
            data = os.read(terminal, pace)
        except OSError:
            data = b""
        if data:
            os.write(1, data)
        elif not running:
            break
    if running:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            running = False
            say({"status": os.waitstatus_to_exitcode(status)})
    if 0 in ready:
        data = os.read(0, 65536)
        if not data:
            break
        *lines, held = (held + data).split(b"\\n")
        for line in lines:
            order = json.loads(line)
            reading = order.get("reading", reading)
            pace = order.get("pace", pace)
            if "keys" in order:
                os.write(terminal, order["keys"].encode())
            if "size" in order:
                resize(terminal, *order["size"])
if running:
    os.kill(pid, signal.SIGKILL)
`;

/** For `describe.skipIf`: whether Python cannot hold a terminal here. Prints the reason. */
export function skipWithoutPty(): boolean {
  const there = spawnSync('python3', ['-c', 'import os, pty; os.waitstatus_to_exitcode'], {
    stdio: 'ignore',
  });
  return (
    there.status !== 0 &&
    skipping('tests of a terminal that is not read', 'python3 is not there (3.9 or newer)')
  );
}

interface Order {
  /** Whether the output of the terminal is read and shown. */
  reading?: boolean;
  /** Most bytes to read in 20 ms. */
  pace?: number;
  keys?: string;
  size?: [columns: number, rows: number];
}

/** statstop in a terminal whose output can remain unread. */
export class Pty {
  readonly screen: Emulator;
  /** Bytes read so far. */
  bytes = 0;
  /** The exit status, or the negative number of the signal that ended the program. */
  status: number | null = null;
  pid = 0;
  private readonly holder;

  private constructor(
    columns: number,
    rows: number,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    before: readonly string[],
  ) {
    const folder = mkdtempSync(join(tmpdir(), 'statstop-pty-'));
    const script = join(folder, 'holder.py');
    writeFileSync(script, HOLDER);
    this.screen = new Emulator(columns, rows);
    const words = [script, String(columns), String(rows), ...before, ...command(), ...args];
    this.holder = spawn('python3', words, {
      stdio: 'pipe',
      env: {
        PATH: process.env.PATH,
        LANG: 'C.UTF-8',
        TZ: 'UTC',
        TERM: 'xterm-256color',
        ...NO_SETTINGS,
        ...env,
      },
    });
    this.holder.stdin.on('error', () => {});
    this.holder.stdout.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length;
      this.screen.output.write(chunk);
    });
    createInterface(this.holder.stderr).on('line', (line) => Object.assign(this, JSON.parse(line)));
    const ended = once(this.holder, 'close');
    onTestFinished(async () => {
      this.holder.stdin.end();
      await ended;
      rmSync(folder, { recursive: true });
    });
  }

  /** @param before words of a command that runs statstop */
  static async start(
    columns: number,
    rows: number,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    before: readonly string[] = [],
  ): Promise<Pty> {
    const pty = new Pty(columns, rows, args, env, before);
    await pty.until(() => pty.pid !== 0, 'the process');
    return pty;
  }

  tell(order: Order): void {
    this.holder.stdin.write(`${JSON.stringify(order)}\n`);
  }

  /** @throws AssertionError after `TIMEOUT_MS` */
  async until(fits: () => boolean, what: string): Promise<void> {
    for (const deadline = performance.now() + TIMEOUT_MS; performance.now() < deadline; await sleep(20)) {
      if (fits()) return;
    }
    expect.fail(
      `${what}: not within ${TIMEOUT_SECONDS} s; on the screen:\n${this.screen.lines().slice(0, 8).join('\n')}`,
    );
  }
}
