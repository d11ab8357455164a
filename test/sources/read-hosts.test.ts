import dns from 'node:dns';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as errors from '../../src/sources/errors.ts';
import { read } from '../../src/sources/read.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';
import { failure } from './failures.ts';
import { DOCUMENT, raw, serve, silent } from './servers.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a host cannot be read', () => {
  it('if the port has no listener', async () => {
    const server = await serve('tcp', silent);
    const port = 'port' in server.connection ? server.connection.port : 0;
    await server.close();
    for (const host of ['127.0.0.1', 'localhost']) {
      expect(await failure(`${host}:${port}`)).toBeInstanceOf(errors.RefusedError);
    }
  });

  it.each([
    ['ENOTFOUND', errors.HostNotFoundError, 'unknown host name'],
    ['EAI_AGAIN', errors.HostNotFoundError, 'unknown host name'],
    ['ENETUNREACH', errors.UnreachableError, 'the host is unreachable (ENETUNREACH)'],
    ['EHOSTUNREACH', errors.UnreachableError, 'the host is unreachable (EHOSTUNREACH)'],
    ['EMFILE', errors.NoDescriptorError, 'no free file descriptor (EMFILE)'],
  ])('if the lookup fails with %s', async (code, expected, cause) => {
    vi.spyOn(dns, 'lookup').mockImplementation(((
      _host: string,
      _options: unknown,
      found: (error: Error) => void,
    ) => {
      found(Object.assign(new Error(code), { code }));
    }) as typeof dns.lookup);
    const error = await failure('web1.example:1717');
    expect(error).toBeInstanceOf(expected);
    expect(error.cause).toBe(cause);
  });

  it('if the connection times out', async () => {
    vi.spyOn(dns, 'lookup').mockImplementation((() => {}) as unknown as typeof dns.lookup);
    const error = await failure('web1.example:1717', 0.1);
    expect(error).toBeInstanceOf(errors.ConnectTimeoutError);
    expect(error.message).toContain('no connection within 0.1s');
  });
});

describe('an abstract socket', () => {
  it('is read if Node.js supports it, otherwise an error reports that it does not', async () => {
    const name = `statstop-test-${process.pid}`;
    const error = await failure(`@${name}`);
    const able = Number.parseInt(process.versions.node, 10) >= 22;
    expect(error).toBeInstanceOf(able ? errors.RefusedError : errors.AbstractSocketError);
    if (!able) return expect(error.message).toContain('Use Node.js 22 or newer');
    for (const bound of [`\0${name}\0`, `\0${name}`]) {
      const server = createServer(raw(DOCUMENT));
      await new Promise<void>((listening) => server.listen(bound, listening));
      const answer = await read(parseTarget(`@${name}`), { timeoutSeconds: TIMEOUT_SECONDS });
      await new Promise((closed) => server.close(closed));
      expect(answer.document.toString()).toBe(DOCUMENT);
    }
  });
});
