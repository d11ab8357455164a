import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decode } from '../../src/stats/decode.ts';
import { startServer } from './faults/server.ts';
import { call, connectTo, GET, readOnce, serve, snapshotOf, TCP } from './wire.ts';

describe('startServer', () => {
  it('listens on a socket in a separate folder, and removes both', async () => {
    const server = await startServer({ warm: false });
    const folder = dirname(server.address);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(server.address).isSocket()).toBe(true);
    await server.close();
    expect(existsSync(folder)).toBe(false);
  });

  it('listens at the given address', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'statstop-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'my.sock');
    const server = await serve({ address: path });
    expect(server.address).toBe(path);
    expect((await snapshotOf(server)).workers).toHaveLength(8);
    await server.close();
    expect(existsSync(folder)).toBe(true);
    const tcp = await serve({ address: TCP });
    expect(tcp.address).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
    expect((await snapshotOf(tcp)).workers).toHaveLength(8);
    await expect(startServer({ address: tcp.address, warm: false })).rejects.toThrow('EADDRINUSE');
  });

  it('sends one document at once, closes, and reads nothing', async () => {
    for (const address of [undefined, TCP]) {
      const { bytes, ended } = await call(await serve({ address }));
      expect(ended).toBe('closed');
      expect(JSON.parse(bytes.toString())).toMatchObject({ version: '2.0.21', cwd: '/srv/shop' });
    }
  });

  it('does not read what a client sends, so that the kernel sends a reset at the close', async () => {
    for (const address of [undefined, TCP]) {
      const server = await serve({ address, fault: 'refuse-first-byte' });
      const first = connectTo(server);
      await once(first, 'connect');
      await sleep(20);
      // Without a byte: libuv reports a reset together with data as the end of the data.
      server.fault = 'close-empty';
      // It waits behind the first client, so that its request has arrived before it is served.
      const seen = call(server, { send: GET, limitMs: 2000 });
      await sleep(50);
      first.destroy();
      expect((await seen).ended).toBe('reset');
    }
  });

  it('serves one client at a time', async () => {
    const server = await serve({ fault: 'refuse-first-byte' });
    const first = connectTo(server);
    await once(first, 'connect');
    await sleep(20);
    server.fault = null;
    const waiting = call(server, { limitMs: 100 });
    expect(await waiting).toMatchObject({ ended: 'open', bytes: Buffer.alloc(0) });
    first.destroy();
    expect((await call(server)).ended).toBe('closed');
  });

  it('with http waits for the complete request and answers as uWSGI does', async () => {
    for (const address of [undefined, TCP]) {
      const server = await serve({ address, http: true });
      expect(await call(server, { send: 'GET / HTTP/1.0\r\n', limitMs: 100 })).toMatchObject({
        bytes: Buffer.alloc(0),
        ended: 'open',
      });
      const { bytes, ended } = await call(server, { send: GET });
      const [head = '', body = ''] = bytes.toString().split('\r\n\r\n');
      expect(ended).toBe('closed');
      expect(head).toBe(
        'HTTP/1.0 200 OK\r\nConnection: close\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: application/json',
      );
      expect(JSON.parse(body)).toHaveProperty('workers');
      expect((await readOnce(server)).protocol).toBe('http');
    }
  });

  it('runs in real time', async () => {
    const start = performance.now();
    const server = await serve({ rate: 400, cores: 8 });
    const first = await snapshotOf(server);
    const time = server.traffic.state.time;
    await sleep(300);
    const second = await snapshotOf(server);
    const passed = server.traffic.state.time - time;
    expect(passed).toBeGreaterThanOrEqual(0.29);
    expect(server.traffic.state.time).toBeLessThanOrEqual((performance.now() - start) / 1000);
    const requests = (snapshot: typeof first) =>
      snapshot.workers.reduce((total, worker) => total + (worker.requests ?? 0), 0);
    expect(requests(second)).toBeGreaterThan(requests(first));
    expect(second.server).toEqual(first.server);
    const started = second.workers[0]?.lastSpawn ?? 0;
    expect(Math.abs(Date.now() / 1000 - started - server.traffic.state.time)).toBeLessThan(2);
    expect(first.workers[0]?.lastSpawn).toBe(started);
  });

  it('starts with a history, shortly before a rush', async () => {
    const server = await serve({ warm: true });
    const { traffic } = server;
    const { workers } = await snapshotOf(server);
    expect(workers.reduce((total, worker) => total + (worker.requests ?? 0), 0)).toBeGreaterThan(20_000);
    expect(traffic.rush - traffic.state.time).toBeGreaterThan(15);
    expect(traffic.rush - traffic.state.time).toBeLessThanOrEqual(20);
  });

  it('accepts the options of the traffic and of the document', async () => {
    const server = await serve({ workers: 3, cores: 5, noCores: true, minified: true, extras: false });
    const { document } = await readOnce(server);
    expect(document.includes('\n')).toBe(false);
    expect(JSON.parse(document.toString())).not.toHaveProperty('caches');
    expect((await snapshotOf(server)).workers).toMatchObject([{ cores: [] }, { cores: [] }, { cores: [] }]);
    expect(server.traffic.state.workers[0]?.cores).toHaveLength(5);
    await expect(startServer({ workers: 0 })).rejects.toThrow(RangeError);
  });

  it('disconnects a client that sends no request, and one that stops reading', async () => {
    const silent = await serve({ http: true, socketTimeout: 0.2 });
    expect(await call(silent)).toEqual({ bytes: Buffer.alloc(0), ended: 'closed' });
    // More than the kernel buffers for a client that does not read.
    const large = await serve({ workers: 512, cores: 8, socketTimeout: 0.2 });
    const client = connectTo(large);
    await once(client, 'connect');
    const next = await snapshotOf(large);
    expect(next.workers).toHaveLength(512);
    let received = 0;
    for await (const chunk of client) received += chunk.length;
    expect(received).toBeLessThan(1_000_000);
  });

  it('can be an emperor', async () => {
    const server = await serve({ kind: 'emperor' });
    const snapshot = decode((await readOnce(server)).document);
    expect(snapshot).toMatchObject({ kind: 'emperor', repaired: false });
  });

  it('closes while clients are connected', async () => {
    const server = await startServer({ warm: false, fault: 'refuse-first-byte' });
    const clients = [connectTo(server), connectTo(server)];
    await Promise.all(clients.map((client) => once(client, 'connect')));
    // A connection that was not yet accepted is reset.
    for (const client of clients) client.on('error', () => {});
    const closed = Promise.all(
      clients.map((client) => new Promise((resolve) => client.resume().once('close', resolve))),
    );
    await server.close();
    await closed;
  });

  it('survives clients that disconnect at once', async () => {
    const server = await serve({ workers: 64, cores: 8 });
    for (let i = 0; i < 10; i++) {
      const client = connectTo(server);
      await once(client, 'connect');
      client.destroy();
    }
    expect((await snapshotOf(server)).workers).toHaveLength(64);
  });
});
