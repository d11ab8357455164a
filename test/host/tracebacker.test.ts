import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findTracebacker } from '../../src/host/tracebacker.ts';
import { worker } from '../rates/builders.ts';
import { type FakeProcOptions, fakeProc, line, listen, MASTER, UID, WORKER } from './fake-proc.ts';

describe('the tracebacker of a worker', () => {
  it('is found below the root of its process if that is in another mount namespace', async () => {
    const { root, reach } = await fakeProc();
    expect(await reach()).toEqual({ name: '/run/app.tb1', file: join(root, 'run/app.tb1') });
  });

  it('is found at its path if that is the same here', async () => {
    const { root, proc, reach } = await fakeProc();
    const path = join(root, 'run/app.tb1');
    rmSync(join(proc, String(WORKER), 'root'));
    symlinkSync('/', join(proc, String(WORKER), 'root'));
    writeFileSync(join(proc, String(WORKER), 'net', 'unix'), line(901, path));
    expect(await reach()).toEqual({ name: path, file: path });
  });

  it('is found below the root of its process if its path is another socket here', async () => {
    const { root, proc, reach } = await fakeProc();
    const path = join(root, 'run/app.tb1');
    await listen(join(root, path));
    writeFileSync(join(proc, String(WORKER), 'net', 'unix'), line(901, path));
    expect(await reach()).toEqual({ name: path, file: join(root, path) });
  });

  it('is found relative to the working directory of its process', async () => {
    const { cwd, reach } = await fakeProc({ unix: [line(901, 'my tb1')] }, ['srv/my tb1']);
    expect(await reach()).toEqual({ name: '/srv/my tb1', file: join(cwd, 'my tb1') });
  });

  it('has the number of its worker at its end', async () => {
    const given = { unix: [line(901, '/run/app.tb12')] };
    expect(await (await fakeProc(given, ['run/app.tb12'])).find(12)).toContain('/run/app.tb12');
    expect(await (await fakeProc(given, ['run/app.tb12'])).find(1)).toBeNull();
  });

  it('is found among its connections and other sockets', async () => {
    const { find } = await fakeProc({
      unix: [
        line(901, '/run/app.tb1'),
        line(902, '/run/app.tb1', '00000000', '0001', '03'),
        line(903, '/run/app.tb2'),
        line(904, '/run/other.tb1'),
        line(905, '/run/log1', '00000000', '0002'),
        '0000000000000000: 00000003 00000000 00000000 0001 03 906',
      ],
      worker: [901, 902, 905, 906],
    });
    expect(await find()).toContain('/run/app.tb1');
  });

  it.each([
    ['@app.tb1', '@app.tb1'],
    ['@app.tb1@', '@app.tb1'],
    ['@/run/app.tb1', '@/run/app.tb1'],
  ])('with the abstract name %s is reported as %s', async (path, told) => {
    expect(await (await fakeProc({ unix: [line(901, path)] })).find()).toBe(told);
  });

  it('is found with any process name', async () => {
    expect(await (await fakeProc({ name: 'app worker', exe: '/opt/server' })).find()).toBe('/run/app.tb1');
  });
});

it('the proved socket is the one that is read, even if its name is taken afterwards', async () => {
  const { root, open } = await fakeProc({}, []);
  const path = join(root, 'run/app.tb1');
  const answers = (words: string) =>
    new Promise<void>((ready) => {
      const server = createServer((connection) => connection.end(words));
      onTestFinished(() => void server.close());
      server.listen(path, ready);
    });
  mkdirSync(join(root, 'run'));
  await answers('own');
  const found = await open();
  renameSync(path, `${path}.old`);
  await answers('another');
  expect(await text(connect(found?.address ?? ''))).toBe('own');
  await found?.close();
});

describe('there is no proof and no path if', () => {
  it.each<[string, Partial<FakeProcOptions>]>([
    ['nothing listens', { unix: [] }],
    ['only connections have its path', { unix: [line(901, '/run/app.tb1', '00000000', '0001', '03')] }],
    ['it is not a stream socket', { unix: [line(901, '/run/app.tb1', '00010000', '0005')] }],
    ['the worker does not have it', { worker: [900] }],
    ['the master has it too, so that both inherited it', { master: [900, 901] }],
    ['its name has another end', { unix: [line(901, '/run/app.tb1.sock')] }],
    [
      'the worker has two such sockets',
      { unix: [line(901, '/run/app.tb1'), line(902, '/run/debug1')], worker: [901, 902] },
    ],
    ['another server took its path', { unix: [line(901, '/run/app.tb1'), line(902, '/run/app.tb1')] }],
    ['the process is not a child of that master', { parent: 1 }],
    ['its worker has another pid in its own namespace (a container)', { pids: [WORKER, 7] }],
    ['the process started long before the worker', { started: 30 }],
    ['the process started long after the worker', { started: 90 }],
    ['the file belongs to another user', { uid: UID + 1 }],
    [
      'its abstract name is in another network namespace',
      { unix: [line(901, '@app.tb1')], networks: ['net:[1]', 'net:[2]'] },
    ],
    ['the table has another format', { unix: ['{"sockets":[]}', '901 /run/app.tb1'] }],
  ])('%s', async (_, given) => {
    expect(await (await fakeProc(given)).find()).toBeNull();
  });

  it('the socket has lost its file, or another file has its name', async () => {
    expect(await (await fakeProc({}, [])).find()).toBeNull();
    const { root, find } = await fakeProc({}, []);
    mkdirSync(join(root, 'run'));
    writeFileSync(join(root, 'run', 'app.tb1'), '');
    expect(await find()).toBeNull();
  });

  it('its name ends with an at sign, but is not abstract', async () => {
    const { find } = await fakeProc({ unix: [line(901, '/run/app.tb1@')] }, ['run/app.tb1@']);
    expect(await find()).toBeNull();
  });

  it('another descriptor of the worker has its number', async () => {
    const { proc, find } = await fakeProc({ worker: [900] });
    symlinkSync('pipe:[901]', join(proc, String(WORKER), 'fd', '901'));
    expect(await find()).toBeNull();
  });

  it('the master is unknown', async () => {
    const { find } = await fakeProc();
    expect(await find(1, null)).toBeNull();
    expect(await find(1, MASTER)).not.toBeNull();
  });

  it.each(['status', 'net/unix', 'fd', 'root'])('%s of the worker cannot be read', async (name) => {
    const { proc, find } = await fakeProc();
    rmSync(join(proc, String(WORKER), name), { recursive: true });
    expect(await find()).toBeNull();
  });

  it("the master's sockets cannot be read", async () => {
    const { proc, find } = await fakeProc();
    rmSync(join(proc, String(MASTER), 'fd'), { recursive: true });
    expect(await find()).toBeNull();
  });

  it('its status has no user and no namespace', async () => {
    const { proc, find } = await fakeProc();
    writeFileSync(join(proc, String(WORKER), 'status'), `Name:\tuwsgi\nPPid:\t${MASTER}\n`);
    expect(await find()).toBeNull();
  });

  it('there is no /proc, or no such process', async () => {
    expect(await findTracebacker(worker({ pid: WORKER }), MASTER, '/nowhere')).toBeNull();
    expect(await findTracebacker(worker({ pid: 2 ** 30 }), MASTER)).toBeNull();
    expect(await findTracebacker(worker({ pid: process.pid }), process.ppid)).toBeNull();
  });
});
