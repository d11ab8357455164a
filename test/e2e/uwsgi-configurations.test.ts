import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { read } from '../../src/sources/read.ts';
import { snapshotOf } from '../../src/sources/snapshot.ts';
import { reachesAbstract } from '../../src/sources/sockets.ts';
import { formatOf } from '../../src/targets/configuration/format.ts';
import { configuredTargets } from '../../src/targets/configuration/targets.ts';
import type { SocketTarget } from '../../src/targets/target.ts';
import { freePort } from '../lab/addresses.ts';
import { type Configured, folderOfFixtures, startWith } from '../lab/configured.ts';
import { skipWithoutVersion, VERSIONS, type Version } from '../lab/versions.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';

/** The stats servers of a fixture: the kinds of their documents in the order of the resolver. */
type Kinds = readonly ('app' | 'emperor' | 'router')[];

const APP: Kinds = ['app'];

/** The fixtures, by file and section, with the kinds of their stats servers. */
const CASES: readonly (readonly [string, Kinds])[] = [
  ['port.ini', APP],
  ['short-loopback.ini', APP],
  ['any-address.ini', APP],
  ['chdir.ini', APP],
  ['relative.ini', APP],
  ['no-chdir.ini', APP],
  ['name.ini', APP],
  ['path.ini', APP],
  ['user.ini', APP],
  ['link.ini', APP],
  ['own-keys.ini', APP],
  ['later-keys.ini', APP],
  ['nested.ini', APP],
  ['conditions.ini', APP],
  ['else.ini', APP],
  ['files.ini', APP],
  ['loops.ini', APP],
  ['sections.ini', APP],
  ['sections.ini:staging', APP],
  ['includes.ini', APP],
  ['include-name.ini', APP],
  ['inherit.ini', APP],
  ['percent.ini', APP],
  ['at-file.ini', APP],
  ['arithmetic.ini', APP],
  ['comment.ini', APP],
  ['comment-path.ini', APP],
  ['repeated.ini', APP],
  ['set.ini', APP],
  ['declared.ini', APP],
  ['routes.ini', APP],
  ['abstract.ini', APP],
  ['environment.ini', APP],
  ['plain.yml', APP],
  ['quoted.yaml', APP],
  ['lists.yaml', APP],
  ['named.yaml:staging', APP],
  ['plain.json', APP],
  ['comments.json', APP],
  ['plain.xml', APP],
  ['named.xml:staging', APP],
  ['emperor.ini', ['emperor', 'app']],
  ['emperor-server.ini', ['emperor']],
  ['routers.ini', ['app', 'router', 'router', 'router']],
];

/** Kind and pid of the document at a target. */
async function documentAt(
  target: SocketTarget,
  server: Configured,
): Promise<{ kind: string; pid: number | null }> {
  if (target.address.family === 'abstract' && !reachesAbstract()) {
    expect(server.log()).toContain(`Stats server enabled on @${target.address.name} `);
    return { kind: 'app', pid: server.pid };
  }
  const snapshot = snapshotOf(target.text, await read(target, { timeoutSeconds: TIMEOUT_SECONDS }));
  return { kind: snapshot.kind, pid: snapshot.server.pid };
}

/** Fixtures that some versions do not read, or read in another way. */
const LEFT_OUT: Readonly<Record<string, (version: Version) => boolean>> = {
  // `else` is new in 2.0.22.
  'else.ini': ({ name }) => patchOf(name) < 22,
  // Debian 11 builds uWSGI with jansson, which knows no comments.
  'comments.json': ({ name }) => patchOf(name) < 21,
  // The folders of the other versions have no list of users.
  'user.ini': ({ root }) => root !== null,
};

function patchOf(version: string): number {
  return Number(version.split('.')[2]);
}

describe.each(VERSIONS)('the address of a configuration is the one that uWSGI $name uses', (version) => {
  const cases = CASES.filter(([given]) => !LEFT_OUT[given]?.(version));
  test.skipIf(skipWithoutVersion(version)).each(cases)('%s', async (given, kinds) => {
    const [port, httpPort] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')];
    const folder = await folderOfFixtures(port);
    const environment = {
      STATS_PORT: String(port),
      HTTP_PORT: String(httpPort),
      STAGE: 'test',
      ...(given === 'environment.ini' ? { UWSGI_STATS: `:${port}` } : {}),
    };
    const server = await startWith({ folder, given, environment, servers: kinds.length, version });
    const [name = '', section = ''] = given.split(':');
    const text = readFileSync(join(folder, name), 'utf8');
    const format = formatOf(name) ?? 'ini';
    const start = { cwd: folder, environment };
    const targets = configuredTargets(name, { name, section, format, text }, start);
    const documents = await Promise.all(targets.map(({ target }) => documentAt(target, server)));
    expect(documents.map(({ kind }) => kind)).toEqual(kinds);
    // The emperor and the routers are children of the master.
    if (kinds === APP) expect(documents[0]?.pid).toBe(server.pid);
  });
});
