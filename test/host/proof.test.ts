import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { machineOf } from '../../src/host/machine.ts';
import { prove } from '../../src/host/proof.ts';
import { Ss } from '../../src/host/ss.ts';
import { statOf } from '../../src/host/stat.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { app, worker } from '../rates/builders.ts';
import { line, listen } from './machine.ts';
import {
  BOOT,
  fileOf,
  listed,
  listening,
  MASTER,
  type Made,
  made,
  OWNER,
  type Process,
  put,
  saying,
  WORKERS,
} from './made.ts';

const verdict = ({ proc, target, snapshot, ss }: Made, from = target) =>
  prove({ target: parseTarget(from), snapshot, pid: MASTER, bootTime: BOOT, proc, ss: new Ss(ss) });

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

  it('whatever it calls itself', async () => {
    expect(await verdict(await made({ name: 'app' }))).toBe('owner');
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
    const other = join(machine.folder, 'other');
    listening(machine.proc, MASTER, [line(900, other)]);
    saying(machine.ss, listed(900, other, fileOf(other)));
    expect(await verdict(machine)).toBeNull();
    expect(await verdict({ ...machine, ss: '/nowhere/ss' })).toBeNull();
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
    ['it has another pid for itself: it is in a container', { status: [OWNER, 'NSpid:\t100\t7'] }],
    ['the kernel does not say whether it is in a container', { status: [OWNER] }],
    ['its user is not known', { status: [`NSpid:\t${MASTER}`] }],
  ])('it is not proved when %s', async (_, given) => {
    expect(await verdict(await made({ ...CLOSED, ...given }))).toBeNull();
  });

  it('one worker is enough, which the master may have started a few seconds late', async () => {
    const machine = await made(CLOSED);
    put(machine.proc, WORKERS[0], { startTicks: 1 });
    put(machine.proc, WORKERS[1], { startTicks: 640_400 });
    expect(await verdict(machine)).toBe('likeness');
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

describe.each([
  ['with', {}],
  ['without', CLOSED],
])('%s the permission to look, it is not proved when', (_, permission) => {
  it.each<[string, Partial<Process>]>([
    ['are children of another', { parent: 1 }],
    ['started long before', { startTicks: 639_000 }],
    ['started long after', { startTicks: 641_000 }],
  ])('the workers %s', async (_, given) => {
    const machine = await made(permission);
    for (const pid of WORKERS) put(machine.proc, pid, { ...permission, ...given });
    expect(await verdict(machine)).toBeNull();
  });

  it('no worker runs', async () => {
    const machine = await made(permission);
    expect(await verdict({ ...machine, snapshot: app([worker({ pid: null })]) })).toBeNull();
  });

  it('a worker started before the master', async () => {
    const machine = await made(permission);
    const workers = [...machine.snapshot.workers, worker({ pid: null, lastSpawn: BOOT + 6300 })];
    expect(await verdict({ ...machine, snapshot: app(workers) })).toBeNull();
  });

  it('it has another pid for itself', async () => {
    const machine = await made({ ...permission, status: [OWNER, `NSpid:	${MASTER}	7`] });
    expect(await verdict(machine)).toBeNull();
  });
});

describe('two servers that bound the same path, one after the other', () => {
  it('only the one whose file is there is the master, although the path leads the other one there, too', async () => {
    const machine = await made();
    const file = fileOf(machine.target);
    saying(machine.ss, listed(900, machine.target, file));
    expect(await verdict(machine)).toBe('owner');
    saying(machine.ss, [listed(900, machine.target, file - 1), listed(950, machine.target, file)].join('\n'));
    expect(await verdict(machine)).toBeNull();
  });

  it('where ss cannot tell, the path decides: there is none, or the server is in another network', async () => {
    const machine = await made();
    expect(await verdict({ ...machine, ss: '/nowhere/ss' })).toBe('owner');
    saying(machine.ss, '');
    expect(await verdict(machine)).toBeNull();
    rmSync(join(machine.proc, String(MASTER), 'ns', 'net'));
    symlinkSync('net:[2]', join(machine.proc, String(MASTER), 'ns', 'net'));
    expect(await verdict(machine)).toBe('owner');
  });

  it('a line that another user put into the output of ss changes nothing', async () => {
    const machine = await made();
    const file = fileOf(machine.target);
    const real = listed(900, machine.target, file - 1);
    saying(machine.ss, [real, listed(950, `/tmp/x\n${listed(900, machine.target, file)}\n`, 3)].join('\n'));
    expect(await verdict(machine)).toBeNull();
  });
});

it('a real port of this process is its own', async () => {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as { port: number };
  // A child that stands for a worker.
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill());
  const { bootTime } = await machineOf('/proc');
  const started = statOf(`/proc/${child.pid}`)?.startedAfterBoot ?? Number.NaN;
  const snapshot = app([worker({ pid: child.pid ?? null, lastSpawn: bootTime + started })]);
  const target = parseTarget(`127.0.0.1:${port}`);
  const claim = { snapshot, pid: process.pid, bootTime, proc: '/proc', ss: new Ss(), target };
  expect(await prove(claim)).toBe('owner');
  expect(await prove({ ...claim, pid: 1 })).toBeNull();
  server.close();
  expect(await prove(claim)).toBeNull();
});
