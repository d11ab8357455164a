import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { prove } from '../../src/host/proof.ts';
import { readHostProperties } from '../../src/host/resources.ts';
import { Ss } from '../../src/host/ss.ts';
import { statOf } from '../../src/host/stat.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { app, worker } from '../rates/builders.ts';
import {
  BOOT,
  type FakeHost,
  fakeHost,
  fileOf,
  listed,
  listening,
  MASTER,
  OWNER,
  type Process,
  put,
  saying,
  WORKERS,
} from './fake-host.ts';
import { line, listen } from './fake-proc.ts';

const verdict = ({ proc, target, snapshot, ss }: FakeHost, from = target) =>
  prove({ target: parseTarget(from), snapshot, pid: MASTER, bootTime: BOOT, proc, ss: new Ss(ss) });

/** Without the permission to list its sockets. */
const CLOSED = { sockets: null };

/** Writes a table of TCP sockets: the listening ports, and a connection of each. */
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

describe('with permission, the master is the process that has the target socket', () => {
  it('by its path', async () => {
    const fake = await fakeHost();
    expect(await verdict(fake)).toBe('owner');
    expect(await verdict(fake, `unix:${fake.target}`)).toBe('owner');
    symlinkSync(fake.target, join(fake.folder, 'link'));
    expect(await verdict(fake, join(fake.folder, 'link'))).toBe('owner');
  });

  it('by a path of another mount namespace, or a relative one', async () => {
    const fake = await fakeHost();
    const own = join(fake.proc, String(MASTER));
    rmSync(join(own, 'root'));
    symlinkSync(fake.folder, join(own, 'root'));
    symlinkSync(fake.folder, join(own, 'cwd'));
    listening(fake.proc, MASTER, [line(900, '/stats')]);
    expect(await verdict(fake)).toBe('owner');
    listening(fake.proc, MASTER, [line(900, 'stats')]);
    expect(await verdict(fake)).toBe('owner');
  });

  it('with any process name', async () => {
    expect(await verdict(await fakeHost({ name: 'app' }))).toBe('owner');
  });

  it('by an abstract name', async () => {
    const fake = await fakeHost();
    const say = (...lines: string[]) => listening(fake.proc, 'self', lines);
    say(line(900, '@stats@'));
    expect(await verdict(fake, '@stats')).toBe('owner');
    say(line(900, '@stats'));
    expect(await verdict(fake, '@stats')).toBe('owner');
    say(line(900, '@stats@'), line(950, '@stats'));
    expect(await verdict(fake, '@stats')).toBeNull();
    say(line(950, '@stats@'));
    expect(await verdict(fake, '@stats')).toBeNull();
    say(line(900, '@other@'));
    expect(await verdict(fake, '@stats')).toBeNull();
  });

  it('at a port of this host', async () => {
    const fake = await fakeHost();
    tcp(fake.proc, 'tcp', [
      [1717, 900],
      [80, 950],
    ]);
    for (const host of ['127.0.0.1', 'localhost', '127.9.9.9', '0.0.0.0']) {
      expect(await verdict(fake, `${host}:1717`), host).toBe('owner');
    }
    expect(await verdict(fake, 'http://127.0.0.1:1717')).toBe('owner');
    expect(await verdict(fake, '127.0.0.1:80')).toBeNull();
    expect(await verdict(fake, '127.0.0.1:1718')).toBeNull();
    // A connection has the port too, but does not listen.
    expect(await verdict(fake, '127.0.0.1:1900')).toBeNull();
  });

  it('at a port of a local address, but not of another host or of an unknown name', async () => {
    const fake = await fakeHost();
    tcp(fake.proc, 'tcp6', [[1717, 900]]);
    const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const address = own.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
    expect(await verdict(fake, `${address ?? '127.0.0.1'}:1717`)).toBe('owner');
    expect(await verdict(fake, '192.0.2.1:1717')).toBeNull();
    expect(await verdict(fake, 'nowhere.invalid:1717')).toBeNull();
  });

  it('at a port, if no other socket listens there', async () => {
    const fake = await fakeHost();
    tcp(fake.proc, 'tcp', [[1717, 900]]);
    tcp(fake.proc, 'tcp6', [[1717, 950]]);
    expect(await verdict(fake, '127.0.0.1:1717')).toBeNull();
  });

  it('at a port near the end of a long table', async () => {
    const fake = await fakeHost();
    const many = Array.from({ length: 2000 }, (_, i): [number, number] => [20_000 + i, 10_000 + i]);
    tcp(fake.proc, 'tcp', [...many, [1717, 900]]);
    expect(await verdict(fake, '127.0.0.1:1717')).toBe('owner');
  });
});

