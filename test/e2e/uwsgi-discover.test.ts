import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDiscovery, discover, masterOf, runningWith } from '../../src/host/discover.ts';
import { command, NO_SETTINGS, statstop } from '../commands/run.ts';
import { freePort } from '../lab/addresses.ts';
import { skipping, skipWithout } from '../lab/available.ts';
import { APP_OPTIONS, constant, folderOf, found, targetsOf } from '../lab/plain.ts';
import { readerOf } from '../lab/reader.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** Waits until the master has that many workers that were found as part of it. */
async function workersOf(pid: number): Promise<number[]> {
  return vi.waitFor(
    () => {
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? [];
      expect(children.length).toBeGreaterThan(0);
      return children.map(Number);
    },
    { timeout: TIMEOUT_MS, interval: 20 },
  );
}

describe.skipIf(skipWithout())('an app server is found', () => {
  it.each([
    ['a path', async (folder: string) => [`${folder}/x.stats`, `${folder}/x.stats`]],
    ['a relative path', async (folder: string) => ['x.stats', `${folder}/x.stats`]],
    ['an abstract name', async (folder: string) => [`@statstop${folder}`, `@statstop${folder}`]],
    ['a port', async () => [`127.0.0.1:${await freePort('127.0.0.1')}`, null]],
  ])('with stats at %s, and no worker of it', async (_, addresses) => {
    const folder = folderOf();
    const [stats = '', target] = await addresses(folder.path);
    const pid = folder.start('uwsgi', '--master', ...APP_OPTIONS, '--processes', '2', '--stats', stats ?? '');
    const server = await found((each) => each.pid === pid && each.sockets.length > 0);
    expect(targetsOf(server)).toEqual([target ?? stats]);
    expect(server).toMatchObject({ kind: 'app', missing: null, vassalOf: null, partOf: null, ownPid: pid });
    expect(server.user.id).toBe(process.geteuid?.());
    const workers = await workersOf(pid);
    const pids = (await discover()).map((each) => each.pid);
    expect(pids.filter((each) => workers.includes(each))).toEqual([]);
    expect(await masterOf(workers[0] ?? 0)).toMatchObject(constant(server));
  });

  it('not after it has ended, while its parent has not noticed', async () => {
    const parent = spawn('sh', ['-c', 'uwsgi --version >/dev/null & exec sleep 600'], { stdio: 'ignore' });
    onTestFinished(() => void parent.kill());
    const [pid] = await workersOf(parent.pid ?? 0);
    const isOver = () => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toMatch(/^\d+ \(uwsgi\) Z /);
    await vi.waitFor(isOver, { timeout: TIMEOUT_MS, interval: 20 });
    expect((await discover()).filter((each) => each.pid === pid)).toEqual([]);
  });

  it('with other names of its processes', async () => {
    const folder = folderOf();
    const names = ['--auto-procname', '--procname-prefix', 'shop-'];
    const pid = folder.start('uwsgi', '--master', ...APP_OPTIONS, ...names, '--stats', 'x.stats');
    const server = await found((each) => each.pid === pid && each.name === 'shop' && each.sockets.length > 0);
    expect(server.command).toEqual(['shop-uWSGI master']);
    expect(targetsOf(server)).toEqual([join(folder.path, 'x.stats')]);
    const workers = await workersOf(pid);
    expect(await masterOf(workers[0] ?? 0)).toMatchObject(constant(server));
  });

  it('after a reload, and with a respawned worker', async () => {
    const folder = folderOf();
    const ini = folder.write(
      'shop.ini',
      '[uwsgi]\nplugin = python3\nmaster = true\nsocket = app.sock\nwsgi-file = app.py\nstats = %n.stats\n',
    );
    const pid = folder.start('uwsgi', 'shop.ini');
    const before = await found((each) => each.pid === pid && each.sockets.length > 0);
    expect(before).toMatchObject({ name: 'shop', configurations: [ini] });
    expect((await runningWith(ini)).map((each) => each.pid)).toEqual([pid]);
    // Repeated calls keep what they know of a server while its processes are the same.
    const again = createDiscovery();
    const repeated = async () => (await again()).find((each) => each.pid === pid);
    expect(await repeated()).toMatchObject(constant(before));
    expect(await repeated()).toMatchObject(constant(before));
    const [worker = 0] = await workersOf(pid);
    process.kill(worker, 'SIGKILL');
    await vi.waitFor(async () => expect(await workersOf(pid)).not.toContain(worker), TIMEOUT_MS);
    expect(await found((each) => each.pid === pid)).toMatchObject(constant(before));
    process.kill(pid, 'SIGHUP');
    const [inode] = before.sockets.map((each) => each.inode);
    const after = await found((each) => each.pid === pid && each.sockets.some((own) => own.inode !== inode));
    expect({ ...after, sockets: [] }).toMatchObject({ ...constant(before), sockets: [] });
    expect(targetsOf(after)).toEqual(targetsOf(before));
    expect(await repeated()).toMatchObject(constant(after));
    process.kill(-pid, 'SIGKILL');
    await vi.waitFor(async () => expect(await repeated()).toBeUndefined(), TIMEOUT_MS);
  });

  it('in a Python process that has loaded pyuwsgi, and no other Python process', async () => {
    const folder = folderOf();
    // The sockets, event queue and worker of a uWSGI. The module is any shared library with the name.
    folder.write(
      'serve.py',
      `import _ctypes, ctypes, os, select, shutil, signal, socket, sys
name = sys.argv[1]
shutil.copy(_ctypes.__file__, f'{name}.cpython-311.so')
ctypes.CDLL(os.path.abspath(f'{name}.cpython-311.so'))
def listen(path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    return listener
app, queue = listen(f'{name}.sock'), select.epoll()
stats = listen(f'{name}.stats')
queue.register(stats)
if os.fork() == 0:
    signal.pause()
print(name, 'waits', flush=True)
while True:
    queue.poll()
`,
    );
    const other = folder.start('python3', 'serve.py', 'other');
    const pid = folder.start('python3', 'serve.py', 'pyuwsgi');
    const server = await found((each) => each.pid === pid && each.sockets.length > 0);
    expect([server.kind, targetsOf(server)]).toEqual(['app', [join(folder.path, 'pyuwsgi.stats')]]);
    await vi.waitFor(() => expect(folder.log()).toContain('other waits'), TIMEOUT_MS);
    const workers = await workersOf(pid);
    const pids = (await discover()).map((each) => each.pid);
    expect(pids.filter((each) => [other, ...workers].includes(each))).toEqual([]);
  });

  it('in cheap mode, in which the master waits for the application sockets, too', async () => {
    const folder = folderOf();
    const pid = folder.start('uwsgi', '--master', ...APP_OPTIONS, '--cheap', '--stats', 'x.stats');
    const server = await found((each) => each.pid === pid && each.sockets.length > 0);
    await vi.waitFor(() => expect(folder.log()).toContain('cheap mode enabled'), TIMEOUT_MS);
    expect(targetsOf(await found((each) => each.pid === pid))).toEqual(targetsOf(server));
    expect(targetsOf(server)).toEqual([join(folder.path, 'x.stats')]);
  });

  it('with a zerg server, which is no stats socket', async () => {
    const folder = folderOf();
    const zerg = ['--zerg-server', join(folder.path, 'zerg')];
    const pid = folder.start('uwsgi', '--master', ...APP_OPTIONS, ...zerg, '--stats', 'x.stats');
    const server = await found((each) => each.pid === pid && each.sockets.length > 0);
    expect(targetsOf(server)).toEqual([join(folder.path, 'x.stats')]);
  });

  it('without stats, with the line to add', async () => {
    const folder = folderOf();
    folder.write('quiet.ini', '[uwsgi]\nplugin = python3\nsocket = app.sock\nwsgi-file = app.py\n');
    for (const words of [['--master'], []]) {
      const pid = folder.start('uwsgi', ...words, '--ini', 'quiet.ini');
      await found((each) => each.pid === pid && each.missing === 'none');
      const { stdout, status } = await statstop(['servers']);
      const line = stdout
        .toString()
        .split('\n')
        .find((each) => each.includes(` ${pid} `));
      expect([status, line]).toEqual([
        0,
        expect.stringMatching(/^quiet .* - +add to its configuration: stats = \/run\/quiet\.stats$/),
      ]);
      process.kill(-pid, 'SIGKILL');
      await vi.waitFor(
        async () => expect((await discover()).map((each) => each.pid)).not.toContain(pid),
        TIMEOUT_MS,
      );
    }
  });
});

