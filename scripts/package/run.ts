// Makes the packages of a release: `npm run package`. Needs Linux on x64, `strip`, `tar`, `dpkg-deb` and npm.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { makeArchive } from './archive.ts';
import { makeDeb } from './deb.ts';
import { definition } from './definition.ts';
import { makeExecutable } from './executable.ts';
import { checksums, type Release } from './files.ts';
import { licences } from './licences.ts';
import { fetchNode } from './node.ts';
import { timeOfRelease } from './release-time.ts';

const { version } = manifest;
const folder = mkdtempSync(join(tmpdir(), 'statstop-package-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
mkdirSync('release', { recursive: true });

const node = fetchNode(folder);
const executable = 'release/statstop';
// Not into dist/, which tests may use now.
const bundle = join(folder, 'bundle');
execFileSync(process.execPath, ['scripts/build.mjs', bundle], { stdio: 'inherit' });
makeExecutable(join(node, 'bin/node'), bundle, executable, folder);

// `npm run package -- executable` stops here: compressing takes a minute.
if (process.argv[2] !== 'executable') {
  const release: Release = {
    version,
    time: timeOfRelease(),
    commands: definition(),
    executable,
    licences: {
      statstop: readFileSync('LICENSE', 'utf8'),
      node: readFileSync(join(node, 'LICENSE'), 'utf8'),
      packages: licences(join(bundle, 'bundled.json'), '.'),
    },
  };
  const archive = `statstop-${version}-linux-x64.tar.gz`;
  const deb = `statstop_${version}_amd64.deb`;
  makeArchive(release, join(folder, 'archive'), `release/${archive}`);
  makeDeb(release, join(folder, 'deb'), `release/${deb}`);
  process.stdout.write(checksums('sha256sum', 'release', [archive, deb]));
  for (const name of [archive, deb])
    console.log(`${(statSync(`release/${name}`).size / 1e6).toFixed(1)} MB  release/${name}`);
}
