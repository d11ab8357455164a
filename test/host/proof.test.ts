import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prove } from '../../src/host/proof.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { app, worker } from '../rates/builders.ts';
import { line, listen } from './machine.ts';
import { BOOT, listening, MASTER, type Made, made, type Process, put, WORKERS } from './made.ts';

const verdict = ({ proc, target, snapshot }: Made, from = target) =>
  prove({ target: parseTarget(from), snapshot, pid: MASTER, bootTime: BOOT, proc });

/** Without the permission to look at its sockets. */
const CLOSED = { sockets: null };

/** A table of TCP sockets: those of the ports that listen, and a connection of each. */
function tcp(proc: string, name: 'tcp' | 'tcp6', sockets: readonly [port: number, inode: number][]): void {
  const row = (address: string, state: string, inode: number) =>
    `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0`;
  const hex = (port: number) => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const text = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    ...sockets.map(([port, inode]) => row(hex(port), '0A', inode)),
    ...sockets.map(([port, inode]) => row(hex(port), '01', inode + 1000)),
    '',
  ].join('\n');
  writeFileSync(join(proc, 'self', 'net', name), text);
}

describe('with the permission to look, the master is who has the socket that was read', () => {
  it('under its path', async () => {
    const machine = await made();
    expect(await verdict(machine)).toBe('owner');
    expect(await verdict(machine, `unix:${machine.target}`)).toBe('owner');
    symlinkSync(machine.target, join(machine.folder, 'link'));
    expect(await verdict(machine, join(machine.folder, 'link'))).toBe('owner');
  });

  it('under a path of another mount namespace, or a relative one', async () => {
    const machine = await made();
    const own = join(machine.proc, String(MASTER));
    rmSync(join(own, 'root'));
    symlinkSync(machine.folder, join(own, 'root'));
    symlinkSync(machine.folder, join(own, 'cwd'));
    listening(machine.proc, MASTER, [line(900, '/stats')]);
    expect(await verdict(machine)).toBe('owner');
    listening(machine.proc, MASTER, [line(900, 'stats')]);
    expect(await verdict(machine)).toBe('owner');
  });

  it('whatever it calls itself, and whenever its workers started', async () => {
    const machine = await made({ name: 'app', status: ['Uid:\t7\t7\t7\t7'] });
    const snapshot = app([worker({ pid: 101, lastSpawn: 5 }), worker({ pid: null })]);
    expect(await verdict({ ...machine, snapshot })).toBe('owner');
  });

  it('by an abstract name', async () => {
    const machine = await made();
    const say = (...lines: string[]) => listening(machine.proc, 'self', lines);
    say(line(900, '@stats@'));
    expect(await verdict(machine, '@stats')).toBe('owner');
    say(line(900, '@stats'));
    expect(await verdict(machine, '@stats')).toBe('owner');
    say(line(900, '@stats@'), line(950, '@stats'));
    expect(await verdict(machine, '@stats')).toBeNull();
    say(line(950, '@stats@'));
    expect(await verdict(machine, '@stats')).toBeNull();
    say(line(900, '@other@'));
    expect(await verdict(machine, '@stats')).toBeNull();
  });

  it('at a port of this machine', async () => {
    const machine = await made();
    tcp(machine.proc, 'tcp', [
      [1717, 900],
      [80, 950],
    ]);
    for (const host of ['127.0.0.1', 'localhost', '127.9.9.9', '0.0.0.0']) {
      expect(await verdict(machine, `${host}:1717`), host).toBe('owner');
    }
    expect(await verdict(machine, 'http://127.0.0.1:1717')).toBe('owner');
    expect(await verdict(machine, '127.0.0.1:80')).toBeNull();
    expect(await verdict(machine, '127.0.0.1:1718')).toBeNull();
    // A connection has the port too, but does not listen.
    expect(await verdict(machine, '127.0.0.1:1900')).toBeNull();
  });

  it('at a port of one of its addresses, but not of another machine, or of a name that nobody knows', async () => {
    const machine = await made();
    tcp(machine.proc, 'tcp6', [[1717, 900]]);
    const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const address = own.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
    expect(await verdict(machine, `${address ?? '127.0.0.1'}:1717`)).toBe('owner');
    expect(await verdict(machine, '192.0.2.1:1717')).toBeNull();
    expect(await verdict(machine, 'nowhere.invalid:1717')).toBeNull();
  });

  it('at a port at which nobody else listens', async () => {
    const machine = await made();
    tcp(machine.proc, 'tcp', [[1717, 900]]);
    tcp(machine.proc, 'tcp6', [[1717, 950]]);
    expect(await verdict(machine, '127.0.0.1:1717')).toBeNull();
  });

  it('at a port that stands far down in a long table', async () => {
    const machine = await made();
    const many = Array.from({ length: 2000 }, (_, i): [number, number] => [20_000 + i, 10_000 + i]);
    tcp(machine.proc, 'tcp', [...many, [1717, 900]]);
    expect(await verdict(machine, '127.0.0.1:1717')).toBe('owner');
  });
});

