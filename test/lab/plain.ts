import { spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, vi } from 'vitest';
import { discover } from '../../src/host/discover.ts';
import type { Server, ServerSocket } from '../../src/host/server.ts';
import { TIMEOUT_MS } from '../timeouts.ts';
import { guard } from './guard.ts';

const APP = fileURLToPath(new URL('../../fixtures/lab/app.py', import.meta.url));

/** A folder for servers of one test, with `app.py`. Other users may enter it. */
export interface Folder {
  path: string;
  /** Writes a file, and returns its path. */
  write(name: string, text: string): string;
  /**
   * Starts a command in the folder, which ends with the test. A server of one test needs no stats, unlike those of
   * `startUwsgi`.
   *
   * @returns pid of the process
   */
  start(...command: readonly string[]): number;
  log(): string;
}

export function folderOf(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'plain-'));
  chmodSync(path, 0o777);
  copyFileSync(APP, join(path, 'app.py'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const log = join(path, 'log');
  return {
    path,
    write(name, text) {
      writeFileSync(join(path, name), text);
      return join(path, name);
    },
    start(program = '', ...words) {
      const output = openSync(log, 'a');
      const child = spawn(program, words, {
        cwd: path,
        detached: true,
        stdio: ['ignore', output, output],
        env: { PATH: process.env.PATH, LAB_FOLDER: path, PWD: path },
      });
      closeSync(output);
      const { pid } = child;
      if (pid === undefined) throw new Error(`cannot start ${program}`);
      const dismiss = guard(pid, path);
      onTestFinished(({ task }) => {
        if (task.result?.state === 'fail') console.error(readFileSync(log, 'utf8').slice(-2000));
        try {
          process.kill(-pid, 'SIGKILL');
        } catch {
          // It has ended.
        }
        dismiss();
      });
      return pid;
    },
    log: () => readFileSync(log, 'utf8'),
  };
}

/** The options of an app server without `stats`. */
export const APP_OPTIONS = ['--plugin', 'python3', '--wsgi-file', 'app.py', '--socket', 'app.sock'];

/**
 * Waits until a server is found that fits.
 *
 * @param before called before each attempt
 */
export async function found(fits: (server: Server) => boolean, before = () => {}): Promise<Server> {
  return vi.waitFor(
    async () => {
      before();
      const server = (await discover()).find(fits);
      expect(server).toBeDefined();
      return server as Server;
    },
    { timeout: TIMEOUT_MS, interval: 50 },
  );
}

/** The targets of a server. */
export function targetsOf({ sockets }: Server): (string | null)[] {
  return sockets.map(({ target }) => target);
}

/** The first stats socket of a server. @throws Error if it has none */
export function socketOf({ sockets: [first] }: Server): ServerSocket {
  if (!first) throw new Error('no stats socket');
  return first;
}

/** A server without the time that can change by a second with the kernel's boot time. */
export function constant({ started: _, ...server }: Server): Omit<Server, 'started'> {
  return server;
}
