import { existsSync, readFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Queues } from '../../src/host/queues.ts';
import { parseListeners, Ss } from '../../src/host/ss.ts';
import type { Socket } from '../../src/stats/snapshot.ts';
import { app } from '../rates/builders.ts';
import { type FakeHost, fakeHost, listening, MASTER, put, saying, socket } from './fake-host.ts';
import { line } from './fake-proc.ts';

const unix = (path: string, inode: number, queue = 3, limit = 100) =>
  `u_str LISTEN ${queue}      ${limit}     ${path} ${inode}       * 0 <-> ino:22 dev:0/65024 peers:`;
const tcp = (address: string, inode: number, queue = 5, limit = 128) =>
  `tcp   LISTEN ${queue}      ${limit}      ${address}   [::]:* uid:33 ino:${inode} sk:1024 cgroup:/ v6only:1 <->`;

/** Reads the queues of a master with the sockets 900 to 904, at the given times. */
function reading(fake: FakeHost) {
  put(fake.proc, MASTER, { sockets: [900, 901, 902, 903, 904] });
  const queues = new Queues(fake.proc, new Ss(fake.ss));
  return (names: readonly (string | null | Socket)[], clock = 0, master = MASTER) => {
    const sockets = names.map((each) => (typeof each === 'object' && each !== null ? each : socket(each)));
    return queues.read(app([], { sockets }), master, clock).then((found) => Object.fromEntries(found));
  };
}

const runs = ({ ss }: FakeHost) => (existsSync(`${ss}.runs`) ? readFileSync(`${ss}.runs`, 'utf8').length : 0);

describe('a line of ss', () => {
  it.each([
    [unix('/run/app.sock', 900), 'unix', '/run/app.sock', 22],
    ['u_str LISTEN 3 100 /run/app.sock 900 * 0', 'unix', '/run/app.sock', null],
    [unix('/run/my app 123 * 0', 900), 'unix', '/run/my app 123 * 0', 22],
    [unix('/x 1 * 0 <-> ino:5 ', 900), 'unix', '/x 1 * 0 <-> ino:5 ', 22],
    [unix('@app@', 900), 'unix', '@app@', 22],
    [tcp('[::1]:3031', 900, 3, 100), 'tcp', '[::1]:3031', null],
    [tcp('*:3031', 900, 3, 100), 'tcp', '*:3031', null],
  ])('is parsed: %s', (text, family, name, file) => {
    expect(parseListeners(`${text}\n`)).toEqual([
      { family, name, inode: '900', queue: 3, limit: 100, isKnown: true, file },
    ]);
  });

  it.each([
    '',
    'u_seq LISTEN 3 100 /run/app.sock 900 * 0',
    'u_str ESTAB 3 100 /run/app.sock 900 * 901',
    'u_str LISTEN 3 100 /run/app.sock',
    'tcp LISTEN 3 100 [::1]:3031 [::]:*',
    'Netid State Recv-Q Send-Q',
  ])('is ignored: %s', (text) => {
    expect(parseListeners(`${text}\n`)).toEqual([]);
  });

  it.each([
    [unix('/run/app.sock', 900, 1, 0), 1],
    [unix('@app', 900, 0, 0), 0],
    [tcp('127.0.0.1:80', 900, 1, 0), 1],
  ])('can have a known limit of 0: %s', (text, queue) => {
    expect(parseListeners(text)).toMatchObject([{ queue, limit: 0, inode: '900', isKnown: true }]);
  });

  it.each([
    'u_str LISTEN 0 0 /run/app.sock 900 * 0',
    // A path that looks like the details.
    'u_str LISTEN 0 0 /run/x 5 * 0 <-> ino:7 900 * 0',
  ])('has no details of a unix socket if ss took it from /proc/net/unix: %s', (text) => {
    expect(parseListeners(text)).toMatchObject([{ inode: '900', isKnown: false }]);
  });

  it('is ignored if another line has the same inode', () => {
    // The path of another user's socket contains a complete line.
    const forged = unix(`/tmp/x\n${unix('/run/app.sock', 900, 99)}\n`, 901);
    for (const real of [unix('/run/app.sock', 900), unix('/run/app.sock', 900, 0, 0)]) {
      expect(parseListeners(`${real}\n${forged}`).map(({ inode }) => inode)).not.toContain('900');
      expect(parseListeners(`${forged}\n${real}`).map(({ inode }) => inode)).not.toContain('900');
    }
  });
});

