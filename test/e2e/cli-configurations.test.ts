import { chownSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { statstop } from '../commands/run.ts';
import { freePort } from '../lab/addresses.ts';
import { skipWithout } from '../lab/available.ts';
import { folderOfFixtures, startWith } from '../lab/configured.ts';

const ONCE = ['--json', '--interval', '0'];

/** Runs statstop and returns the pid of the server whose document it read. */
async function pidOf(target: string, env: NodeJS.ProcessEnv = {}): Promise<number> {
  const { stdout, stderr, status } = await statstop([...ONCE, target], { env });
  expect([stderr, status]).toEqual(['', 0]);
  return JSON.parse(stdout.toString()).server.pid;
}

/** The error of statstop, with its exit status. */
async function errorOf(...args: string[]): Promise<string> {
  const { stderr, status } = await statstop(args);
  return `${status} ${stderr.trimEnd()}`;
}

describe.skipIf(skipWithout())('a configuration as a target', () => {
  test('leads to the running server, whatever its variables are', async () => {
    const folder = await folderOfFixtures(0);
    const environment = { STATS_PORT: String(await freePort('127.0.0.1')) };
    const server = await startWith({ folder, given: 'port.ini', environment, servers: 1 });
    const target = join(folder, 'port.ini');
    expect(await pidOf(target)).toBe(server.pid);
    expect(await pidOf(target, { STATS_PORT: '1' })).toBe(server.pid);
    await server.stop();
    expect(await errorOf('--once', target)).toBe(
      `2 statstop: ${target}:2: $(STATS_PORT) is not set. Set it, or give the address`,
    );
    const { stderr } = await statstop(['--once', target], { env: environment });
    expect(stderr).toContain(`127.0.0.1:${environment.STATS_PORT}: connection refused`);
    expect(stderr).toContain(`The address is that of \`stats\` in ${target}:2.`);
  });

  test('with a section leads to the server of that section', async () => {
    const folder = await folderOfFixtures(0);
    const start = (given: string) => startWith({ folder, given, environment: {}, servers: 1 });
    const servers = [await start('sections.ini'), await start('sections.ini:staging')];
    expect(await pidOf(join(folder, 'sections.ini:staging'))).toBe(servers[1]?.pid);
    await servers[1]?.stop();
    expect(await errorOf('--once', join(folder, 'sections.ini:staging'))).toMatch(
      /^1 .*staging\.stats: connection refused/,
    );
  });

  test('is read at the address in its text if the server cannot be found by its command line', async () => {
    const folder = await folderOfFixtures(0);
    const environment = { STAGE: 'test' };
    const args = ['--auto-procname'];
    const server = await startWith({ folder, given: 'own-keys.ini', environment, servers: 1, args });
    expect(await pidOf(join(folder, 'own-keys.ini'), environment)).toBe(server.pid);
  });

  test('of an emperor leads to its own statistics, and to those of its app server', async () => {
    const folder = await folderOfFixtures(0);
    await startWith({ folder, given: 'emperor.ini', environment: {}, servers: 2 });
    const { stdout } = await statstop([...ONCE, join(folder, 'emperor.ini')]);
    const lines = stdout.toString().trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).kind)).toEqual(['emperor', 'app']);
  });

  test('that leads nowhere is an error of the command line, and status 3 of check', async () => {
    const folder = await folderOfFixtures(0);
    const target = join(folder, 'environment.ini');
    const says = `${target}: it has no \`stats\`. Add \`stats = /run/app.stats\` to [uwsgi], or give the address`;
    for (const output of ['--once', '--json', '--raw'])
      expect(await errorOf(output, target)).toBe(`2 statstop: ${says}`);
    const { status, stdout } = await statstop(['check', target]);
    expect([status, stdout.toString()]).toEqual([3, `UWSGI UNKNOWN - ${says}\n`]);
    const { stderr } = await statstop(['--once'], { env: { STATSTOP_TARGET: target } });
    expect(stderr).toBe(`statstop: STATSTOP_TARGET: ${says}\n`);
  });
});

describe.skipIf(skipWithout())('a pid as a target', () => {
  test('of a master or a worker, or a file with it, leads to the server', async () => {
    const folder = await folderOfFixtures(0);
    const args = ['--pidfile', 'app.pid', '--master', '--processes', '1'];
    const server = await startWith({ folder, given: 'no-chdir.ini', environment: {}, servers: 1, args });
    const file = join(folder, 'app.pid');
    expect(readFileSync(file, 'utf8').trim()).toBe(String(server.pid));
    const { stdout } = await statstop([...ONCE, file]);
    const worker = JSON.parse(stdout.toString()).workers[0].pid;
    for (const target of [file, String(server.pid), `pid:${server.pid}`, String(worker)])
      expect([target, await pidOf(target)]).toEqual([target, server.pid]);
    await server.stop();
    expect(await errorOf('--once', file)).toContain(
      `no uWSGI server has the process id ${server.pid}. Check that`,
    );
    const { status, stdout: line } = await statstop(['check', file]);
    expect([status, line.toString()]).toEqual([
      2,
      expect.stringMatching(/^UWSGI CRITICAL - .*app\.pid: no uWSGI server has/),
    ]);
  });

  test('of a server without stats says what to add', async () => {
    const folder = await folderOfFixtures(0);
    const server = await startWith({
      folder,
      given: 'environment.ini',
      environment: {},
      servers: 0,
      args: ['--master'],
    });
    await expect.poll(() => server.log()).toContain('spawned uWSGI worker 1');
    expect(await errorOf('--once', `pid:${server.pid}`)).toContain(
      `the uWSGI server with the process id ${server.pid} has no stats socket. Add \`stats = /run/app.stats\``,
    );
  });

  test('of another process is no target', async () => {
    expect(await errorOf('--once', 'pid:999999999')).toContain(
      '1 statstop: pid:999999999: no uWSGI server has',
    );
    expect(await errorOf('--once', '1')).toContain(
      '2 statstop: no uWSGI server of this machine has the process id 1. Use :1 for a port',
    );
  });
});

const NOBODY = 65_534;

describe.runIf(process.getuid?.() === 0)('a configuration that another user can change, as root', () => {
  test('is not followed', async () => {
    const folder = await folderOfFixtures(1);
    for (const name of ['at-file.ini', 'include/defaults.ini']) chownSync(join(folder, name), NOBODY, NOBODY);
    expect(await errorOf('--once', join(folder, 'at-file.ini'))).toContain(
      `no running server was started with it, and another user can change it (user ${NOBODY}), so root does not follow it`,
    );
    // A file that root's own configuration names is followed only if it is root's too.
    expect(await errorOf('--once', join(folder, 'include-name.ini'))).toContain(
      'include-name.ini:2: cannot read include/defaults.ini: another user can change it, so root does not follow it',
    );
  });

  test.skipIf(skipWithout())('leads to the server that runs with it', async () => {
    const folder = await folderOfFixtures(0);
    writeFileSync(join(folder, 'mine.ini'), '[uwsgi]\nstats = %d/mine.stats\n');
    chownSync(join(folder, 'mine.ini'), NOBODY, NOBODY);
    const server = await startWith({ folder, given: 'mine.ini', environment: {}, servers: 1 });
    expect(await pidOf(join(folder, 'mine.ini'))).toBe(server.pid);
  });
});
