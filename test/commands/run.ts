import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { pathOf } from '../stats/captures.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BIN = fileURLToPath(new URL('../../bin/statstop.js', import.meta.url));

/** Path of a captured document. */
export function captureFile(name: string, read: 1 | 2 = 2): string {
  return `fixtures/${pathOf(name, read)}`;
}

export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: Buffer;
  stderr: string;
}

/** Environment without the settings of the user who runs the tests. */
export const NO_SETTINGS = { XDG_CONFIG_HOME: '/nonexistent' };

interface RunOptions {
  /** Standard input; empty if not given. */
  stdin?: string | Buffer;
  env?: NodeJS.ProcessEnv;
  /** User id for the process. */
  uid?: number;
}

/**
 * The command that starts statstop: this Node.js and the built program, or the executable that STATSTOP_TEST_COMMAND
 * names (`npm run package`).
 */
export function command(): readonly [program: string, ...args: string[]] {
  const { STATSTOP_TEST_COMMAND: executable } = process.env;
  if (executable) return [resolve(executable)];
  if (!existsSync(`${ROOT}/dist/cli.cjs`)) throw new Error('statstop is not built: npm run build');
  return [process.execPath, BIN];
}

/** Runs statstop until it ends. */
export function statstop(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return run([...command(), ...args], options);
}

/** Runs a shell script in which `$STATSTOP` is the command. */
export function shell(line: string, options: RunOptions = {}): Promise<Ended> {
  return run(['bash', '--norc', '-c', line], {
    ...options,
    env: { STATSTOP: command().join(' '), ...options.env },
  });
}

/** Runs a program until it ends. */
export async function run(
  [program = '', ...args]: readonly string[],
  { stdin, env, uid }: RunOptions = {},
): Promise<Ended> {
  const child = spawn(program, args, {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      TERM: 'xterm-256color',
      ...NO_SETTINGS,
      ...env,
    },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  // The program may end before it has read all input.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...how) => resolve(how));
  });
  const [stdout, stderr, [status, signal]] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    ended,
  ]);
  return { status, signal, stdout, stderr: stderr.toString() };
}