describe('with permission, there is no proof if', () => {
  it.each<[string, Partial<Process>]>([
    ['another process has the socket', { sockets: [950] }],
    ['it has none', { sockets: [] }],
  ])('%s', async (_, given) => {
    expect(await verdict(await fakeHost(given))).toBeNull();
  });

  it('its socket is bound to another file', async () => {
    const fake = await fakeHost();
    await listen(join(fake.folder, 'other'));
    const other = join(fake.folder, 'other');
    listening(fake.proc, MASTER, [line(900, other)]);
    saying(fake.ss, listed(900, other, fileOf(other)));
    expect(await verdict(fake)).toBeNull();
    expect(await verdict({ ...fake, ss: '/nowhere/ss' })).toBeNull();
  });

  it('it is only connected', async () => {
    const fake = await fakeHost();
    listening(fake.proc, MASTER, [line(900, fake.target, '00000000', '0001', '03')]);
    expect(await verdict(fake)).toBeNull();
  });

  it('another server has taken the path', async () => {
    const fake = await fakeHost();
    // The file of the first server is still visible from its process.
    mkdirSync(join(fake.folder, 'old'));
    renameSync(fake.target, join(fake.folder, 'old', 'stats'));
    await listen(fake.target);
    listening(fake.proc, MASTER, [line(900, join(fake.folder, 'old', 'stats'))]);
    expect(await verdict(fake)).toBeNull();
  });

  it('there is no such process, file or folder', async () => {
    const fake = await fakeHost();
    expect(await verdict(fake, join(fake.folder, 'none'))).toBeNull();
    expect(await verdict({ ...fake, proc: '/nowhere' })).toBeNull();
    rmSync(join(fake.proc, String(MASTER)), { recursive: true });
    expect(await verdict(fake)).toBeNull();
  });

  it('the document came from a file or from standard input', async () => {
    const fake = await fakeHost();
    writeFileSync(join(fake.folder, 'saved.json'), '{}');
    expect(await verdict(fake, join(fake.folder, 'saved.json'))).toBeNull();
    expect(await verdict(fake, '-')).toBeNull();
  });
});

describe('without permission', () => {
  it('all visible properties must agree', async () => {
    expect(await verdict(await fakeHost(CLOSED))).toBe('likeness');
    const fake = await fakeHost(CLOSED);
    listening(fake.proc, MASTER, [line(900, 'stats')]);
    const server = { ...fake.snapshot.server, cwd: fake.folder };
    expect(await verdict({ ...fake, snapshot: { ...fake.snapshot, server } })).toBe('likeness');
    tcp(fake.proc, 'tcp', [[1717, 950]]);
    expect(await verdict(fake, '127.0.0.1:1717')).toBe('likeness');
  });

  it.each<[string, Partial<Process>]>([
    ['its name is not that of uWSGI', { name: 'gunicorn' }],
    ['it has another pid in its own namespace (a container)', { status: [OWNER, 'NSpid:\t100\t7'] }],
    ['the kernel does not report its namespace', { status: [OWNER] }],
    ['its user is unknown', { status: [`NSpid:\t${MASTER}`] }],
  ])('there is no proof if %s', async (_, given) => {
    expect(await verdict(await fakeHost({ ...CLOSED, ...given }))).toBeNull();
  });

  it('one worker is enough, even if the master started it a few seconds late', async () => {
    const fake = await fakeHost(CLOSED);
    put(fake.proc, WORKERS[0], { startTicks: 1 });
    put(fake.proc, WORKERS[1], { startTicks: 640_400 });
    expect(await verdict(fake)).toBe('likeness');
  });

  it('there is no proof if no socket listens at the target', async () => {
    const fake = await fakeHost(CLOSED);
    listening(fake.proc, MASTER, [line(900, join(fake.folder, 'other'))]);
    expect(await verdict(fake)).toBeNull();
    // An abstract name, and a file with the same name.
    await listen(join(fake.folder, '@stats'));
    listening(fake.proc, MASTER, [line(900, '@stats')]);
    const server = { ...fake.snapshot.server, cwd: fake.folder };
    const here = { ...fake, snapshot: { ...fake.snapshot, server } };
    expect(await verdict(here, `unix:${join(fake.folder, '@stats')}`)).toBeNull();
    tcp(fake.proc, 'tcp', []);
    expect(await verdict(fake, '127.0.0.1:1717')).toBeNull();
  });

  it('there is no proof for a target on another host', async () => {
    const fake = await fakeHost(CLOSED);
    tcp(fake.proc, 'tcp', [[1717, 950]]);
    expect(await verdict(fake, '192.0.2.1:1717')).toBeNull();
  });
});

