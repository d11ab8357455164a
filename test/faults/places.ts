import { once } from 'node:events';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../../src/demo/server.ts';
import * as errors from '../../src/sources/errors.ts';
import { capture } from '../stats/captures.ts';
import type { Failure } from './outcomes.ts';
import { WORKERS } from './server.ts';
import type { OnFinish } from './side-by-side.ts';
import { stoppedServer } from './stopped.ts';

/** A target that cannot be read, without a fault of a server. */
export interface Place extends Failure {
  name: string;
  /** Timeout of a read in seconds, if the read ends by it. */
  timeout?: number;
  /** Fails only for another user than the owner. */
  forbidden?: boolean;
  /** Creates the target. `mend` makes it readable. */
  make(onFinish: OnFinish): Promise<{ target: string; mend?: () => Promise<void> }>;
}

const WHOLE = capture('many', 2);

export const PLACES: readonly Place[] = [
  {
    name: 'a missing path',
    fails: errors.NotFoundError,
    says: /no such socket or file/,
    advises: /Check that the server is running/,
    make: async (onFinish) => servedLater(join(folder(onFinish), 'app.stats'), onFinish),
  },
  {
    name: 'a socket without a server',
    fails: errors.RefusedError,
    says: /connection refused/,
    make: async (onFinish) => {
      const path = join(folder(onFinish), 'stale.stats');
      const server = createServer().listen(`${path}.first`);
      await once(server, 'listening');
      linkSync(`${path}.first`, path);
      await new Promise((closed) => server.close(closed));
      return servedLater(path, onFinish);
    },
  },
  {
    name: 'a folder',
    fails: errors.IsDirectoryError,
    says: /is a directory/,
    make: async (onFinish) => {
      const path = join(folder(onFinish), 'app');
      mkdirSync(path);
      return servedLater(path, onFinish);
    },
  },
  {
    name: 'a socket of another user',
    fails: errors.PermissionError,
    says: /permission denied/,
    advises: /as the server's user or as root/,
    forbidden: true,
    make: async (onFinish) => {
      const target = join(folder(onFinish), 'app.stats');
      const server = await startServer({ address: target, workers: WORKERS, warm: false });
      onFinish(() => server.close());
      chmodSync(target, 0);
      return { target, mend: async () => chmodSync(target, 0o777) };
    },
  },
  {
    name: 'an unknown host',
    fails: errors.HostNotFoundError,
    says: /unknown host name/,
    // Longer than a label may be, so no name server is queried.
    make: async () => ({ target: `${'web'.repeat(22)}.invalid:1717` }),
  },
  {
    name: 'a unix socket with a full queue',
    fails: errors.BusyError,
    says: /queue of the stats socket is full/,
    make: async (onFinish) => {
      const path = join(folder(onFinish), 'busy.stats');
      await stoppedServer({ path }, onFinish);
      return { target: path };
    },
  },
  {
    name: 'a port with a full queue',
    fails: errors.ConnectTimeoutError,
    says: /no connection within 1s/,
    timeout: 1,
    make: async (onFinish) => {
      const { port } = await stoppedServer({ port: 0, host: '127.0.0.1' }, onFinish);
      return { target: `127.0.0.1:${port}` };
    },
  },
  {
    name: 'an empty file',
    fails: errors.EmptyError,
    says: /the document is empty/,
    make: async (onFinish) => file('', onFinish),
  },
  {
    name: 'a truncated file',
    fails: errors.TruncatedError,
    says: /cut off after \d+ characters/,
    rawPrints: true,
    make: async (onFinish) => file(WHOLE.subarray(0, WHOLE.length - 7), onFinish),
  },
  {
    name: 'a file of another kind',
    fails: errors.NotStatsError,
    says: /not a stats document/,
    rawPrints: true,
    make: async (onFinish) => file('[Unit]\nDescription = uWSGI\n', onFinish),
  },
  {
    name: 'a file with other JSON',
    fails: errors.NotStatsError,
    says: /not from a uWSGI stats server/,
    rawPrints: true,
    make: async (onFinish) => file('{"status":"\\u001b[31mok"}', onFinish),
  },
];

/**
 * Runs a task as a user without rights to these files, if this process runs as root. No other task may run during it.
 */
export async function asNobody<Result>(task: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return task();
  process.seteuid?.(NOBODY);
  try {
    return await task();
  } finally {
    process.seteuid?.(0);
  }
}

/** The user for a child process that must not be root. */
export function otherUser(): { uid?: number } {
  return process.getuid?.() === 0 ? { uid: NOBODY } : {};
}

const NOBODY = 65534;

/** Creates a folder that other users can enter. It is removed after the test. */
function folder(onFinish: OnFinish): string {
  const path = mkdtempSync(join(tmpdir(), 'statstop-faults-'));
  chmodSync(path, 0o755);
  onFinish(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function file(content: string | Buffer, onFinish: OnFinish) {
  const target = join(folder(onFinish), 'saved.stats');
  writeFileSync(target, content);
  return { target, mend: async () => writeFileSync(target, WHOLE) };
}

/** Replaces the file at a path with a server. */
function servedLater(target: string, onFinish: OnFinish) {
  const mend = async () => {
    rmSync(target, { recursive: true, force: true });
    const server = await startServer({ address: target, workers: WORKERS, warm: false });
    onFinish(() => server.close());
  };
  return { target, mend };
}
