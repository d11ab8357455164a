import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { ENVIRONMENT, SCREEN } from './sink.ts';

/** A program that runs in a terminal of its own. */
export interface Pty {
  pid: number;
  /** Milliseconds, by `performance.now()`: the shell became the program. */
  started: number;
  /** Written by the program so far. */
  readonly bytes: number;
  /** Resolves with the time at which the text had come. */
  shows(text: string): Promise<number>;
  press(key: string): void;
  /** Presses a key; resolves with the milliseconds until the text came, from then on. */
  answers(key: string, text: string): Promise<number>;
  /** Ends it with a key. */
  quit(key: string): Promise<void>;
}

/** `script` of util-linux makes the terminals. */
export function hasPty(): boolean {
  const { stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  return /util-linux/.test(stdout ?? '');
}

/** Starts a program in a terminal of `SCREEN`'s size. @throws Error when it ends before it starts */
export async function startInPty(program: readonly string[]): Promise<Pty> {
  const quoted = program.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const shell = `stty rows ${SCREEN.rows} cols ${SCREEN.columns}; echo "pid $$ "; exec ${quoted}`;
  const child = spawn('script', ['-qfec', shell, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ...ENVIRONMENT, SHELL: '/bin/sh' },
  });
  const kill = () => child.kill();
  process.once('exit', kill);
  const closed = once(child, 'close').finally(() => process.off('exit', kill));
  let shown = '';
  let bytes = 0;
  let look = () => {};
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    // Enough to find a word that two pieces share.
    shown = shown.slice(-100) + chunk.toString('latin1');
    look();
  });
  const shows = (pattern: RegExp) =>
    new Promise<{ match: RegExpMatchArray; time: number }>((resolve, reject) => {
      look = () => {
        const match = shown.match(pattern);
        if (match) resolve({ match, time: performance.now() });
      };
      closed.then(() => reject(new Error(`${program.join(' ')} has ended. It wrote: ${shown}`)), reject);
      look();
    });
  const { match, time } = await shows(/pid (\d+) /);
  return {
    pid: Number(match[1]),
    started: time,
    get bytes() {
      return bytes;
    },
    shows: async (text) => (await shows(new RegExp(text))).time,
    press: (key) => void child.stdin.write(key),
    async answers(key, text) {
      shown = '';
      const pressed = performance.now();
      child.stdin.write(key);
      return (await shows(new RegExp(text))).time - pressed;
    },
    async quit(key) {
      child.stdin.write(key);
      await closed;
    },
  };
}
