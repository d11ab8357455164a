import { chmodSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { statstop } from '../commands/run.ts';
import { skipping, skipWithout } from '../lab/available.ts';
import { serverOf } from '../lab/server.ts';
import { skipWithoutTmux, Tmux } from '../terminal/tmux.ts';

/** Another user than root, and than the one who starts the servers. */
const OTHER = 65534;

/** The facts of `statstop doctor TARGET` about a target that can be read. */
async function facts(target: string, uid?: number): Promise<Record<string, string>> {
  const { status, stdout, stderr } = await statstop(['doctor', target], uid === undefined ? {} : { uid });
  expect([stderr, status]).toEqual(['', 0]);
  const lines = stdout.toString().matchAll(/^ {2}(\S.*?) {2,}(\S.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
}

const cannotBeOther =
  process.getuid?.() !== 0 && skipping('statstop doctor of another user', 'it needs root');

describe.skipIf(skipWithout())('statstop doctor of a real server', () => {
  test('says what the kernel reports, and that the server is proved to run here', async () => {
    const { target, folder, pid } = await serverOf({ processes: 2, threads: 2 });
    expect(await facts(target)).toMatchObject({
      address: target,
      file: expect.stringMatching(/^socket, uid \d+, gid \d+, mode 0\d{3}, access: read and write$/),
      folder: expect.stringContaining(`${folder}: folder, `),
      connected: 'yes',
      protocol: 'raw',
      'py-tracebacker': 'no socket of worker 1 found',
      kind: 'app server',
      uWSGI: expect.stringMatching(/^2\.\d/),
      'pid of the master': String(pid()),
      defects: 'no',
      contents: expect.stringMatching(/^workers 2, .*\bcores 4$/),
      proved: expect.stringMatching(/^yes: the process of the document has opened the socket/),
      'workers: CPU, state': '2 of 2',
      'processes: memory': expect.stringMatching(/^(\d+) of \1$/),
      'worker: USS, PSS': '1 of 1',
      'queues of sockets': expect.stringMatching(/^(\d+) of \1$/),
      'refused connections': '1 of 1',
      'machine: memory, load': '2 of 2',
    });
  });

  test.skipIf(cannotBeOther)('says what another user lacks, and why', async () => {
    const { target, folder } = await serverOf({ processes: 1, args: ['--chmod-socket=666'] });
    chmodSync(folder, 0o755);
    chmodSync(target, 0o666);
    expect(await facts(target, OTHER)).toMatchObject({
      user: expect.stringContaining(`uid ${OTHER}`),
      CAP_SYS_PTRACE: 'no',
      proved: expect.stringMatching(/^yes: all visible facts agree, but .* this needs root, or the user who/),
      'py-tracebacker': expect.stringMatching(/^no socket of worker 1 found: this needs root/),
      'workers: CPU, state': '1 of 1',
      'worker: USS, PSS': expect.stringMatching(/^0 of 1: this needs root/),
    });
  });

  test.skipIf(cannotBeOther)('names the folder that another user may not enter', async () => {
    const { target, folder } = await serverOf({ processes: 1 });
    chmodSync(folder, 0o700);
    const { status, stdout } = await statstop(['doctor', target], { uid: OTHER });
    expect(status).toBe(1);
    expect(stdout.toString()).toMatch(/^ {2}file +it cannot be examined \(EACCES\)$/m);
    expect(stdout.toString()).toContain(`${folder}: folder, uid 0, gid 0, mode 0700, access: no`);
    expect(stdout.toString()).toMatch(
      /^ {2}connected +no\n {2}error +permission denied\n {2}advice +Run statstop as /m,
    );
  });

  test('detects stats-http, and a TCP socket of this machine', async () => {
    const { target } = await serverOf({ processes: 1, stats: 'tcp', statsHttp: true });
    expect(await facts(target)).toMatchObject({
      connected: 'yes',
      protocol: 'http',
      proved: expect.stringMatching(/^yes: /),
    });
  });

  test('describes an emperor', async () => {
    const { target } = await serverOf({ emperor: true });
    expect(await facts(target)).toMatchObject({
      kind: 'emperor',
      proved: 'not examined: only app servers are',
    });
  });

  test.skipIf(skipWithoutTmux())('describes a real terminal', async () => {
    const { target } = await serverOf({ processes: 1 });
    const tmux = new Tmux(120, 80);
    tmux.enter(`clear; statstop doctor ${target}; echo "status $?"`);
    await tmux.untilText('status 0');
    const screen = tmux.lines().join('\n');
    expect(screen).toMatch(/^ {2}standard output +terminal$/m);
    expect(screen).toMatch(/^ {2}size +120x80$/m);
    expect(screen).toMatch(/^ {2}inside of +tmux$/m);
    expect(screen).toMatch(/^ {2}protocol +raw$/m);
  });
});
