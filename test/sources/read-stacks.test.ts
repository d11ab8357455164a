import { once } from 'node:events';
import { chmodSync, linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as errors from '../../src/sources/errors.ts';
import { MAX_STACKS_BYTES, readStacks } from '../../src/sources/read-stacks.ts';
import * as stacksErrors from '../../src/sources/stacks-errors.ts';
import { stoppedServer } from '../faults/stopped.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';
import { folder, raw, serve, silent } from './servers.ts';

const TITLE = '*** uWSGI Python tracebacker output ***\n\n';
const STACKS = readFileSync(new URL('../../fixtures/stacks/threads.txt', import.meta.url), 'utf8');

/** A tracebacker that runs `talk`, and the bytes that it received. */
async function tracebacker(talk: (socket: Socket) => void) {
  const { target, received, close } = await serve('unix', talk);
  return { path: target.text, received, close };
}

/** Returns the error of a failed read. Checks that its message contains the socket, the cause and the advice. */
async function failure(path: string, timeoutSeconds = 0.3): Promise<errors.TargetError> {
  const error = await readStacks(path, { timeoutSeconds }).catch((reason) => reason);
  if (!(error instanceof errors.TargetError)) return expect.fail(`not a TargetError: ${error}`);
  expect(error.message).toBe(`${path}: ${error.cause}. ${error.advice}`);
  expect(`${error.cause} ${error.advice}`).not.toMatch(/\bstats\b/);
  return error;
}

describe('the stacks of a worker', () => {
  it('are read to the end over one connection, without a byte sent', async () => {
    const { path, received } = await tracebacker(raw(STACKS));
    expect(await readStacks(path, { timeoutSeconds: TIMEOUT_SECONDS })).toBe(STACKS);
    await pause(50);
    expect(received).toEqual(['']);
  });

  it('may arrive late and in pieces: the silence does not cause a request', async () => {
    const { path, received } = await tracebacker(async (socket) => {
      await pause(400);
      for (const piece of STACKS.match(/[\s\S]{1,200}/g) ?? []) {
        socket.write(piece);
        await pause(1);
      }
      socket.end();
    });
    expect(await readStacks(path, { timeoutSeconds: TIMEOUT_SECONDS })).toBe(STACKS);
    expect(received).toEqual(['']);
  });

  it('may be empty', async () => {
    const { path } = await tracebacker(raw(TITLE));
    expect(await readStacks(path, { timeoutSeconds: TIMEOUT_SECONDS })).toBe(TITLE);
  });

  it('may have a size of up to a MiB', async () => {
    const most = TITLE + 'x'.repeat(MAX_STACKS_BYTES - TITLE.length);
    const fits = await tracebacker(raw(most));
    expect((await readStacks(fits.path, { timeoutSeconds: TIMEOUT_SECONDS })).length).toBe(2 ** 20);
    const error = await failure((await tracebacker(raw(`${most}x`))).path, 5);
    expect(error).toBeInstanceOf(stacksErrors.NotTracebackerError);
    expect(error.cause).toBe('the response has more than 1 MiB');
  });

  it('are not waited for after an abort, which closes the connection', async () => {
    const closed: boolean[] = [];
    const stop = new AbortController();
    const { path } = await tracebacker((socket) => {
      socket.once('close', () => closed.push(true));
      stop.abort();
    });
    const reading = readStacks(path, { timeoutSeconds: 60, signal: stop.signal });
    await expect(reading).rejects.toThrow(/the read was cancelled/);
    while (closed.length === 0) await pause(5);
  });
});

describe('an error has a cause and advice', () => {
  it('if there is no socket', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    for (const path of [join(folder(), 'app.tb1'), join(file, 'app.tb1')]) {
      const error = await failure(path);
      expect(error).toBeInstanceOf(stacksErrors.NoTracebackerError);
      expect(error.cause).toBe('no tracebacker socket at this path');
      expect(error.advice).toContain('`py-tracebacker = PREFIX`');
    }
  });

  it('if the worker has ended and left its socket', async () => {
    const { path, close } = await tracebacker(silent);
    const link = join(folder(), 'app.tb1');
    linkSync(path, link);
    await close();
    const error = await failure(link);
    expect(error).toBeInstanceOf(stacksErrors.TracebackerGoneError);
    expect(error.cause).toBe('no process listens at this tracebacker socket');
  });

  it('if the worker ends before it answers', async () => {
    const path = join(folder(), 'app.tb1');
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
      const server = require('node:net').createServer().listen(workerData, () => {
        parentPort.postMessage('listening');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
        server.close();
      });`,
      { eval: true, workerData: path },
    );
    onTestFinished(async () => void (await worker.terminate()));
    await once(worker, 'message');
    const error = await failure(path, 20);
    expect(error).toBeInstanceOf(stacksErrors.TracebackerGoneError);
    expect(error.cause).toBe('the worker ended before its stacks were complete');
  });

  it('if no byte arrives, because another thread holds the lock of Python', async () => {
    const { path, received } = await tracebacker(silent);
    const error = await failure(path);
    expect(error).toBeInstanceOf(stacksErrors.TracebackerHeldError);
    expect(error.cause).toBe('no data within 0.3s');
    expect(error.advice).toContain('(GIL)');
    expect(received).toEqual(['']);
  });

  it('if the end does not arrive', async () => {
    const { path } = await tracebacker((socket) => socket.write(TITLE));
    const error = await failure(path);
    expect(error).toBeInstanceOf(stacksErrors.TracebackerHeldError);
    expect(error.cause).toBe(`the stacks were not complete after 0.3s (${TITLE.length} bytes received)`);
  });

  it('if the queue of the socket is full', async () => {
    const path = join(folder(), 'app.tb1');
    await stoppedServer({ path }, onTestFinished);
    const error = await failure(path);
    expect(error).toBeInstanceOf(stacksErrors.TracebackerHeldError);
    expect(error.cause).toContain('the queue of the tracebacker socket is full');
  });

  it('if it closes without a byte, as it always does after a character beyond ASCII', async () => {
    const error = await failure((await tracebacker(raw(''))).path);
    expect(error).toBeInstanceOf(stacksErrors.TracebackerBrokenError);
    expect(error.advice).toContain('non-ASCII');
  });

  it.each([
    '{"version":"2.0.21","workers":[]}',
    'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n',
    TITLE.slice(0, 9),
  ])('if another program listens at the socket: %j', async (words) => {
    // The other program need not close: its first bytes may suffice.
    const error = await failure((await tracebacker(raw(words))).path);
    expect(error).toBeInstanceOf(stacksErrors.NotTracebackerError);
    expect(error.cause).toBe('the response does not contain stacks');
    expect(error.message).not.toContain(words);
  });

  it('without permission', async () => {
    const { path } = await tracebacker(raw(STACKS));
    const closed = join(dirname(path), 'closed');
    mkdirSync(closed);
    for (const each of [path, closed]) chmodSync(each, 0);
    onTestFinished(() => chmodSync(closed, 0o700));
    chmodSync(dirname(path), 0o755);
    for (const each of [path, join(closed, 'app.tb1')]) {
      const error = await asNobody(() => failure(each));
      expect(error).toBeInstanceOf(errors.PermissionError);
      expect(error.advice).toBe("Run statstop as the server's user or as root.");
    }
  });

  it('if the path is too long for a socket', async () => {
    expect(await failure(`/${'x'.repeat(107)}`)).toBeInstanceOf(errors.PathTooLongError);
    expect(await failure(`/${'x'.repeat(102)}`)).toBeInstanceOf(stacksErrors.NoTracebackerError);
  });
});

describe('an abstract socket', () => {
  const REACHES = Number.parseInt(process.versions.node, 10) >= 22;

  // Each Node.js runs one of the two variants, so none is skipped.
  it.each(['\0', ''])(
    `is ${REACHES ? 'read' : 'refused with advice'}, with %j after its name`,
    async (end) => {
      const name = `statstop${folder()}.tb1`;
      if (!REACHES) {
        const error = await failure(`@${name}`);
        expect(error).toBeInstanceOf(stacksErrors.NoAbstractTracebackerError);
        expect(error.advice).toContain('Node.js 22');
        return;
      }
      const server = createServer(raw(STACKS)).listen({ path: `\0${name}${end}` });
      onTestFinished(() => void server.close());
      await once(server, 'listening');
      expect(await readStacks(`@${name}`, { timeoutSeconds: TIMEOUT_SECONDS })).toBe(STACKS);
    },
  );
});

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