describe.skipIf(skipWithout('router'))('a router is found', () => {
  it.each([
    ['without a master', []],
    ['that is all that its master has', ['--master']],
  ])('%s, and not its application socket', async (_, master) => {
    const folder = folderOf();
    const http = ['--http', `127.0.0.1:${await freePort('127.0.0.1')}`, '--http-to', 'x.sock'];
    const target = join(folder.path, 'r.stats');
    const words = [...master, '--plugin', 'http', ...http, '--http-stats-server', target];
    let pid = folder.start('uwsgi', ...words);
    const server = await found(
      (each) => targetsOf(each)[0] === target,
      () => {
        // Without a master, the first process ends. uWSGI then sometimes ends the router, too.
        if (spawnSync('pgrep', ['-g', String(pid)]).status !== 0) pid = folder.start('uwsgi', ...words);
      },
    );
    expect(server).toMatchObject({ kind: 'router', name: 'r', partOf: master.length > 0 ? pid : null });
  });

  it.each([
    ['', []],
    ['with automatic names', ['--auto-procname']],
  ])('beside its master %s', async (_, names) => {
    const folder = folderOf();
    const http = ['--http', `127.0.0.1:${await freePort('127.0.0.1')}`, '--http-stats-server', 'r.stats'];
    const words = [...APP_OPTIONS, '--stats', 'x.stats', ...names, ...http];
    const pid = folder.start('uwsgi', '--master', '--plugin', 'http', ...words);
    const router = await found((each) => each.partOf === pid);
    expect(router.kind).toBe('router');
    expect(targetsOf(router)).toEqual([join(folder.path, 'r.stats')]);
    const master = await found((each) => each.pid === pid);
    expect([master.kind, targetsOf(master)]).toEqual(['app', [join(folder.path, 'x.stats')]]);
    expect(await masterOf(router.pid)).toMatchObject(constant(router));
  });
});