describe('with the permission to look, it is not proved when', () => {
  it.each<[string, Partial<Process>]>([
    ['another process has the socket', { sockets: [950] }],
    ['it has none', { sockets: [] }],
  ])('%s', async (_, given) => {
    expect(await verdict(await made(given))).toBeNull();
  });

  it('its socket is bound to another file', async () => {
    const machine = await made();
    await listen(join(machine.folder, 'other'));
    listening(machine.proc, MASTER, [line(900, join(machine.folder, 'other'))]);
    expect(await verdict(machine)).toBeNull();
  });

  it('it is only connected', async () => {
    const machine = await made();
    listening(machine.proc, MASTER, [line(900, machine.target, '00000000', '0001', '03')]);
    expect(await verdict(machine)).toBeNull();
  });

  it('another server has taken the path', async () => {
    const machine = await made();
    // The file of the first stays where it is seen from the process.
    mkdirSync(join(machine.folder, 'old'));
    renameSync(machine.target, join(machine.folder, 'old', 'stats'));
    await listen(machine.target);
    listening(machine.proc, MASTER, [line(900, join(machine.folder, 'old', 'stats'))]);
    expect(await verdict(machine)).toBeNull();
  });

  it('there is no such process, file or folder', async () => {
    const machine = await made();
    expect(await verdict(machine, join(machine.folder, 'none'))).toBeNull();
    expect(await verdict({ ...machine, proc: '/nowhere' })).toBeNull();
    rmSync(join(machine.proc, String(MASTER)), { recursive: true });
    expect(await verdict(machine)).toBeNull();
  });

  it('the document came from a file, or from standard input', async () => {
    const machine = await made();
    writeFileSync(join(machine.folder, 'saved.json'), '{}');
    expect(await verdict(machine, join(machine.folder, 'saved.json'))).toBeNull();
    expect(await verdict(machine, '-')).toBeNull();
  });
});

describe('without the permission to look', () => {
  it('all that is seen has to agree', async () => {
    expect(await verdict(await made(CLOSED))).toBe('likeness');
    const machine = await made(CLOSED);
    listening(machine.proc, MASTER, [line(900, 'stats')]);
    const server = { ...machine.snapshot.server, cwd: machine.folder };
    expect(await verdict({ ...machine, snapshot: { ...machine.snapshot, server } })).toBe('likeness');
    tcp(machine.proc, 'tcp', [[1717, 950]]);
    expect(await verdict(machine, '127.0.0.1:1717')).toBe('likeness');
  });

  it.each<[string, Partial<Process>]>([
    ['its name is no uWSGI', { name: 'gunicorn' }],
    [
      'it has another pid for itself: it is in a container',
      { status: ['Uid:\t7\t7\t7\t7', 'NSpid:\t100\t7'] },
    ],
    ['nobody can say who it is', { status: [] }],
  ])('it is not proved when %s', async (_, given) => {
    expect(await verdict(await made({ ...CLOSED, ...given }))).toBeNull();
  });

  it('it is proved where the kernel does not say the pid of a container', async () => {
    expect(await verdict(await made({ ...CLOSED, status: ['Uid:\t7\t7\t7\t7'] }))).toBe('likeness');
  });

  it.each<[string, Partial<Process>]>([
    ['are children of another', { parent: 1 }],
    ['started long before', { startTicks: 639_000 }],
    ['started long after', { startTicks: 641_000 }],
  ])('it is not proved when the workers %s', async (_, given) => {
    const machine = await made(CLOSED);
    for (const pid of WORKERS) put(machine.proc, pid, { ...CLOSED, ...given });
    expect(await verdict(machine)).toBeNull();
  });

  it('one worker is enough, which the master may have started a few seconds late', async () => {
    const machine = await made(CLOSED);
    put(machine.proc, WORKERS[0], { startTicks: 1 });
    put(machine.proc, WORKERS[1], { startTicks: 640_400 });
    expect(await verdict(machine)).toBe('likeness');
    const snapshot = app([worker({ pid: null })]);
    expect(await verdict({ ...machine, snapshot })).toBeNull();
  });

  it('it is not proved when nobody listens there', async () => {
    const machine = await made(CLOSED);
    listening(machine.proc, MASTER, [line(900, join(machine.folder, 'other'))]);
    expect(await verdict(machine)).toBeNull();
    // An abstract name, and a file that is called like it.
    await listen(join(machine.folder, '@stats'));
    listening(machine.proc, MASTER, [line(900, '@stats')]);
    const server = { ...machine.snapshot.server, cwd: machine.folder };
    const here = { ...machine, snapshot: { ...machine.snapshot, server } };
    expect(await verdict(here, `unix:${join(machine.folder, '@stats')}`)).toBeNull();
    tcp(machine.proc, 'tcp', []);
    expect(await verdict(machine, '127.0.0.1:1717')).toBeNull();
  });

  it('another machine is another machine', async () => {
    const machine = await made(CLOSED);
    tcp(machine.proc, 'tcp', [[1717, 950]]);
    expect(await verdict(machine, '192.0.2.1:1717')).toBeNull();
  });
});

it('a real port of this process is its own', async () => {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as { port: number };
  const snapshot = app([]);
  const claim = { snapshot, pid: process.pid, bootTime: 0, proc: '/proc' };
  expect(await prove({ ...claim, target: parseTarget(`127.0.0.1:${port}`) })).toBe('owner');
  expect(await prove({ ...claim, target: parseTarget(`127.0.0.1:${port}`), pid: 1 })).toBeNull();
  server.close();
  expect(await prove({ ...claim, target: parseTarget(`127.0.0.1:${port}`) })).toBeNull();
});
