import { connect, type NetConnectOpts } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { statstop } from '../commands/run.ts';
import { ss } from '../host/real.ts';
import { freePort } from '../lab/addresses.ts';
import { skipWithout } from '../lab/available.ts';
import { insideOf } from '../lab/inside.ts';

/** Opens `count` connections that stay open until the test ends. */
function wait(to: NetConnectOpts, count: number): void {
  for (let at = 0; at < count; at += 1) {
    const socket = connect(to);
    socket.on('error', () => {});
    // uWSGI accepts a TCP connection after the client has sent data (TCP_DEFER_ACCEPT).
    socket.write('GET');
    onTestFinished(() => void socket.destroy());
  }
}

interface Found {
  rule: string;
  severity: string;
  text: string;
  advice: string;
}

async function check(target: string, ...args: string[]): Promise<Found[]> {
  const { stdout } = await statstop(['check', '--json', ...args, target]);
  return JSON.parse(stdout.toString()).findings;
}

/** Runs `check` repeatedly until a rule has a finding. */
async function checkUntil(target: string, rule: string, ...args: string[]): Promise<Found> {
  const deadline = performance.now() + 40_000;
  for (;;) {
    const findings = await check(target, ...args);
    const found = findings.find((each) => each.rule === rule);
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`not found: ${rule}; ${JSON.stringify(findings)}`);
  }
}

describe.skipIf(skipWithout())(
  'waiting connections of a real server are reported',
  { timeout: 120_000 },
  () => {
    test('while its event loop is blocked', async () => {
      const server = await insideOf({ processes: 1, gevent: 50 });
      void server.ask('/block/60').catch(() => {});
      await sleep(300);
      wait({ path: join(server.folder, 'app.sock') }, 5);
      const found = await checkUntil(server.target, 'blocked', '-i', '0.5', '--for', '8');
      expect(found).toMatchObject({
        severity: 'warning',
        text: expect.stringMatching(
          /^5 connections waiting, only 1 of 50 cores busy, oldest request on 1:\d+: GET \/inside\/block\/60$/,
        ),
        advice: expect.stringMatching(/^With gevent or asyncio/),
      });
    });

    test('in a queue of length 0, which uWSGI does not report', async () => {
      const port = await freePort('127.0.0.1');
      const name = `127.0.0.1:${port}`;
      const server = await insideOf({
        processes: 1,
        // uWSGI does not expand it. It is not a number, so the length is 0.
        args: ['--listen', '@(/etc/hostname)', '--http-socket', name],
      });
      const [first] = await check(server.target, '-i', '0');
      expect(first).toMatchObject({
        rule: 'listen-zero',
        text: expect.stringMatching(/^listen queue length 0 on socket .* and 2 others; /),
      });
      const once = await statstop([
        '--once',
        '-i',
        '0',
        '--columns',
        'socket,queue,limit,source',
        server.target,
      ]);
      expect(once.stdout.toString()).toMatch(new RegExp(`${name} +0 +0 +kernel`));
      void server.ask('/hold/1').catch(() => {});
      await sleep(500);
      wait({ host: '127.0.0.1', port }, 8);
      const found = await checkUntil(server.target, 'listen-zero', '-i', '1', '--for', '3');
      expect(found.text).toMatch(/length 0/);
      const overflows = await checkRefused(server.target);
      expect(overflows).toMatchObject({
        severity: 'critical',
        text: expect.stringMatching(/the kernel refused \d+ TCP connections? in \d+s, [\d,]+ since boot/),
      });
      server.release();
    });

    test("with the kernel's numbers of a TCP socket", async () => {
      const server = await insideOf({ processes: 1, httpPort: true, args: ['--listen', '20'] });
      if (!('port' in server.http)) throw new Error('it has no port');
      const { host, port } = server.http;
      void server.ask('/hold/1').catch(() => {});
      await sleep(500);
      wait({ host, port }, 5);
      const found = await checkUntil(server.target, 'queue', '-i', '1', '--for', '4');
      expect(found.text).toBe('listen queue filling: 5 waiting, limit 20');
      expect(found.advice).toMatch(/^Long requests occupy the cores/);
      // The kernel confirms the numbers of uWSGI.
      expect(ss('-t', 'sport', '=', `:${port}`)).toEqual({ queue: 5, limit: 20 });
      server.release();
    });
  },
);

/** A client repeats a connection that the kernel refuses after one second. */
async function checkRefused(target: string): Promise<Found> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const found = (await check(target, '-i', '1', '--for', '3')).find(({ rule }) => rule === 'listen-zero');
    if (found?.severity === 'critical' || performance.now() > deadline) return found as Found;
  }
}
