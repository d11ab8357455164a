import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  HttpStatusError,
  NoAnswerError,
  NotStatsError,
  ResetError,
  SilentError,
  StalledError,
  TooLargeError,
} from '../../src/sources/errors.ts';
import { MAX_BYTES } from '../../src/sources/stream.ts';
import { DecodeError, decode } from '../../src/stats/decode.ts';
import { ENDLESS_STATUS, RUDE_STATUS } from './faults/responses.ts';
import { FAULTS, isFaultName } from './faults/table.ts';
import { call, connectTo, GET, readOnce, serve, snapshotOf, TCP } from './wire.ts';

const PLACES = [undefined, TCP];

describe('FAULTS', () => {
  it('has a name and a description for each fault', () => {
    for (const [name, { description }] of Object.entries(FAULTS)) {
      expect(isFaultName(name)).toBe(true);
      expect(description).toMatch(/^[a-z].{10,90}[^.]$/);
    }
    expect(isFaultName('toString')).toBe(false);
  });

  it.each(Object.keys(FAULTS).filter(isFaultName))(
    '%s can be set and cleared while the server runs',
    async (name) => {
      const server = await serve();
      server.fault = name;
      expect(server.fault).toBe(name);
      await call(server, { send: GET, limitMs: 50 });
      server.fault = null;
      const { document } = await readOnce(server);
      expect(JSON.parse(document.toString().replaceAll(/[\x00-\x08\x0b-\x1f\ue000]/g, ''))).toHaveProperty(
        'workers',
      );
    },
  );
});

describe('faults of the connection', () => {
  it('refuse-first-byte stays silent, with and without a request', async () => {
    for (const address of PLACES) {
      const server = await serve({ address, fault: 'refuse-first-byte' });
      for (const send of [undefined, GET])
        expect(await call(server, { ...(send ? { send } : {}), limitMs: 100 })).toEqual({
          bytes: Buffer.alloc(0),
          ended: 'open',
        });
      await expect(readOnce(server, 0.1)).rejects.toThrow(SilentError);
    }
  });

  it('close-empty closes without a byte', async () => {
    for (const address of PLACES) {
      const server = await serve({ address, fault: 'close-empty' });
      expect(await call(server)).toEqual({ bytes: Buffer.alloc(0), ended: 'closed' });
      await expect(readOnce(server)).rejects.toThrow(NoAnswerError);
    }
  });

  it('uwsgi waits for a request, and closes without a byte after the first bytes of it', async () => {
    for (const address of PLACES) {
      const server = await serve({ address, http: true, fault: 'uwsgi' });
      expect(await call(server, { limitMs: 100 })).toEqual({ bytes: Buffer.alloc(0), ended: 'open' });
      expect(await call(server, { send: 'GET', limitMs: 100 })).toMatchObject({ ended: 'open' });
      for (const send of ['GET ', GET])
        expect(await call(server, { send })).toEqual({ bytes: Buffer.alloc(0), ended: 'closed' });
      await expect(readOnce(server)).rejects.toThrow(NoAnswerError);
    }
  });

  it('uwsgi disconnects a client that sends nothing, as uWSGI does', async () => {
    const server = await serve({ fault: 'uwsgi', socketTimeout: 0.05 });
    expect(await call(server)).toEqual({ bytes: Buffer.alloc(0), ended: 'closed' });
  });

  it('late sends nothing, and then the whole document', async () => {
    const server = await serve({ address: TCP, fault: 'late' });
    const early = await call(server, { limitMs: 400 });
    expect(early).toMatchObject({ ended: 'open', bytes: Buffer.alloc(0) });
    const { bytes, ended } = await call(server);
    expect(ended).toBe('closed');
    expect(JSON.parse(bytes.toString())).toHaveProperty('workers');
    // The client has already sent its request, which the server does not read.
    expect((await snapshotOf(server)).workers).toHaveLength(8);
  });

  it('cut ends at varying places, which are the same for the same seed', async () => {
    const lengths = async (seed: number) => {
      const server = await serve({ fault: 'cut', seed });
      const all: number[] = [];
      for (let i = 0; i < 8; i++) {
        const { bytes, ended } = await call(server);
        expect(ended).toBe('closed');
        expect(() => decode(bytes)).toThrow(DecodeError);
        all.push(bytes.length);
      }
      return all;
    };
    const first = await lengths(1);
    expect(new Set(first).size).toBeGreaterThan(6);
    expect(await lengths(2)).not.toEqual(first);
  });

  it('trickle sends a byte every 100 ms and does not end', async () => {
    const server = await serve({ fault: 'trickle' });
    const start = performance.now();
    const client = connectTo(server);
    onTestFinished(() => void client.destroy());
    let text = '';
    for await (const chunk of client) {
      expect(chunk).toHaveLength(1);
      text += chunk;
      if (text.length === 3) break;
    }
    expect(text).toBe('{\n\t');
    expect(performance.now() - start).toBeGreaterThan(150);
    await expect(readOnce(server, 0.6)).rejects.toThrow(StalledError);
  });

  it('reset resets the connection in the middle', async () => {
    const tcp = await serve({ address: TCP, fault: 'reset' });
    expect((await call(tcp)).ended).toBe('reset');
    await expect(readOnce(tcp)).rejects.toThrow(ResetError);
    const unix = await serve({ fault: 'reset' });
    const { bytes, ended } = await call(unix);
    expect(ended).toBe('closed');
    expect(() => decode(bytes)).toThrow(DecodeError);
  });

  it('huge continues after the document, beyond the limit of the client', async () => {
    const server = await serve({ fault: 'huge' });
    await expect(readOnce(server, 20)).rejects.toThrow(TooLargeError);
    const client = connectTo(server);
    onTestFinished(() => void client.destroy());
    let received = 0;
    let tail = '';
    client.on('data', (chunk: Buffer) => {
      received += chunk.length;
      tail = chunk.subarray(-20).toString();
      if (received > MAX_BYTES / 8) client.destroy();
    });
    await once(client, 'close');
    expect(tail).toBe(' '.repeat(20));
  });
});

