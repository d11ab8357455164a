import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { TargetError } from '../../src/sources/errors.ts';
import { openSource } from '../../src/sources/open.ts';
import { machineOf } from '../../src/sources/ssh/machines.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { statstop } from '../commands/run.ts';
import { type Sshd, skipWithoutSshd, startSshd } from '../lab/sshd.ts';
import { follow } from '../sources/following.ts';
import { expectNoProcess, processesWith } from '../sources/processes.ts';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';

/** Seconds that a proxy command sleeps. No process of another run has the same words. */
const PROXY = `299.20${process.pid}`;

describe.skipIf(skipWithoutSshd())('ssh', () => {
  const TIMEOUT = ['--timeout', String(TIMEOUT_SECONDS)];
  const once = (sshd: Sshd, target: string, timeout = TIMEOUT) =>
    statstop(['--once', target, ...timeout], { env: sshd.env });

  async function sshdWith(options: Parameters<typeof startSshd>[0]): Promise<Sshd> {
    const sshd = await startSshd(options);
    onTestFinished(sshd.stop);
    return sshd;
  }

  it('whose server forbids forwarding is an error with the option to set', async () => {
    const sshd = await sshdWith({ server: ['AllowStreamLocalForwarding no', 'AllowTcpForwarding no'] });
    expect((await once(sshd, 'ssh://web1/127.0.0.1:1')).stderr).toContain(
      'the other machine does not allow the forwarding (administratively prohibited). Its sshd needs AllowTcpForwarding.',
    );
    // OpenSSH gives no reason for a socket with a path.
    expect((await once(sshd, 'ssh://web1/run/app.stats')).stderr).toContain('or sshd there forbids it');
  });

  it('that would ask whether a key is known fails instead', async () => {
    const sshd = await sshdWith({ client: ['UserKnownHostsFile /nonexistent'] });
    expect((await once(sshd, 'ssh://web1/x')).stderr).toContain('ssh failed: Host key verification failed.');
  });

  it('whose jump host refuses the connection shows its message', async () => {
    const sshd = await sshdWith({ client: ['ProxyJump 127.0.0.1:1'] });
    expect((await once(sshd, 'ssh://web1/x')).stderr).toContain(
      'ssh failed: ssh: connect to host 127.0.0.1 port 1: Connection refused',
    );
  });

  it('with a message that contains escape sequences and secrets is cleaned and masked', async () => {
    const proxy = join(mkdtempSync(join(tmpdir(), 'statstop-proxy-')), 'proxy');
    onTestFinished(() => rmSync(dirname(proxy), { recursive: true }));
    writeFileSync(proxy, `#!/bin/sh\nprintf '\\033[31m\\342\\200\\256 token=hunter2\\n' >&2\n`, {
      mode: 0o755,
    });
    const sshd = await sshdWith({ client: [`ProxyCommand ${proxy}`] });
    const { stderr } = await once(sshd, 'ssh://web1/x');
    expect(stderr).toContain('ssh failed: \\x1b[31m\\u{202e} token=***');
    expect(stderr).not.toContain('hunter2');
  });

  it('that does not connect is ended after the timeout, with its proxy command', async () => {
    const sshd = await sshdWith({ client: [`ProxyCommand sleep ${PROXY}`] });
    const { stderr } = await once(sshd, 'ssh://web1/x', ['--timeout', '1']);
    expect(stderr).toContain('ssh did not connect within 1s. Check the name and the network.');
    await expectNoProcess(sshd.runtime);
    await expectNoProcess(PROXY);
    await vi.waitFor(() => expect(readdirSync(sshd.runtime)).toEqual([]), TIMEOUT_MS);
  });

  it('that is not installed is an error', async () => {
    const sshd = await sshdWith({});
    const { stderr } = await statstop(['--once', 'ssh://web1/x'], {
      env: { ...sshd.env, PATH: '/nonexistent' },
    });
    expect(stderr).toContain('the program ssh was not found. Install the client of OpenSSH, and check PATH.');
  });

  describe('that fails or rests', () => {
    async function machineWith(options: Parameters<typeof startSshd>[0]): Promise<Sshd> {
      const sshd = await sshdWith(options);
      for (const [name, value] of Object.entries(sshd.env)) vi.stubEnv(name, value);
      onTestFinished(() => void vi.unstubAllEnvs());
      return sshd;
    }

    it('is started for one target after the other, with growing delays for all of them', async () => {
      const started = join(mkdtempSync(join(tmpdir(), 'statstop-started-')), 'started');
      onTestFinished(() => rmSync(dirname(started), { recursive: true }));
      const { port } = await machineWith({ client: [`ProxyCommand sh -c 'echo >>${started}'`] });
      const failures = [0, 0, 0, 0, 0];
      const messages = new Set<unknown>();
      for (const at of failures.keys()) {
        const target = parseTarget(`ssh://web1:${port}/run/${at}.stats`);
        follow(openSource(target, { timeoutSeconds: TIMEOUT_SECONDS, interval: () => 0.1 }), (event) => {
          messages.add(event.kind === 'failure' && event.error instanceof TargetError && event.error.cause);
          failures[at] = (failures[at] ?? 0) + 1;
        });
      }
      await vi.waitFor(() => expect(Math.min(...failures)).toBeGreaterThanOrEqual(3), TIMEOUT_MS);
      for (const message of messages) expect(message).toMatch(/^ssh failed: /);
      // Each start is a failure of every target that waits for it.
      expect(readFileSync(started, 'utf8').length).toBeLessThanOrEqual(Math.max(...failures) + 1);
    });

    it('is ended a minute after its last use', async () => {
      const sshd = await machineWith({});
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      onTestFinished(() => void vi.useRealTimers());
      const machine = machineOf({ user: null, host: 'web1', port: sshd.port });
      const held = await machine.use(TIMEOUT_SECONDS, async (connection) => {
        vi.advanceTimersByTime(61_000);
        return connection;
      });
      vi.advanceTimersByTime(59_000);
      expect(await machine.use(TIMEOUT_SECONDS, async (connection) => connection)).toBe(held);
      expect(processesWith(sshd.runtime)).toHaveLength(1);
      vi.advanceTimersByTime(61_000);
      vi.useRealTimers();
      await expectNoProcess(sshd.runtime);
      await vi.waitFor(() => expect(readdirSync(sshd.runtime)).toEqual([]), TIMEOUT_MS);
    });
  });
});
