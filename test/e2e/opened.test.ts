import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { captureFile, command, NO_SETTINGS, ROOT, run } from '../commands/run.ts';
import { skipping, skipWithout } from '../lab/available.ts';
import { serverOf } from '../lab/server.ts';
import { Pty, skipWithoutPty } from '../terminal/pty.ts';

/**
 * Checks which files statstop opens and runs if every file that it could find by a search path belongs to another user.
 */

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'statstop-opened-')));
afterAll(() => rmSync(folder, { recursive: true }));

/** A directory with programs, terminal descriptions and modules at the names that programs search for. */
const hostile = join(folder, 'hostile');
for (const path of ['x', '78', 'node_modules/blessed', '.node_modules', 'node-compile-cache'])
  mkdirSync(join(hostile, path), { recursive: true });
for (const path of ['sh', 'ss', 'tmux', 'tput', 'node', 'x/xterm-256color', 'package.json', '.noderc'])
  writeFileSync(join(hostile, path), '#!/bin/sh\necho planted\n');
for (const program of ['sh', 'ss', 'tmux', 'tput', 'node']) chmodSync(join(hostile, program), 0o755);

const HOSTILE = {
  PATH: `${hostile}:.`,
  HOME: hostile,
  TMPDIR: hostile,
  TERMINFO: hostile,
  TERMINFO_DIRS: hostile,
  TERMCAP: join(hostile, 'termcap'),
  TERMPATH: hostile,
  TMUX: `${hostile}/tmux,1,0`,
  EDITOR: join(hostile, 'sh'),
  SHELL: join(hostile, 'sh'),
  ENV: join(hostile, 'sh'),
  BASH_ENV: join(hostile, 'sh'),
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
  ...NO_SETTINGS,
};

const STRACE = spawnSync('sh', ['-c', 'command -v strace'], { encoding: 'utf8' }).stdout.trim();

function skipWithoutStrace(): boolean {
  const works = STRACE !== '' && spawnSync(STRACE, ['-o', '/dev/null', 'true']).status === 0;
  return !works && skipping('what is opened and run', 'strace is not installed, or may not trace');
}

/** The command that runs statstop under strace in the hostile directory and environment. */
function traced(output: string): string[] {
  const variables = Object.entries(HOSTILE).flatMap(([name, value]) => ['-E', `${name}=${value}`]);
  const calls = ['-f', '-qq', '-s', '4096', '-e', 'trace=%file,connect'];
  return ['/usr/bin/env', '-C', hostile, STRACE, ...calls, '-o', output, ...variables];
}

/** Every path in a trace, and every started program. */
function seen(output: string): { paths: string[]; programs: string[] } {
  const calls = readFileSync(output, 'utf8')
    .split('\n')
    // The requested path, without the targets of links and the results of `getcwd`.
    .flatMap((line) => /^\d+ +(?!getcwd)\w+\([^"]*"([^"]*)"/.exec(line)?.[1] ?? []);
  const programs = [...readFileSync(output, 'utf8').matchAll(/ execve\("([^"]*)".* = 0$/gm)];
  return { paths: [...new Set(calls)], programs: [...new Set(programs.map(([, path = '']) => path))] };
}

function expectHarmless(output: string, target: string): void {
  const { paths, programs } = seen(output);
  const [program, ...words] = command();
  // That the trace has the start of the program.
  expect(paths).toContain(words.length === 0 ? program : join(ROOT, 'dist/cli.cjs'));
  expect(paths).toContain(target);
  expect(paths.filter((path) => path.startsWith(hostile))).toEqual([]);
  // No path may be relative to the current directory. An empty path refers to a descriptor itself.
  expect(paths.filter((path) => path !== '' && !path.startsWith('/'))).toEqual([]);
  const allowed = [
    realpathSync(program),
    program,
    '/bin/sh',
    '/usr/bin/sh',
    '/usr/bin/ss',
    '/bin/ss',
    '/usr/sbin/ss',
  ];
  expect(programs.filter((path) => !allowed.includes(path))).toEqual([]);
}

describe.skipIf(skipWithoutStrace() || skipWithout())(
  'nothing of a hostile environment is opened or run',
  () => {
    it.each([
      ['--once', ['--once']],
      ['--json', ['--json']],
      ['check', ['check']],
    ])('with %s of a real server', async (name, args) => {
      const { target } = await serverOf({ processes: 1 });
      const output = join(folder, name);
      const { stdout, stderr } = await run([...traced(output), ...command(), ...args, target]);
      expect(stderr).toBe('');
      expect(stdout.length).toBeGreaterThan(0);
      expectHarmless(output, target);
      expect(seen(output).programs.filter((path) => /\/ss$/.test(path))).toHaveLength(1);
    });

    it('with doctor of a real server', async () => {
      const { target } = await serverOf({ processes: 1 });
      const output = join(folder, 'doctor');
      const { stdout, stderr } = await run([...traced(output), ...command(), 'doctor', target]);
      expect([stderr, stdout.toString()]).toEqual(['', expect.stringMatching(/^ {2}proved +yes: /m)]);
      expectHarmless(output, target);
    });

    it('with a file as target', async () => {
      const file = join(ROOT, captureFile('threads'));
      const output = join(folder, 'file');
      expect((await run([...traced(output), ...command(), '--once', file])).stderr).toBe('');
      expectHarmless(output, file);
    });

    it.skipIf(skipWithoutPty())('with the live view in all its tabs', async () => {
      const { target } = await serverOf({ processes: 1 });
      const output = join(folder, 'live');
      const pty = await Pty.start(100, 30, [target], {}, traced(output));
      await pty.until(() => /^ *WID/m.test(pty.screen.text()), 'the table');
      let hasCharts = false;
      for (let tab = 0; tab < 12; tab += 1) {
        const before = pty.screen.text();
        hasCharts ||= before.includes('requests per second: ');
        pty.tell({ keys: '\t' });
        await pty.until(() => pty.screen.text() !== before, 'the next tab');
      }
      pty.tell({ keys: 'q' });
      await pty.until(() => pty.status !== null, 'the end');
      expect(pty.status).toBe(0);
      expectHarmless(output, target);
      expect(hasCharts).toBe(true);
    });
  },
);