describe.each([
  ['with', {}],
  ['without', CLOSED],
])('%s permission, there is no proof if', (_, permission) => {
  it.each<[string, Partial<Process>]>([
    ['are children of another', { parent: 1 }],
    ['started long before', { startTicks: 639_000 }],
    ['started long after', { startTicks: 641_000 }],
  ])('the workers %s', async (_, given) => {
    const fake = await fakeHost(permission);
    for (const pid of WORKERS) put(fake.proc, pid, { ...permission, ...given });
    expect(await verdict(fake)).toBeNull();
  });

  it('no worker runs', async () => {
    const fake = await fakeHost(permission);
    expect(await verdict({ ...fake, snapshot: app([worker({ pid: null })]) })).toBeNull();
  });

  it('a worker started before the master', async () => {
    const fake = await fakeHost(permission);
    const workers = [...fake.snapshot.workers, worker({ pid: null, lastSpawn: BOOT + 6300 })];
    expect(await verdict({ ...fake, snapshot: app(workers) })).toBeNull();
  });

  it('it has another pid in its own namespace', async () => {
    const fake = await fakeHost({ ...permission, status: [OWNER, `NSpid:	${MASTER}	7`] });
    expect(await verdict(fake)).toBeNull();
  });
});

describe('two servers that bound the same path, one after the other', () => {
  it('only the server with the current file is the master, although the path of the other one leads there too', async () => {
    const fake = await fakeHost();
    const file = fileOf(fake.target);
    saying(fake.ss, listed(900, fake.target, file));
    expect(await verdict(fake)).toBe('owner');
    saying(fake.ss, [listed(900, fake.target, file - 1), listed(950, fake.target, file)].join('\n'));
    expect(await verdict(fake)).toBeNull();
  });

  it('the path decides if ss is missing or the server is in another network namespace', async () => {
    const fake = await fakeHost();
    expect(await verdict({ ...fake, ss: '/nowhere/ss' })).toBe('owner');
    saying(fake.ss, '');
    expect(await verdict(fake)).toBeNull();
    rmSync(join(fake.proc, String(MASTER), 'ns', 'net'));
    symlinkSync('net:[2]', join(fake.proc, String(MASTER), 'ns', 'net'));
    expect(await verdict(fake)).toBe('owner');
  });

  it('a line that another user inserts into the output of ss changes nothing', async () => {
    const fake = await fakeHost();
    const file = fileOf(fake.target);
    const real = listed(900, fake.target, file - 1);
    saying(fake.ss, [real, listed(950, `/tmp/x\n${listed(900, fake.target, file)}\n`, 3)].join('\n'));
    expect(await verdict(fake)).toBeNull();
  });
});

it('a real port of this process is its own', async () => {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as { port: number };
  // A child that stands for a worker.
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill());
  const { bootTime } = await readHostProperties('/proc');
  const started = statOf(`/proc/${child.pid}`)?.startedAfterBoot ?? Number.NaN;
  const snapshot = app([worker({ pid: child.pid ?? null, lastSpawn: bootTime + started })]);
  const target = parseTarget(`127.0.0.1:${port}`);
  const claim = { snapshot, pid: process.pid, bootTime, proc: '/proc', ss: new Ss(), target };
  expect(await prove(claim)).toBe('owner');
  expect(await prove({ ...claim, pid: 1 })).toBeNull();
  server.close();
  expect(await prove(claim)).toBeNull();
});
