import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { read } from '../../src/sources/read.ts';
import { snapshotOf } from '../../src/sources/snapshot.ts';
import { reachesAbstract } from '../../src/sources/sockets.ts';
import { formatOf } from '../../src/targets/configuration/load.ts';
import { configuredTargets } from '../../src/targets/configuration/targets.ts';
import { ROOT } from '../commands/run.ts';
import { freePort } from '../lab/addresses.ts';
import { skipWithout } from '../lab/available.ts';
import { guard } from '../lab/guard.ts';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';

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
  ['link.ini', APP],
  ['own-keys.ini', APP],
  ['later-keys.ini', APP],
  ['nested.ini', APP],
  ['conditions.ini', APP],
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

/** A folder with the fixtures, and what some of them refer to. */
async function folderOfFixtures(port: number): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'configurations-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  cpSync(join(ROOT, 'fixtures/configurations'), folder, { recursive: true });
  mkdirSync(join(folder, 'run'));
  writeFileSync(join(folder, 'port.txt'), `${port}\n`);
  symlinkSync('name.ini', join(folder, 'link.ini'));
  return folder;
}

/** Starts uWSGI with a file and waits for its stats servers. */
async function start(folder: string, given: string, environment: NodeJS.ProcessEnv, count: number) {
  const logFile = join(folder, 'log');
  const log = openSync(logFile, 'w');
  const format = formatOf(given.replace(/:.*/, '')) ?? 'ini';
  const child = spawn('uwsgi', [`--${format}`, given, '--socket', 'app.sock'], {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const { pid = 0 } = child;
  const dismiss = guard(pid, folder);
  onTestFinished(async () => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    process.kill(-pid, 'SIGKILL');
    await ended;
    dismiss();
  });
  const deadline = performance.now() + TIMEOUT_MS;
  const enabled = () => readFileSync(logFile, 'utf8').match(/stats server enabled on/gi)?.length ?? 0;
  while (enabled() < count) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`uWSGI did not start\n${readFileSync(logFile, 'utf8')}`);
    await sleep(20);
  }
  return { pid, log: () => readFileSync(logFile, 'utf8') };
}

describe.skipIf(skipWithout())('the address of a configuration is the one that uWSGI uses', () => {
  test.each(CASES)('%s', async (given, kinds) => {
    const ports = [await freePort('127.0.0.1'), await freePort('127.0.0.1')];
    const folder = await folderOfFixtures(ports[0] ?? 0);
    const environment = {
      PATH: process.env.PATH,
      STATS_PORT: String(ports[0]),
      HTTP_PORT: String(ports[1]),
      STAGE: 'test',
      ...(given === 'environment.ini' ? { UWSGI_STATS: `:${ports[0]}` } : {}),
    };
    const server = await start(folder, given, environment, kinds.length);
    const [name = '', section = ''] = given.split(':');
    const text = readFileSync(join(folder, name), 'utf8');
    const format = formatOf(name) ?? 'ini';
    const targets = configuredTargets(name, { name, section, format, text }, { cwd: folder, environment });
    const documents = [];
    for (const { target } of targets) {
      if (target.address.family === 'abstract' && !reachesAbstract()) {
        expect(server.log()).toContain(`Stats server enabled on @${target.address.name} `);
        documents.push({ kind: 'app', pid: server.pid });
        continue;
      }
      const answer = await read(target, { timeoutSeconds: TIMEOUT_SECONDS });
      const {
        kind,
        server: { pid },
      } = snapshotOf(target.text, answer);
      documents.push({ kind, pid });
    }
    expect(documents.map(({ kind }) => kind)).toEqual(kinds);
    // The emperor and the routers are children of the master.
    if (kinds === APP) expect(documents[0]?.pid).toBe(server.pid);
  });
});