describe.skipIf(skipWithout())('an emperor is found', () => {
  /** The configuration of a vassal in the folder `vassals`. */
  const vassal = (folder: string, name: string) =>
    `[uwsgi]\nplugin = python3\nmaster = true\nchdir = ${folder}\nsocket = ${folder}/${name}.sock\nwsgi-file = app.py\nstats = ${folder}/%n.stats\n`;

  it.each([
    ['', []],
    ['behind a master', ['--master']],
  ])('with its vassals %s', async (_, words) => {
    const folder = folderOf();
    mkdirSync(join(folder.path, 'vassals'));
    for (const name of ['a', 'b']) folder.write(`vassals/${name}.ini`, vassal(folder.path, name));
    const pid = folder.start(
      'uwsgi',
      ...words,
      '--emperor',
      'vassals',
      '--emperor-stats',
      `${folder.path}/e.stats`,
    );
    const target = join(folder.path, 'e.stats');
    const emperor = await found((each) => targetsOf(each)[0] === target);
    expect([emperor.pid, emperor.partOf]).toContain(pid);
    expect(emperor.kind).toBe('emperor');
    for (const name of ['a', 'b']) {
      const server = await found(
        (each) => each.vassalOf === emperor.pid && each.name === name && each.sockets.length > 0,
      );
      expect(targetsOf(server)).toEqual([join(folder.path, `${name}.stats`)]);
      expect(server.configurations).toEqual([join(folder.path, 'vassals', `${name}.ini`)]);
    }
    const { snapshot } = (await readerOf(target).emperor()).sample;
    const pids = snapshot.vassals.flatMap(({ pid }) => pid ?? []);
    const listed = (await discover()).filter(({ vassalOf }) => vassalOf === emperor.pid);
    expect(listed.map(({ pid }) => pid).sort()).toEqual(pids.sort());
  });

  it.each([
    ['with stats', (path: string) => `emperor-stats = ${path}/e.stats\n`],
    ['without stats', () => ''],
  ])('%s, and the socket of a sleeping vassal is not offered', async (_, stats) => {
    const folder = folderOf();
    mkdirSync(join(folder.path, 'vassals'));
    folder.write('vassals/a.ini', vassal(folder.path, 'a'));
    folder.write('vassals/a.ini.socket', join(folder.path, 'a.sock'));
    const options = `emperor = ${folder.path}/vassals\nemperor-on-demand-extension = .socket\n`;
    folder.write('e.ini', `[uwsgi]\n${options}${stats(folder.path)}`);
    const pid = folder.start('uwsgi', '--ini', 'e.ini');
    await vi.waitFor(() => expect(folder.log()).toContain('"on demand" instance detected'), TIMEOUT_MS);
    const server = await found((each) => each.pid === pid);
    const expected = stats(folder.path) === '' ? [] : [join(folder.path, 'e.stats')];
    expect([server.kind, server.missing, targetsOf(server)]).toEqual([
      'emperor',
      expected.length === 0 ? 'none' : null,
      expected,
    ]);
    await statstop(['servers']);
    expect(folder.log()).not.toContain('connection request');
    expect((await discover()).filter(({ vassalOf }) => vassalOf === pid)).toEqual([]);
  });
});

const STRACE = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

describe.skipIf(skipWithout())('no socket is connected to', () => {
  it.skipIf(!STRACE && !skipping('calls of statstop servers', 'strace is not installed, or may not trace'))(
    'as its system calls show',
    async () => {
      const folder = folderOf();
      const pid = folder.start('uwsgi', '--master', ...APP_OPTIONS, '--stats', 'x.stats');
      await found((each) => each.pid === pid && each.sockets.length > 0);
      const output = join(folder.path, 'trace');
      const { stdout } = spawnSync(
        'strace',
        ['-f', '-qq', '-e', 'trace=connect,openat', '-o', output, ...command(), 'servers'],
        {
          encoding: 'utf8',
          env: { ...process.env, ...NO_SETTINGS },
        },
      );
      expect(stdout).toContain(join(folder.path, 'x.stats'));
      const trace = readFileSync(output, 'utf8');
      expect(trace).toContain(`/proc/${pid}/stat`);
      expect(trace).not.toContain('connect(');
    },
  );
});
