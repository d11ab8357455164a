import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  HttpStatusError,
  NoAnswerError,
  ResetError,
  SilentError,
  StalledError,
  TooLargeError,
} from '../../src/client/errors.ts';
import { MAX_BYTES } from '../../src/client/stream.ts';
import { FAULTS, isFaultName, RELOAD_EVERY } from '../../src/demo/faults.ts';
import { DecodeError, decode } from '../../src/stats/decode.ts';
import { call, connectTo, GET, readOnce, serve, snapshotOf, TCP } from './wire.ts';

const PLACES = [undefined, TCP];

describe('FAULTS', () => {
  it('has a name and a line for each', () => {
    for (const [name, { description }] of Object.entries(FAULTS)) {
      expect(isFaultName(name)).toBe(true);
      expect(description).toMatch(/^[a-z].{10,90}[^.]$/);
    }
    expect(isFaultName('toString')).toBe(false);
  });

  it.each(Object.keys(FAULTS).filter(isFaultName))(
    '%s comes and goes while the server runs',
    async (name) => {
      const server = await serve();
      server.fault = name;
      expect(server.fault).toBe(name);
      await call(server, { send: GET, patienceMs: 50 });
      server.fault = null;
      const { document } = await readOnce(server);
      expect(JSON.parse(document.toString().replaceAll(/[\x00-\x08\x0b-\x1f\ue000]/g, ''))).toHaveProperty(
        'workers',
      );
    },
  );
});

