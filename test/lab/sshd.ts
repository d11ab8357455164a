import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';
import { freePort } from './addresses.ts';
import { skipping } from './available.ts';
import { guard } from './guard.ts';

/** The server must be started by its absolute path. */
const SSHD = '/usr/sbin/sshd';

/** For `describe.skipIf`: whether OpenSSH is missing. Prints the reason. */
export function skipWithoutSshd(): boolean {
  const isThere = [SSHD, 'ssh', 'ssh-keygen'].every(
    (program) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0,
  );
  return (
    !isThere &&
    skipping('tests of ssh', 'sshd is not installed (apt-get install openssh-server openssh-client)')
  );
}

export interface SshdOptions {
  /** Lines to add to the configuration of the server. */
  server?: readonly string[];
  /** Lines to add to the host `web1` in the configuration of the client. */
  client?: readonly string[];
}

/** A running sshd on the loopback interface. The host `web1` of `env` leads to it. */
export interface Sshd {
  port: number;
  folder: string;
  /**
   * Variables for a process that uses `ssh`. OpenSSH reads the configuration of the user below the home directory of the
   * user database, whatever HOME is. So a script that adds `-F` stands before it in PATH. The directory for sockets is
   * separate, too.
   */
  env: { PATH: string; XDG_RUNTIME_DIR: string };
  /** The path of the directory for sockets. */
  runtime: string;
  /** What the server has logged. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts a real sshd with keys of its own, and waits until it listens. */
export async function startSshd({ server = [], client = [] }: SshdOptions = {}): Promise<Sshd> {
  // A short path: it contains sockets.
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'sshd-'));
  const at = (name: string) => join(folder, name);
  for (const name of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  const port = await freePort('127.0.0.1');
  const isRoot = process.getuid?.() === 0;
  // The server changes to this directory before a user is known.
  if (isRoot) mkdirSync('/run/sshd', { recursive: true });
  writeLines(at('sshd_config'), [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${at('host')}`,
    `AuthorizedKeysFile ${at('user.pub')}`,
    'PidFile none',
    'StrictModes no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    `UsePAM ${isRoot ? 'yes' : 'no'}`,
    'PermitRootLogin prohibit-password',
    ...server,
  ]);
  writeLines(at('known_hosts'), [`[127.0.0.1]:${port} ${readFileSync(at('host.pub'), 'utf8').trim()}`]);
  writeLines(at('config'), [
    'Host web1',
    'HostName 127.0.0.1',
    `Port ${port}`,
    ...client,
    'Host *',
    `User ${userInfo().username}`,
    `IdentityFile ${at('user')}`,
    'IdentitiesOnly yes',
    'IdentityAgent none',
    `UserKnownHostsFile ${at('known_hosts')}`,
  ]);
  const runtime = at('run');
  mkdirSync(runtime, { mode: 0o700 });
  const ssh = execFileSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).trim();
  mkdirSync(at('bin'));
  writeLines(at('bin/ssh'), ['#!/bin/sh', `exec '${ssh}' -F '${at('config')}' "$@"`]);
  chmodSync(at('bin/ssh'), 0o755);

  const child = spawn(SSHD, ['-D', '-f', at('sshd_config'), '-E', at('log')], {
    detached: true,
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const { pid } = child;
  if (pid === undefined) throw new Error('sshd could not be started');
  const dismiss = guard(pid, folder);
  const log = () => readFileSync(at('log'), { encoding: 'utf8', flag: 'a+' });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await ended;
    }
    dismiss();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const deadline = performance.now() + TIMEOUT_MS; !(await isListening(port)); await sleep(20)) {
    if (child.exitCode === null && performance.now() < deadline) continue;
    const written = log();
    await stop();
    throw new Error(`sshd was not ready in ${TIMEOUT_SECONDS} s:\n${written}`);
  }
  const path = `${at('bin')}${delimiter}${process.env.PATH}`;
  return { port, folder, env: { PATH: path, XDG_RUNTIME_DIR: runtime }, runtime, log, stop };
}

function writeLines(path: string, lines: readonly string[]): void {
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
