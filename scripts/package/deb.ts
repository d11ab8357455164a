import { execFileSync } from 'node:child_process';
import {
  checksums,
  completionsOf,
  contribFiles,
  gzip,
  kibibytes,
  manualOf,
  type PackageFile,
  type Release,
  writeFiles,
} from './files.ts';

/** The libraries that Node.js links, with the Debian versions that have the symbol versions it needs. */
const DEPENDS = ['libc6 (>= 2.28)', 'libgcc-s1 (>= 3.4)', 'libstdc++6 (>= 6)'];

/** As for other tools that make packages: who makes this one. */
const { DEBFULLNAME = 'the statstop developers', DEBEMAIL = 'statstop@example.org' } = process.env;
const MAINTAINER = `${DEBFULLNAME} <${DEBEMAIL}>`;

/** Each override is explained in its comment. */
const OVERRIDES = `# The executable is Node.js with statstop in it. The releases of Node.js are not position-independent.
statstop: hardening-no-pie [usr/bin/statstop]
# The releases of Node.js contain zlib and do not link that of the system.
statstop: embedded-library zlib [usr/bin/statstop]
`;

/** Writes a package for Debian and its derivatives. */
export function makeDeb(release: Release, folder: string, output: string): void {
  const doc = 'usr/share/doc/statstop';
  const data: PackageFile[] = [
    { path: 'usr/bin/statstop', content: { from: release.executable }, executable: true },
    { path: 'usr/share/man/man1/statstop.1.gz', content: gzip(manualOf(release)) },
    ...completionsOf(release).map(({ installed, content }) => ({ path: `usr/share/${installed}`, content })),
    ...contribFiles().map(({ path, from }) => ({ path: `${doc}/examples/${path}`, content: { from } })),
    { path: `${doc}/copyright`, content: copyright(release) },
    { path: `${doc}/node-licences.txt.gz`, content: gzip(release.licences.node) },
    { path: `${doc}/changelog.gz`, content: gzip(changelog(release)) },
    { path: 'usr/share/lintian/overrides/statstop', content: OVERRIDES },
  ];
  writeFiles(folder, data);
  const sums = checksums(
    'md5sum',
    folder,
    data.map(({ path }) => path),
  );
  writeFiles(folder, [
    { path: 'DEBIAN/control', content: control(release, kibibytes(folder, data)) },
    { path: 'DEBIAN/md5sums', content: sums },
  ]);
  // Debian 11 cannot read the default compression of some newer systems. A higher level saves 4 MB in a minute.
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '-z1', '--build', folder, output], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, SOURCE_DATE_EPOCH: String(Math.floor(release.time.getTime() / 1000)) },
  });
}

function control({ version }: Release, size: number): string {
  return `Package: statstop
Version: ${version}
Architecture: amd64
Maintainer: ${MAINTAINER}
Installed-Size: ${size}
Depends: ${DEPENDS.join(', ')}
Recommends: iproute2
Section: admin
Priority: optional
Description: top for uWSGI servers
 statstop reads the stats socket of a uWSGI server. It shows what the server is
 doing now, and what is wrong: busy workers, a full listen queue, requests that
 run for too long, and growing memory.
 .
 It also prints tables and JSON, and has a check for monitors.
`;
}

function copyright({ licences }: Release): string {
  return `${licences.statstop}
The executable contains Node.js and the libraries that Node.js contains.
/usr/share/doc/statstop/node-licences.txt.gz has their licences. The text of the
Apache License, which some of them use, is also in
/usr/share/common-licenses/Apache-2.0.

${licences.packages}
`;
}

function changelog({ version, time }: Release): string {
  return `statstop (${version}) unstable; urgency=medium

  * Release ${version}. CHANGELOG.md of the sources lists the changes.

 -- ${MAINTAINER}  ${time.toUTCString().replace('GMT', '+0000')}
`;
}