describe('the queue of a socket', () => {
  it('is unknown if the kernel does not report it: 0 of 0', async () => {
    const fake = await fakeHost();
    saying(fake.ss, 'u_str LISTEN 0 0 /run/app.sock 900 * 0');
    expect(await reading(fake)(['/run/app.sock'])).toEqual({});
  });

  it('has a limit of 0 if the kernel reports that', async () => {
    const fake = await fakeHost();
    saying(fake.ss, [unix('/run/app.sock', 900, 1, 0), tcp('127.0.0.1:80', 901, 0, 0)].join('\n'));
    expect(await reading(fake)(['/run/app.sock', '127.0.0.1:80'])).toEqual({
      '/run/app.sock': { queue: 1, limit: 0 },
      '127.0.0.1:80': { queue: 0, limit: 0 },
    });
  });

  it('is that of the socket with its name', async () => {
    const fake = await fakeHost();
    saying(
      fake.ss,
      [
        unix('/run/app.sock', 900, 1),
        unix('app.sock', 901, 2),
        unix('@app@', 902, 3),
        tcp('[::1]:3031', 903, 4),
      ].join('\n'),
    );
    expect(await reading(fake)(['/run/app.sock', 'app.sock', '@app', '[::1]:3031', 'other', null])).toEqual({
      '/run/app.sock': { queue: 1, limit: 100 },
      'app.sock': { queue: 2, limit: 100 },
      '@app': { queue: 3, limit: 100 },
      '[::1]:3031': { queue: 4, limit: 128 },
    });
  });

  it('is that of the master if other sockets have the same name', async () => {
    const fake = await fakeHost();
    saying(
      fake.ss,
      [
        unix('app.sock', 950, 9),
        unix('app.sock', 901, 2),
        tcp('127.0.0.1:3031', 951),
        tcp('[::]:3031', 903),
      ].join('\n'),
    );
    expect(await reading(fake)(['app.sock', '[::]:3031'])).toEqual({
      'app.sock': { queue: 2, limit: 100 },
      '[::]:3031': { queue: 5, limit: 128 },
    });
  });

  it("is unknown if the socket is not the master's or the name is ambiguous", async () => {
    const fake = await fakeHost();
    const other = unix('/run/app.sock', 950);
    const two = [unix('two', 900), unix('two', 901), tcp('[::1]:80', 902), tcp('[::2]:80', 903)];
    saying(fake.ss, [other, ...two, unix('twice', 904)].join('\n'));
    expect(await reading(fake)(['/run/app.sock', 'two', '[::1]:80', 'twice', 'twice', '1:80:x'])).toEqual({});
  });

  it('does not run ss if the document contains it or there is no socket', async () => {
    const fake = await fakeHost();
    saying(fake.ss, tcp('127.0.0.1:3031', 900));
    const read = reading(fake);
    expect(await read([socket('127.0.0.1:3031', { queue: 0, maxQueue: 100 })])).toEqual({});
    expect(await read([])).toEqual({});
    expect(await read([null])).toEqual({});
    expect(runs(fake)).toBe(0);
    expect(await read(['127.0.0.1:3031'])).toEqual({ '127.0.0.1:3031': { queue: 5, limit: 128 } });
  });

  it('is read again after 2 s', async () => {
    const fake = await fakeHost();
    saying(fake.ss, unix('a', 900, 1));
    const read = reading(fake);
    expect(await read(['a'], 10)).toEqual({ a: { queue: 1, limit: 100 } });
    saying(fake.ss, unix('a', 900, 7));
    expect(await read(['a'], 11)).toEqual({ a: { queue: 1, limit: 100 } });
    expect(runs(fake)).toBe(1);
    expect(await read(['a'], 12)).toEqual({ a: { queue: 7, limit: 100 } });
    // Bound again, by the same master and by another one.
    saying(fake.ss, unix('a', 901, 8));
    expect(await read(['a'], 14)).toEqual({ a: { queue: 8, limit: 100 } });
    put(fake.proc, 101, { sockets: [] });
    expect(await read(['a'], 14.1, 101)).toEqual({});
  });

  it('of a unix socket is accepted without permission if it is in the same network namespace', async () => {
    const fake = await fakeHost();
    const read = reading(fake);
    put(fake.proc, MASTER, { sockets: null });
    listening(fake.proc, MASTER, [line(900, 'a'), line(901, 'b'), line(903, 'b'), line(905, 'd')]);
    saying(
      fake.ss,
      [unix('a', 900), unix('b', 901), unix('b', 903), unix('c', 902), tcp('[::]:80', 905)].join('\n'),
    );
    expect(await read(['a', 'b', 'c', '[::]:80'])).toEqual({ a: { queue: 3, limit: 100 } });
  });
});

describe('the queues', () => {
  it('are unknown if ss fails, and it is not run for a while', async () => {
    const fake = await fakeHost();
    const read = reading(fake);
    saying(fake.ss, unix('a', 900));
    expect(await read(['a'], 10)).not.toEqual({});
    saying(fake.ss, unix('a', 900), 1);
    expect(await read(['a'], 12)).toEqual({});
    expect(await read(['a'], 14)).toEqual({});
    expect(runs(fake)).toBe(2);
    saying(fake.ss, unix('a', 900));
    expect(await read(['a'], 73)).not.toEqual({});
  });

  it('are unknown if ss is missing', async () => {
    const fake = await fakeHost();
    rmSync(fake.ss);
    const read = reading(fake);
    expect(await read(['a'], 10)).toEqual({});
    saying(fake.ss, unix('a', 900));
    expect(await read(['a'], 20)).toEqual({});
    expect(await read(['a'], 80)).not.toEqual({});
  });

  it('are unknown if the master has ended', async () => {
    const fake = await fakeHost();
    saying(fake.ss, unix('a', 900));
    expect(await reading(fake)(['a'], 10, 4242)).toEqual({});
  });
});
