import { chmodSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as errors from '../../src/sources/errors.ts';
import { failure, STATS_SOCKET } from './failures.ts';
import { DOCUMENT, folder, HTTP_HEAD, raw, serve, silent, type Where } from './servers.ts';

describe.each<Where>(['unix', 'tcp'])('a server on a %s socket', (where) => {
  it("that accepts and stays silent is taken for the application's own socket", async () => {
    const { target } = await serve(where, silent);
    const error = await failure(target);
    expect(error).toBeInstanceOf(errors.SilentError);
    expect(error.cause).toBe('the server accepted the connection but sent nothing within 0.5s');
    expect(error.message).toContain(
      `The server's master is stopped or stuck, or this is the application's socket. ${STATS_SOCKET}`,
    );
  });

  it('that closes without a byte sent no answer', async () => {
    const error = await failure((await serve(where, raw(''))).target);
    expect(error).toBeInstanceOf(errors.NoAnswerError);
    expect(error.message).toContain(STATS_SOCKET);
  });

  it('that never ends its document times out', async () => {
    const { target } = await serve(where, async (socket) => {
      while (!socket.destroyed) {
        socket.write('{');
        await pause(20);
      }
    });
    const error = await failure(target);
    expect(error).toBeInstanceOf(errors.StalledError);
    expect(error.cause).toMatch(/^the document was not complete after 0\.5s \(\d+ bytes received\)$/);
  });
});

describe('a server that closes early', () => {
  it("after the request without a byte is taken for the application's socket", async () => {
    const { target } = await serve('tcp', (socket) => {
      socket.on('data', () => socket.end());
    });
    const error = await failure(target);
    expect(error).toBeInstanceOf(errors.NoAnswerError);
    expect(error.message).toContain("This looks like the application's socket.");
  });

  it('in the middle of a document, with a reset, causes a reset error', async () => {
    const { target } = await serve('tcp', async (socket) => {
      socket.write('{"version":');
      await pause(50);
      socket.resetAndDestroy();
    });
    const error = await failure(target);
    expect(error).toBeInstanceOf(errors.ResetError);
    expect(error.cause).toBe('the server closed the connection before the document was complete');
  });

  it('in the middle of an HTTP response is not asked again', async () => {
    const { target, received } = await serve('tcp', (socket) => {
      socket.on('data', async () => {
        socket.write(`${HTTP_HEAD}{"version":`);
        await pause(50);
        socket.resetAndDestroy();
      });
    });
    expect(await failure(target)).toBeInstanceOf(errors.ResetError);
    expect(received).toHaveLength(1);
  });

  it('also in the second attempt as a raw server causes a reset error', async () => {
    const talk = async (socket: Socket, connection: number) => {
      if (connection === 0) await pause(350);
      socket.resetAndDestroy();
    };
    const { target, received } = await serve('tcp', talk);
    expect(await failure(target)).toBeInstanceOf(errors.ResetError);
    expect(received).toHaveLength(2);
  });
});

describe('a path cannot be read', () => {
  it('if it does not exist', async () => {
    const error = await failure(join(folder(), 'gone.stats'));
    expect(error).toBeInstanceOf(errors.NotFoundError);
    expect(error.cause).toBe('no such socket or file');
    expect(await failure(`unix:${join(folder(), 'gone.stats')}`)).toBeInstanceOf(errors.NotFoundError);
  });

  it('if a parent is not a folder', async () => {
    const path = join(folder(), 'file');
    writeFileSync(path, DOCUMENT);
    expect(await failure(join(path, 'app.stats'))).toBeInstanceOf(errors.NotFoundError);
  });

  it('if it is a folder', async () => {
    const error = await failure(folder());
    expect(error).toBeInstanceOf(errors.IsDirectoryError);
    expect(error.message).toContain('Give the path of the stats socket in it.');
  });

  it('if it is a socket without a server', async () => {
    const path = join(folder(), 'stale.stats');
    const server = await serve('unix', silent);
    linkSync(server.target.text, path);
    await server.close();
    const error = await failure(path);
    expect(error).toBeInstanceOf(errors.RefusedError);
    expect(error.message).toContain(
      `No process listens there: the server is down or uses another address. ${STATS_SOCKET}`,
    );
  });

  it('if it is a file but was given as a socket', async () => {
    const path = join(folder(), 'file');
    writeFileSync(path, DOCUMENT);
    expect(await failure(`unix:${path}`)).toBeInstanceOf(errors.RefusedError);
  });
});

describe('without permission', () => {
  /** Runs a task as a user without rights to these files, because root may read all files. */
  async function asNobody<Result>(task: () => Promise<Result>): Promise<Result> {
    if (process.geteuid?.() !== 0) return task();
    process.seteuid?.(65534);
    try {
      return await task();
    } finally {
      process.seteuid?.(0);
    }
  }

  it('a socket, a file, a closed folder and its content are not read', async () => {
    const { target } = await serve('unix', raw(DOCUMENT));
    const open = dirname(target.text);
    const file = join(open, 'saved.stats');
    const closed = join(open, 'closed');
    writeFileSync(file, DOCUMENT);
    mkdirSync(closed);
    for (const path of [target.text, file, closed]) chmodSync(path, 0);
    onTestFinished(() => chmodSync(closed, 0o700));
    chmodSync(open, 0o755);
    for (const path of [target.text, file, closed, join(closed, 'app.stats')]) {
      const error = await asNobody(() => failure(path));
      expect(error).toBeInstanceOf(errors.PermissionError);
      expect(error.message).toContain("Run statstop as the server's user or as root.");
    }
  });
});
