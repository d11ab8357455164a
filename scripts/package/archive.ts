import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import {
  checksums,
  completionsOf,
  contribFiles,
  manualOf,
  type PackageFile,
  type Release,
  writeFiles,
} from './files.ts';

/**
 * Writes the archive for any Linux with glibc. All its files belong to root and have the time of the release, so the
 * same sources give the same archive.
 */
export function makeArchive(release: Release, folder: string, output: string): void {
  const { version, time, executable, licences } = release;
  const name = `statstop-${version}`;
  const files: PackageFile[] = [
    { path: 'statstop', content: { from: executable }, executable: true },
    { path: 'statstop.1', content: manualOf(release) },
    ...completionsOf(release).map(({ file, content }) => ({ path: `completions/${file}`, content })),
    ...contribFiles().map(({ path, from }) => ({ path: `contrib/${path}`, content: { from } })),
    { path: 'LICENSE', content: licences.statstop },
    { path: 'LICENSE.node', content: licences.node },
    { path: 'THIRD-PARTY-LICENSES', content: licences.packages },
  ];
  const inside = join(folder, name);
  writeFiles(inside, files);
  const sums = checksums(
    'sha256sum',
    inside,
    files.map(({ path }) => path),
  );
  writeFiles(inside, [{ path: 'SHA256SUMS', content: sums }]);
  const owner = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name'];
  const at = `--mtime=@${Math.floor(time.getTime() / 1000)}`;
  const words = ['-c', '-I', 'gzip -n', '-f', output, ...owner, at, '-C', folder, name];
  execFileSync('tar', words);
}