describe('faults of HTTP', () => {
  it('html is an error page with status 404', async () => {
    const server = await serve({ fault: 'html' });
    const { bytes } = await call(server, { send: GET });
    expect(bytes.toString()).toMatch(/^HTTP\/1\.1 404 Not Found\r\n.*<html>.*<\/html>\n$/s);
    await expect(readOnce(server)).rejects.toThrow(HttpStatusError);
  });

  it.each([
    ['status-500', '500', RUDE_STATUS, HttpStatusError],
    ['long-status', '404', ENDLESS_STATUS, NotStatsError],
  ] as const)('%s has escape sequences in its status line', async (fault, code, length, failure) => {
    const server = await serve({ fault });
    const { bytes, ended } = await call(server, { send: GET });
    const [first = ''] = bytes.toString('latin1').split('\r\n');
    expect(ended).toBe('closed');
    expect(first.slice(0, 25)).toBe(`HTTP/1.1 ${code} \x1b[2J\x1b[31mno `);
    expect(first).toHaveLength('HTTP/1.1 '.length + length);
    expect(bytes.subarray(-4).toString()).toBe('\r\n\r\n');
    await expect(readOnce(server)).rejects.toThrow(failure);
  });

  it('chunked is sent in chunks, which the client joins', async () => {
    const server = await serve({ address: TCP, fault: 'chunked' });
    const { bytes } = await call(server, { send: GET });
    const text = bytes.toString('latin1');
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n(.*\r\n)*Transfer-Encoding: chunked\r\n\r\n3f1\r\n\{/);
    expect(text.endsWith('\r\n0\r\n\r\n')).toBe(true);
    expect(JSON.parse((await readOnce(server)).document.toString())).toHaveProperty('workers');
  });

  it('content-length keeps the connection open after the document', async () => {
    const server = await serve({ address: TCP, fault: 'content-length' });
    const { bytes, ended } = await call(server, { send: GET, limitMs: 1000 });
    expect(ended).toBe('open');
    const [head = '', body = ''] = bytes.toString('latin1').split('\r\n\r\n');
    expect(head).toContain(`Content-Length: ${body.length}`);
    expect(JSON.parse((await readOnce(server)).document.toString())).toHaveProperty('workers');
  });

  it('flap alternates between raw and HTTP', async () => {
    const server = await serve({ fault: 'flap' });
    const starts: string[] = [];
    for (let turn = 0; turn < 4; turn++) {
      const { bytes } = turn % 2 === 0 ? await call(server) : await call(server, { send: GET });
      starts.push(bytes.subarray(0, 5).toString());
    }
    expect(starts).toEqual(['{\n\t"v', 'HTTP/', '{\n\t"v', 'HTTP/']);
  });
});
