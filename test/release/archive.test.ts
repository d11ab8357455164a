import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { NODE } from '../../scripts/package/node.ts';
import { command, ROOT, run } from '../commands/run.ts';
import { skipping } from '../lab/available.ts';

const { version } = manifest;
const ARCHIVE = join(ROOT, `release/statstop-${version}-linux-x64.tar.gz`);
const DEB = join(ROOT, `release/statstop_${version}_amd64.deb`);
const [EXECUTABLE] = command();

/** Bytes. */
const LARGEST = 45e6;

const folder = mkdtempSync(join(tmpdir(), 'statstop-release-'));
afterAll(() => rmSync(folder, { recursive: true }));

function printed(program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64e6 });
}

it.each([ARCHIVE, DEB])('%s is small enough to copy', (path) => {
  expect(statSync(path).size).toBeLessThan(LARGEST);
});

/** Files and folders below `contrib`. */
const CONTRIB = readdirSync(join(ROOT, 'contrib'), { recursive: true, encoding: 'utf8' });

describe('the archive', () => {
  const inside = join(folder, `statstop-${version}`);
  printed('tar', '-xzf', ARCHIVE);

  it('has all files, and checksums of them', () => {
    const files = readdirSync(inside, { recursive: true, encoding: 'utf8' }).sort();
    expect(files).toEqual(
      [
        ...['LICENSE', 'LICENSE.node', 'SHA256SUMS', 'THIRD-PARTY-LICENSES', 'statstop', 'statstop.1'],
        ...['completions', 'completions/_statstop', 'completions/statstop.bash', 'completions/statstop.fish'],
        ...['contrib', ...CONTRIB.map((path) => `contrib/${path}`)],
      ].sort(),
    );
    const sums = readFileSync(join(inside, 'SHA256SUMS'), 'utf8').trim().split('\n');
    expect(sums).toHaveLength(8 + CONTRIB.filter((path) => path.includes('.')).length);
    expect(spawnSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: inside }).status).toBe(0);
  });

  it('has the licences that the sources have', () => {
    for (const name of ['LICENSE', 'THIRD-PARTY-LICENSES'])
      expect(readFileSync(join(inside, name), 'utf8')).toBe(readFileSync(join(ROOT, name), 'utf8'));
    expect(readFileSync(join(inside, 'LICENSE.node'), 'utf8')).toContain('Node.js is licensed for use');
  });

  it('has files of root that others can read', () => {
    const lines = printed('tar', '--numeric-owner', '-tvzf', ARCHIVE).trim().split('\n');
    for (const line of lines) expect(line).toMatch(/^(-rw-r--r--|[-d]rwxr-xr-x) 0\/0 /);
  });
});

describe('the executable', () => {
  it('is that of the archive', () => {
    const packed = printed('tar', '-xzOf', ARCHIVE, `statstop-${version}/SHA256SUMS`);
    const [sum] = printed('sha256sum', EXECUTABLE).split(' ');
    expect(packed).toContain(`${sum}  statstop\n`);
  });

  it('needs the glibc that docs/install.md and the Debian package name, and no newer one', () => {
    const needed = [...printed('objdump', '-T', EXECUTABLE).matchAll(/GLIBC_(\d+\.\d+)/g)];
    const [newest] = needed.map(([, number = '']) => number).sort((a, b) => minor(b) - minor(a));
    expect(readFileSync(join(ROOT, 'docs/install.md'), 'utf8')).toContain(`glibc ${newest} or newer`);
    expect(printed('dpkg-deb', '--field', DEB, 'Depends')).toContain(`libc6 (>= ${newest})`);
  });

  it('links only the libraries that the Debian package depends on', () => {
    const libraries = [...printed('objdump', '-p', EXECUTABLE).matchAll(/NEEDED +(\S+)/g)].map(
      ([, name]) => name,
    );
    expect(libraries.sort()).toEqual([
      ...['ld-linux-x86-64.so.2', 'libc.so.6', 'libdl.so.2', 'libgcc_s.so.1', 'libm.so.6', 'libpthread.so.0'],
      'libstdc++.so.6',
    ]);
    expect(printed('dpkg-deb', '--field', DEB, 'Depends').trim()).toBe(
      'libc6 (>= 2.28), libgcc-s1 (>= 3.4), libstdc++6 (>= 6)',
    );
  });

  it('ignores variables that are for other programs in Node.js', async () => {
    const env = { NODE_OPTIONS: '--no-such-option', NODE_PATH: folder };
    const { status, stdout, stderr } = await run([EXECUTABLE, '--version'], { env });
    const line = expect.stringMatching(
      new RegExp(`^${version} \\(executable, commit \\S+, Node\\.js ${NODE.version}\\)\n$`),
    );
    expect([status, stdout.toString(), stderr]).toEqual([0, line, '']);
  });

  it('is made from the version of Node.js that has a checksum', () => {
    expect(readFileSync(EXECUTABLE).includes(`v${NODE.version}`)).toBe(true);
  });
});

describe('the Debian package', () => {
  it('has the executable, the man page, completions and licences', () => {
    const files = printed('dpkg-deb', '--contents', DEB);
    for (const path of [
      'bin/statstop',
      'share/man/man1/statstop.1.gz',
      'share/bash-completion/completions/statstop',
      'share/zsh/vendor-completions/_statstop',
      'share/fish/vendor_completions.d/statstop.fish',
      'share/doc/statstop/copyright',
      'share/doc/statstop/examples/systemd/statstop-export.service',
      'share/doc/statstop/examples/systemd/statstop-record.service',
      'share/doc/statstop/changelog.gz',
      'share/doc/statstop/node-licences.txt.gz',
      'share/lintian/overrides/statstop',
    ])
      expect(files).toContain(` ./usr/${path}\n`);
  });

  it('has the version of package.json', () => {
    expect(printed('dpkg-deb', '--field', DEB, 'Package', 'Version', 'Architecture')).toBe(
      `Package: statstop\nVersion: ${version}\nArchitecture: amd64\n`,
    );
  });

  it.skipIf(skipWithoutLintian())('has no errors and no warnings of lintian', () => {
    const { stdout, status } = spawnSync('lintian', ['--allow-root', DEB], { encoding: 'utf8' });
    expect([stdout, status]).toEqual(['', 0]);
  });
});

function minor(glibc: string): number {
  return Number(glibc.split('.')[1]);
}

function skipWithoutLintian(): boolean {
  const works = spawnSync('lintian', ['--version'], { stdio: 'ignore' }).status === 0;
  return !works && skipping('lintian', 'lintian is not installed (apt-get install lintian)');
}