describe('faults of the connection', () => {
  it('refuse-first-byte stays silent, asked or not', async () => {
    for (const address of PLACES) {
      const server = await serve({ address, fault: 'refuse-first-byte' });
      for (const send of [undefined, GET])
        expect(await call(server, { ...(send ? { send } : {}), patienceMs: 100 })).toEqual({
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

  it('late sends nothing until it sends all', async () => {
    const server = await serve({ address: TCP, fault: 'late' });
    const early = await call(server, { patienceMs: 400 });
    expect(early).toMatchObject({ ended: 'open', bytes: Buffer.alloc(0) });
    const { bytes, ended } = await call(server);
    expect(ended).toBe('closed');
    expect(JSON.parse(bytes.toString())).toHaveProperty('workers');
    // The client has asked by then, in vain.
    expect((await snapshotOf(server)).workers).toHaveLength(8);
  });

  it('cut ends somewhere, in the same places for the same seed', async () => {
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

  it('trickle sends a byte each 100 ms and goes on', async () => {
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
    expect(performance.now() - start).toBeGreaterThan(250);
    await expect(readOnce(server, 0.6)).rejects.toThrow(StalledError);
  });

  it('reset breaks off in the middle', async () => {
    const tcp = await serve({ address: TCP, fault: 'reset' });
    expect((await call(tcp)).ended).toBe('reset');
    await expect(readOnce(tcp)).rejects.toThrow(ResetError);
    const unix = await serve({ fault: 'reset' });
    const { bytes, ended } = await call(unix);
    expect(ended).toBe('closed');
    expect(() => decode(bytes)).toThrow(DecodeError);
  });

  it('huge goes on after the document, beyond the limit of the client', async () => {
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
  it('html is a page that is not there', async () => {
    const server = await serve({ fault: 'html' });
    const { bytes } = await call(server, { send: GET });
    expect(bytes.toString()).toMatch(/^HTTP\/1\.1 404 Not Found\r\n.*<html>.*<\/html>\n$/s);
    await expect(readOnce(server)).rejects.toThrow(HttpStatusError);
  });

  it('chunked is in chunks, which the client puts together', async () => {
    const server = await serve({ address: TCP, fault: 'chunked' });
    const { bytes } = await call(server, { send: GET });
    const text = bytes.toString('latin1');
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n(.*\r\n)*Transfer-Encoding: chunked\r\n\r\n3f1\r\n\{/);
    expect(text.endsWith('\r\n0\r\n\r\n')).toBe(true);
    expect(JSON.parse((await readOnce(server)).document.toString())).toHaveProperty('workers');
  });

  it('content-length keeps the connection open after the document', async () => {
    const server = await serve({ address: TCP, fault: 'content-length' });
    const { bytes, ended } = await call(server, { send: GET, patienceMs: 1000 });
    expect(ended).toBe('open');
    const [head = '', body = ''] = bytes.toString('latin1').split('\r\n\r\n');
    expect(head).toContain(`Content-Length: ${body.length}`);
    expect(JSON.parse((await readOnce(server)).document.toString())).toHaveProperty('workers');
  });

  it('flap speaks raw and HTTP by turns', async () => {
    const server = await serve({ fault: 'flap' });
    const starts: string[] = [];
    for (let turn = 0; turn < 4; turn++) {
      const { bytes } = turn % 2 === 0 ? await call(server) : await call(server, { send: GET });
      starts.push(bytes.subarray(0, 5).toString());
    }
    expect(starts).toEqual(['{\n\t"v', 'HTTP/', '{\n\t"v', 'HTTP/']);
  });
});

describe('faults of the document', () => {
  const varsOf = async (fault: 'control-chars' | 'bad-utf8') => {
    const server = await serve({ fault });
    const { document } = await readOnce(server);
    const snapshot = await snapshotOf(server);
    const vars = snapshot.workers.flatMap(({ cores }) => cores.flatMap((core) => core.vars));
    return { document, snapshot, uri: vars.find((each) => each.startsWith('REQUEST_URI=/search?q=')) };
  };

  it('control-chars passes ESC and BEL through', async () => {
    const { document, snapshot, uri } = await varsOf('control-chars');
    expect(document.includes('\x1b]0;pwned\x07')).toBe(true);
    expect(() => JSON.parse(document.toString())).toThrow();
    expect(snapshot.repaired).toBe(true);
    expect(uri).toContain('\x1b[2J');
  });

  it('bad-utf8 has bytes of no character', async () => {
    const { document, snapshot, uri } = await varsOf('bad-utf8');
    expect(document.includes(Buffer.of(0xff, 0xfe, 0xc3, 0x28))).toBe(true);
    expect(document.includes('\ue000')).toBe(false);
    expect(snapshot.repaired).toBe(true);
    expect(uri).toBe('REQUEST_URI=/search?q=\udcff\udcfe\udcc3(');
  });

  it.each([
    ['no-brace', /^\n\t"version":/],
    ['bom', /^\xef\xbb\xbf\{\n/],
    ['nul', /\n\}\0$/],
  ] as const)('%s is there and is repaired', async (fault, pattern) => {
    const server = await serve({ fault });
    expect((await readOnce(server)).document.toString('latin1')).toMatch(pattern);
    expect(await snapshotOf(server)).toMatchObject({ repaired: true, workers: { length: 8 } });
  });

  it('u64 has numbers that are unknown', async () => {
    const server = await serve({ fault: 'u64' });
    const { document } = await readOnce(server);
    expect(document.toString().match(/:18446744073709551615\b/g)).toHaveLength(5);
    const { listenQueue, load, signalQueue, workers } = await snapshotOf(server);
    expect({ listenQueue, load, signalQueue }).toEqual({ listenQueue: null, load: null, signalQueue: null });
    expect(workers[0]).toMatchObject({ rss: null, vsz: null, requests: expect.any(Number) });
    expect(() => JSON.parse(document.toString())).not.toThrow();
  });

  it('reload sets the counters back under the same master, once in a while', async () => {
    const server = await serve({ fault: 'reload', warm: true });
    const snapshots = [];
    for (let turn = 1; turn <= RELOAD_EVERY + 1; turn++) snapshots.push(await snapshotOf(server));
    const requests = snapshots.map(({ workers }) =>
      workers.reduce((total, worker) => total + (worker.requests ?? 0), 0),
    );
    const pids = new Set(snapshots.map(({ server: { pid } }) => pid));
    expect(pids.size).toBe(1);
    expect(requests[RELOAD_EVERY - 1]).toBe(0);
    for (const before of requests.slice(0, RELOAD_EVERY - 1)) expect(before).toBeGreaterThan(20_000);
    expect(requests[RELOAD_EVERY]).toBeLessThan(100);
    expect(snapshots[RELOAD_EVERY]?.workers[0]?.pid).not.toBe(snapshots[0]?.workers[0]?.pid);
  });
});
