import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { formatOf } from '../../src/targets/configuration/format.ts';
import { ROOT } from '../commands/run.ts';
import { TIMEOUT_MS } from '../timeouts.ts';
import { guard } from './guard.ts';
import { inRoot } from './root.ts';
import type { Version } from './versions.ts';

/**
 * A folder with a copy of fixtures/configurations, for one test. It also contains what some of them refer to.
 *
 * @param port in the file `port.txt`
 */
export async function folderOfFixtures(port: number): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'configurations-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  cpSync(join(ROOT, 'fixtures/configurations'), folder, { recursive: true });
  mkdirSync(join(folder, 'run'));
  writeFileSync(join(folder, 'port.txt'), `${port}\n`);
  symlinkSync('name.ini', join(folder, 'link.ini'));
  return folder;
}

/** A real uWSGI that was started with one of these configurations. It ends with the test. */
export interface Configured {
  /** Pid of the master. */
  pid: number;
  log(): string;
  stop(): Promise<void>;
}

interface Configuration {
  folder: string;
  /** The file, with a section if it is not the default, such as `app.ini:live`. */
  given: string;
  environment: NodeJS.ProcessEnv;
  /** Number of stats servers to wait for. */
  servers: number;
  args?: readonly string[];
  /** Default: the installed one. */
  version?: Version;
}

/** @throws Error with the server's log when it does not start */
export async function startWith(configuration: Configuration): Promise<Configured> {
  const { folder, given, environment, servers, args = [], version } = configuration;
  const logFile = join(folder, 'log');
  const output = openSync(logFile, 'w');
  const format = formatOf(given.replace(/:.*/, '')) ?? 'ini';
  const command = ['uwsgi', `--${format}`, given, '--socket', 'app.sock', ...args];
  const [program = '', ...words] = version?.root ? inRoot(version.root, folder, command) : command;
  const child = spawn(program, words, {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment },
    // A separate process group, so that the whole group can be ended.
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const { pid } = child;
  if (pid === undefined) throw new Error('uWSGI cannot be started');
  const dismiss = guard(pid, folder);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    if (hasEnded()) return;
    const ended = once(child, 'exit');
    process.kill(-pid, 'SIGKILL');
    await ended;
    dismiss();
  };
  onTestFinished(stop);
  const log = () => readFileSync(logFile, 'utf8');
  const deadline = performance.now() + TIMEOUT_MS;
  while ((log().match(/stats server enabled on/gi)?.length ?? 0) < servers) {
    if (hasEnded() || performance.now() > deadline) throw new Error(`uWSGI did not start\n${log()}`);
    await sleep(20);
  }
  return { pid, log, stop };
}
