import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { ENVIRONMENT, SCREEN } from './sink.ts';

/** A program that runs in a terminal of its own. */
export interface Pty {
  pid: number;
  /** The time just before the shell executed the program, in milliseconds of `performance.now()`. */
  started: number;
  /** Bytes that the program has written so far. */
  readonly bytes: number;
  /** Resolves with the time at which the text appeared. The text is a regular expression. */
  shows(text: string): Promise<number>;
  press(key: string): void;
  /** Presses a key. Resolves with the milliseconds until new output contained the text, a regular expression. */
  answers(key: string, text: string): Promise<number>;
  /** Ends the program with a key. */
  quit(key: string): Promise<void>;
}

/** Whether `script` of util-linux, which creates the terminals, is installed. */
export function hasPty(): boolean {
  const { stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  return /util-linux/.test(stdout ?? '');
}

/**
 * Starts a program in a terminal of the size `SCREEN`.
 *
 * @throws Error if the program ends before it starts
 */
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
    // Keep enough to find a word that is split between two chunks.
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
