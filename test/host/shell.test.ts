import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Shell } from '../../src/host/shell.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

const SHELL = fileURLToPath(new URL('../../src/host/shell.ts', import.meta.url));

/** A command that runs this script. */
function script(text: string): Shell {
  const path = join(folder(), 'command');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return new Shell(path);
}

/** Pids of the command shells of this process, or of another parent. */
const children = (parent = process.pid) =>
  spawnSync('ps', ['--ppid', String(parent), '-o', 'pid=,args='], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((text) => text.includes('while read -r options'))
    .map((text) => Number.parseInt(text, 10));

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'statstop-shell-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

describe('a command', () => {
  it('is run repeatedly by one shell', async () => {
    const before = children();
    const shell = script('printf "é 1\\n\\n\\nno end"; echo to stderr >&2');
    expect(await shell.run('-x')).toBe('é 1\n\n\nno end');
    const during = children();
    expect(await shell.run('-x')).toBe('é 1\n\n\nno end');
    expect(children()).toEqual(during);
    expect(during.length).toBe(before.length + 1);
  });

  it.each([
    ['nothing', 'true', ''],
    ['as much as many pipes hold', 'head -c 1000000 /dev/zero | tr "\\0" x', 'x'.repeat(1_000_000)],
  ])('prints %s', async (_, text, output) => {
    const got = await script(text).run('-x');
    expect(got.length).toBe(output.length);
    expect(got === output).toBe(true);
  });

  it('receives its options', async () => {
    const shell = script('echo "$#$1"');
    expect(await shell.run('-xl $HOME')).toBe('1-xl $HOME\n');
    expect(await shell.run('-t')).toBe('1-t\n');
  });

  it('receives no input, and no variables except the path and the locale', async () => {
    expect(
      await script('cat; env | sed "s/=.*//" | grep -vE "^(PWD|_|SHLVL|OLDPWD)$" | sort').run('-x'),
    ).toBe('LC_ALL\nPATH\n');
  });

  it.each([
    ['that fails', 'exit 3', /ended with 3/],
    ['that prints without an end', 'exec yes', /prints too much|takes too long/],
    ['that hangs', 'sleep 20', /takes too long/],
    ['that ends its shell', 'kill -9 $PPID', /lost its shell/],
  ])('%s is an error, and can be run again', async (_, text, error) => {
    const path = join(folder(), 'text');
    writeFileSync(path, text);
    const shell = script(`. ${path}`);
    await expect(shell.run('-x')).rejects.toThrow(error);
    writeFileSync(path, 'echo fine');
    expect(await shell.run('-x')).toBe('fine\n');
  });

  it('that is missing is an error', async () => {
    await expect(new Shell('/nonexistent/ss').run('-x')).rejects.toThrow('/nonexistent/ss ended with 127');
  });

  it('is searched for in system directories only, for any PATH', async () => {
    const planted = folder();
    for (const name of ['sh', 'statstop-planted']) {
      writeFileSync(join(planted, name), '#!/bin/sh\necho planted\n');
      chmodSync(join(planted, name), 0o755);
    }
    vi.resetModules();
    vi.stubEnv('PATH', `${planted}:.`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const fresh: typeof import('../../src/host/shell.ts') = await import('../../src/host/shell.ts');
    await expect(new fresh.Shell('statstop-planted').run('-x')).rejects.toThrow('ended with 127');
  });

  it('that hangs is killed', async () => {
    const hanging = `sleep 4321.${process.pid}`;
    await expect(script(hanging).run('-x')).rejects.toThrow(/takes too long/);
    const pgrepStatus = () => spawnSync('pgrep', ['-f', `^${hanging}`]).status;
    await vi.waitFor(() => expect(pgrepStatus()).toBe(1), TIMEOUT_MS);
  });

  it('runs again after its shell was killed', async () => {
    const before = children();
    const shell = script('echo fine');
    await shell.run('-x');
    const [own] = children().filter((pid) => !before.includes(pid));
    process.kill(own ?? 0, 'SIGKILL');
    await vi.waitFor(() => expect(children()).not.toContain(own), TIMEOUT_MS);
    // Time for this process to receive the exit event.
    await sleep(100);
    expect(await shell.run('-x')).toBe('fine\n');
  });
});

describe('the shell', () => {
  it.each(['ends of itself', 'is killed'])(
    'ends when its process %s, and does not keep the process alive',
    async (how) => {
      const outfile = join(folder(), 'shell.mjs');
      const source = `import { Shell } from ${JSON.stringify(SHELL)};
      process.stdout.write(await new Shell('echo').run('fine'));
      ${how === 'is killed' ? 'setInterval(() => {}, 1000);' : 'process.stdin.once("data", () => process.stdin.pause());'}`;
      const stdin = { contents: source, resolveDir: '/', loader: 'ts' } as const;
      await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error' });
      const child = spawn(process.execPath, [outfile], { stdio: ['pipe', 'pipe', 'inherit'] });
      onTestFinished(() => void child.kill('SIGKILL'));
      const ended = new Promise<unknown>((done) => child.once('exit', done));
      await new Promise((written) => child.stdout.once('data', written));
      const [shell] = children(child.pid);
      expect(shell).toBeGreaterThan(0);
      if (how === 'is killed') child.kill('SIGKILL');
      else {
        child.stdin.end('go on');
        expect(await ended).toBe(0);
      }
      // It has ended; it may still be a zombie.
      const state = () => spawnSync('ps', ['-p', String(shell), '-o', 'stat='], { encoding: 'utf8' }).stdout;
      await vi.waitFor(() => expect(state()).toMatch(/^(Z|$)/), TIMEOUT_MS);
    },
  );
});
