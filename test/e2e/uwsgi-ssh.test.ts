import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openSource } from '../../src/sources/open.ts';
import type { SourceEvent } from '../../src/sources/source.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { statstop } from '../commands/run.ts';
import { skipWithout } from '../lab/available.ts';
import { serverOf } from '../lab/server.ts';
import { type Sshd, skipWithoutSshd, startSshd } from '../lab/sshd.ts';
import { startUwsgi, type Uwsgi } from '../lab/uwsgi.ts';
import { follow } from '../sources/following.ts';
import { expectNoProcess, processesWith } from '../sources/processes.ts';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';

const skips = skipWithout() || skipWithoutSshd();

describe.skipIf(skips)('a real server behind ssh', () => {
  let sshd: Sshd;
  let uwsgi: Uwsgi;

  beforeAll(async () => {
    // The configuration forwards a port that is taken, as a second connection of the same user would find it.
    const taken = createServer().listen(0, '127.0.0.1');
    const { port } = await new Promise<{ port: number }>((resolve) => {
      taken.once('listening', () => resolve(taken.address() as { port: number }));
    });
    sshd = await startSshd({ client: [`LocalForward 127.0.0.1:${port} 127.0.0.1:1`, 'ControlMaster auto'] });
    uwsgi = await startUwsgi();
    return () => taken.close();
  });

  afterAll(async () => {
    await uwsgi?.stop();
    await sshd?.stop();
  });

  /** Checks that no process and no folder is left. */
  async function expectNothingLeft(): Promise<void> {
    await expectNoProcess(sshd.runtime);
    await vi.waitFor(() => expect(readdirSync(sshd.runtime)).toEqual([]), TIMEOUT_MS);
  }

  const TIMEOUT = ['--timeout', String(TIMEOUT_SECONDS)];

  it('is read by --json, --once, --raw and check, without values of the kernel', async () => {
    const target = `ssh://web1${uwsgi.target}`;
    const json = await statstop([target, '--json', ...TIMEOUT], { env: sshd.env });
    expect([json.status, json.stderr]).toEqual([0, '']);
    expect(JSON.parse(json.stdout.toString())).toMatchObject({
      target,
      server: { pid: uwsgi.pid() },
      host: null,
      workers: [{ process: null }, { process: null }],
    });
    const once = await statstop([target, '--once', ...TIMEOUT], { env: sshd.env });
    expect([once.status, once.stderr]).toEqual([0, '']);
    expect(once.stdout.toString()).toMatch(new RegExp(`pid ${uwsgi.pid()} `));
    const raw = await statstop([target, '--raw', ...TIMEOUT], { env: sshd.env });
    expect(JSON.parse(raw.stdout.toString())).toMatchObject({ pid: uwsgi.pid() });
    const check = await statstop(['check', target, ...TIMEOUT], { env: sshd.env });
    expect([check.status, check.stdout.toString()]).toEqual([0, expect.stringMatching(/^UWSGI OK/)]);
    await expectNothingLeft();
  });

  it.each([
    ['TCP', { stats: 'tcp' }],
    ['IPv6', { stats: 'tcp6' }],
    ['HTTP', { statsHttp: true }],
  ] as const)('on %s', async (_what, options) => {
    const server = await serverOf(options);
    const there = server.target.startsWith('/') ? server.target : `/${server.target}`;
    const { status, stdout, stderr } = await statstop(
      [`ssh://127.0.0.1:${sshd.port}${there}`, '--json', '-i', '0', ...TIMEOUT],
      { env: sshd.env },
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout.toString())).toMatchObject({ server: { pid: server.pid() } });
  });

  describe('with sources of one process', () => {
    // A connection stays open for a minute after its last use, so these tests have a server of their own.
    let own: Sshd;
    beforeAll(async () => {
      own = await startSshd();
      for (const [name, value] of Object.entries(own.env)) vi.stubEnv(name, value);
      return async () => {
        vi.unstubAllEnvs();
        await own.stop();
      };
    });

    /** The processes of `ssh` that hold a connection. */
    const connections = () =>
      processesWith(own.runtime).filter(({ words }) => words.includes('ControlMaster=yes'));

    function watched(target: string) {
      const events: SourceEvent[] = [];
      const source = openSource(parseTarget(target), {
        timeoutSeconds: TIMEOUT_SECONDS,
        interval: () => 0.1,
      });
      follow(source, (event) => {
        events.push(event);
      });
      const until = (kind: SourceEvent['kind'], count: number) =>
        vi.waitFor(
          () => expect(events.filter((event) => event.kind === kind).length).toBeGreaterThanOrEqual(count),
          TIMEOUT_MS,
        );
      const pids = () =>
        events.flatMap((event) => (event.kind === 'document' ? [event.snapshot.server.pid] : []));
      return { events, until, pids };
    }

    it('all targets of a machine share one ssh, which is started again when it has ended', async () => {
      const other = await serverOf({ stats: 'tcp' });
      const targets = [`ssh://web1${uwsgi.target}`, `ssh://web1/${other.target}`, 'ssh://web1/no/such.stats'];
      const [first, second, missing] = targets.map(watched);
      await first?.until('document', 2);
      await second?.until('document', 2);
      await missing?.until('failure', 1);
      expect(first?.pids()[0]).toBe(uwsgi.pid());
      expect(second?.pids()[0]).toBe(other.pid());
      const failure = missing?.events[0];
      expect(failure?.kind === 'failure' && failure.error.message).toMatch(
        /^ssh:\/\/web1\/no\/such\.stats: ssh could not connect to \/no\/such\.stats there \(open failed\)\. /,
      );
      const [before, ...others] = connections();
      expect(others).toEqual([]);
      process.kill(before?.pid ?? 0, 'SIGKILL');
      const [read, readOther] = [first, second].map((each) => each?.pids().length ?? 0);
      await first?.until('document', (read ?? 0) + 2);
      await second?.until('document', (readOther ?? 0) + 2);
      const after = connections();
      expect(after).toHaveLength(1);
      expect(after[0]?.pid).not.toBe(before?.pid);
    });

    it('a server that ends and returns is lost and found, by the same ssh', async () => {
      const server = await serverOf();
      const seen = watched(`ssh://web1${server.target}`);
      await seen.until('document', 1);
      const [ssh] = connections();
      await server.restart({ processes: 1 });
      const count = seen.pids().length;
      await seen.until('document', count + 2);
      expect(seen.pids().at(-1)).toBe(server.pid());
      expect(connections().map(({ pid }) => pid)).toEqual([ssh?.pid]);
    });
  });

  describe('that cannot be read', () => {
    it.each([
      [
        'a missing socket',
        'ssh://web1/no/such.stats',
        /ssh could not connect to \/no\/such\.stats there \(open failed\)/,
        2,
      ],
      [
        'a port without a server',
        'ssh://web1/127.0.0.1:1',
        /ssh could not connect to 127\.0\.0\.1:1 there \(Connection refused\)/,
        2,
      ],
      [
        'an unknown machine',
        'ssh://name.invalid/x',
        /ssh failed: ssh: Could not resolve hostname name\.invalid: .* ssh -o BatchMode=yes name\.invalid\n/,
        3,
      ],
      [
        'a machine without sshd',
        'ssh://ann@127.0.0.1:1/x',
        /ssh failed: ssh: connect to host 127\.0\.0\.1 port 1: Connection refused.* -p 1 ann@127\.0\.0\.1\n/,
        3,
      ],
      [
        'a user without a key there',
        'ssh://no-such-user@web1/x',
        /ssh failed: no-such-user@127\.0\.0\.1: Permission denied \(publickey\)/,
        3,
      ],
    ])('%s', async (_what, target, says, status) => {
      const ended = await statstop(['--once', target, ...TIMEOUT], { env: sshd.env });
      expect([ended.status, ended.stdout.toString()]).toEqual([1, '']);
      expect(ended.stderr).toMatch(says);
      expect(ended.stderr).toMatch(/^statstop: [^\n]+\n$/);
      const check = await statstop(['check', target, ...TIMEOUT], { env: sshd.env });
      expect(check.status).toBe(status);
      await expectNothingLeft();
    });

    it('because its master is stopped', async () => {
      const server = await serverOf();
      process.kill(server.pid(), 'SIGSTOP');
      const ended = await statstop(['--once', '--timeout', '2', `ssh://web1${server.target}`], {
        env: sshd.env,
      });
      expect(ended.stderr).toContain('nothing arrived through ssh within 2s');
      await expectNothingLeft();
    });
  });

  it('is reached by exec:, which runs ssh for each read', async () => {
    const target = `exec:ssh web1 uwsgi --connect-and-read ${uwsgi.target}`;
    const { status, stdout, stderr } = await statstop([target, '--json', ...TIMEOUT], { env: sshd.env });
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout.toString())).toMatchObject({ target, server: { pid: uwsgi.pid() }, host: null });
    const missing = await statstop([`${target}.missing`, '--json', ...TIMEOUT], { env: sshd.env });
    expect(missing.stderr).toContain(
      'the command ended with status 1: uwsgi_connect(): No such file or directory',
    );
  });
});
