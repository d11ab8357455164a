import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { captureFile, ROOT, run } from '../commands/run.ts';
import { Pty, skipWithoutPty } from '../terminal/pty.ts';

const folder = mkdtempSync(join(tmpdir(), 'statstop-npm-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A copy of the clone: `npm pack` changes package.json until it ends, and builds into dist/. */
const clone = join(folder, 'clone');
mkdirSync(clone);
const COPIED = [
  'src',
  'bin',
  'scripts',
  'schema',
  'package.json',
  'LICENSE',
  'README.md',
  'THIRD-PARTY-LICENSES',
];
for (const name of COPIED) cpSync(join(ROOT, name), join(clone, name), { recursive: true });
symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));

const npm = (...args: string[]) =>
  execFileSync('npm', args, {
    cwd: clone,
    encoding: 'utf8',
    env: { ...process.env, SOURCE_DATE_EPOCH: '1795894540' },
  });

describe('npm pack', () => {
  npm('pack', '--silent', '--pack-destination', folder);
  const prefix = join(folder, 'prefix');
  // All messages, on both streams.
  const said = execFileSync(
    'sh',
    ['-c', 'exec npm install --global --offline --prefix "$0" "$1" 2>&1', prefix, packed()],
    { cwd: folder, encoding: 'utf8' },
  );
  const installed = join(prefix, 'lib/node_modules/statstop');
  const statstop = join(prefix, 'bin/statstop');

  function packed(): string {
    return join(folder, `statstop-${manifest.version}.tgz`);
  }

  it('leaves the package.json of the clone as it was', () => {
    const read = (path: string) => readFileSync(join(path, 'package.json'), 'utf8');
    expect(read(clone)).toBe(read(ROOT));
  });

  it('makes a package that installs alone, without a registry, a warning or a script', () => {
    expect(said.trim()).toMatch(/^added 1 package in \S+$/);
    expect(readdirSync(join(prefix, 'lib/node_modules'))).toEqual(['statstop']);
    expect(readdirSync(installed)).not.toContain('node_modules');
    const { scripts, dependencies, devDependencies } = JSON.parse(
      readFileSync(join(installed, 'package.json'), 'utf8'),
    );
    expect([scripts, dependencies, devDependencies]).toEqual([undefined, undefined, undefined]);
  });

  it('packs the licences, the man page and the completions', () => {
    for (const path of ['LICENSE', 'THIRD-PARTY-LICENSES', 'dist/statstop.1', 'dist/completions/_statstop'])
      expect(readFileSync(join(installed, path), 'utf8')).not.toBe('');
    expect(readFileSync(join(prefix, 'share/man/man1/statstop.1'), 'utf8')).toContain('.SH OPTIONS');
  });

  it('packs nothing of the clone', () => {
    const text = readFileSync(join(installed, 'dist/cli.cjs'), 'utf8');
    expect(text).not.toContain(clone);
    expect(text).not.toContain(ROOT);
  });

  it('makes a program that runs', async () => {
    const words = [process.execPath, statstop, '--json', '-i', '0', join(ROOT, captureFile('threads'))];
    const { status, stdout, stderr } = await run(words);
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout.toString())).toMatchObject({ schema: 'statstop.sample/1' });
  });

  it('makes a program whose --version names the package', async () => {
    const { stdout } = await run([process.execPath, statstop, '--version']);
    const node = process.versions.node;
    // The copy of the clone has no repository.
    expect(stdout.toString()).toBe(`${manifest.version} (npm package, commit unknown, Node.js ${node})\n`);
  });

  it.skipIf(skipWithoutPty())('makes a program with a live view and charts', async () => {
    process.env.STATSTOP_TEST_COMMAND = statstop;
    const pty = await Pty.start(100, 24, ['demo']);
    const shows = (text: RegExp) => pty.until(() => text.test(pty.screen.lines().join('\n')), String(text));
    await shows(/WID.*PID/);
    pty.tell({ keys: '0' });
    await shows(/[\u2801-\u28ff]{2}/);
    pty.tell({ keys: 'q' });
    await pty.until(() => pty.status !== null, 'the end');
    expect(pty.status).toBe(0);
  });
});
