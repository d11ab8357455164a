import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { known, ss, type Watched, watched } from '../host/real.ts';
import { freePort } from '../lab/addresses.ts';
import { skipWithout } from '../lab/available.ts';
import { HOLDS_REQUESTS, holdRequest } from '../lab/held.ts';
import { serverOf } from '../lab/server.ts';
import { appUntil } from '../lab/until.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** Milliseconds after which the queues are read again. */
const QUEUES = 2100;

/**
 * Opens `count` connections that stay open until the test ends. Returns how many were established, and a function to
 * close them.
 */
async function wait(to: NetConnectOpts, count: number): Promise<{ through: number; leave: () => void }> {
  const sockets: Socket[] = Array.from({ length: count }, () => connect(to));
  const leave = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(leave);
  // A TCP connection enters the queue of uWSGI only after the client has sent data (TCP_DEFER_ACCEPT).
  for (const socket of sockets) socket.write('GET');
  const came = sockets.map(
    (socket) =>
      new Promise<boolean>((settle) => {
        socket.once('connect', () => settle(true));
        socket.on('error', () => settle(false));
        setTimeout(() => settle(false), 500).unref();
      }),
  );
  return { through: (await Promise.all(came)).filter(Boolean).length, leave };
}

/** A server with one worker that is held, so that new connections wait. */
async function heldServer(args: readonly string[], listen = 100) {
  const lab = await serverOf({
    processes: 1,
    args: [...HOLDS_REQUESTS, '--listen', String(listen), ...args],
  });
  holdRequest(lab.http, Buffer.from('/held'));
  const server = watched(lab.target);
  await appUntil(server.reader, ({ snapshot }) =>
    snapshot.workers.some(({ cores }) => cores.some(({ inRequest }) => inRequest)),
  );
  return { lab, server };
}

const queueOf = async (server: Watched, name: string) => (await known(server)).reading.queues.get(name);

describe.skipIf(skipWithout())('the queues of a real server with one held worker', () => {
  test('of unix sockets equal those of ss', async () => {
    const { lab, server } = await heldServer(['--socket', 'relative.sock']);
    const path = join(lab.folder, 'app.sock');
    const http = join(lab.folder, 'http.sock');
    expect(await queueOf(server, path)).toEqual({ queue: 0, limit: 100 });
    expect((await wait({ path }, 7)).through).toBe(7);
    expect((await wait({ path: join(lab.folder, 'relative.sock') }, 3)).through).toBe(3);
    await sleep(QUEUES);
    const { snapshot, reading } = await known(server);
    // The document does not contain the values of the kernel.
    for (const { name, maxQueue } of snapshot.sockets) {
      expect([name, maxQueue]).toEqual([expect.any(String), null]);
    }
    expect(Object.fromEntries(reading.queues)).toEqual({
      [http]: { queue: 0, limit: 100 },
      [path]: { queue: 7, limit: 100 },
      'relative.sock': { queue: 3, limit: 100 },
    });
    expect(reading.queues.get(path)).toEqual(ss('-x', 'src', path));
  });

  test('of an abstract socket equal those of ss', async () => {
    const name = `@statstop${process.pid}.queue`;
    const { server } = await heldServer(['--socket', name]);
    expect(await queueOf(server, name)).toEqual({ queue: 0, limit: 100 });
  });

  test('of IPv6 equal those of ss, and those of IPv4 come from the document', async () => {
    const [four, six] = [await freePort('127.0.0.1'), await freePort('::1')];
    const addresses = [`127.0.0.1:${four}`, `[::1]:${six}`] as const;
    const { server } = await heldServer(addresses.flatMap((address) => ['--socket', address]));
    await wait({ host: '127.0.0.1', port: four }, 4);
    await wait({ host: '::1', port: six }, 5);
    // The master counts once per second.
    await sleep(QUEUES);
    const { snapshot, reading } = await known(server);
    const socketOf = (name: string) => snapshot.sockets.find((each) => each.name === name);
    expect(reading.queues.get(addresses[0])).toBeUndefined();
    expect(socketOf(addresses[0])).toMatchObject({ queue: 4, maxQueue: 100 });
    expect(ss('-t', 'sport', '=', `:${four}`)).toEqual({ queue: 4, limit: 100 });
    // Later versions of uWSGI report it themselves.
    if (socketOf(addresses[1])?.maxQueue === null) {
      expect(reading.queues.get(addresses[1])).toEqual({ queue: 5, limit: 100 });
    }
    expect(ss('-t', 'sport', '=', `:${six}`)).toEqual({ queue: 5, limit: 100 });
  });

  test('hold one connection more than their limit if they are full', async () => {
    const { lab, server } = await heldServer([], 5);
    const path = join(lab.folder, 'app.sock');
    expect((await wait({ path }, 20)).through).toBe(6);
    await sleep(QUEUES);
    expect(await queueOf(server, path)).toEqual({ queue: 6, limit: 5 });
    expect(ss('-x', 'src', path)).toEqual({ queue: 6, limit: 5 });
  });

  test('are empty again after the clients have left', async () => {
    const lab = await serverOf({ processes: 1 });
    const server = watched(lab.target);
    const { reading } = await known(server);
    const { pid } = reading.processes.get(1) ?? {};
    if (pid === undefined) return expect.fail('there is no worker');
    const path = join(lab.folder, 'http.sock');
    process.kill(pid, 'SIGSTOP');
    const { leave } = await wait({ path }, 9);
    await sleep(QUEUES);
    expect(await queueOf(server, path)).toEqual({ queue: 9, limit: 100 });
    leave();
    process.kill(pid, 'SIGCONT');
    await vi.waitUntil(async () => (await queueOf(server, path))?.queue === 0, {
      timeout: TIMEOUT_MS,
      interval: 500,
    });
  });

  test('belong to their own server after another one has taken over the path of a socket', async () => {
    const { lab, server } = await heldServer([]);
    const path = join(lab.folder, 'app.sock');
    await wait({ path }, 2);
    await serverOf({ args: ['--socket', path] });
    await sleep(QUEUES);
    expect(await queueOf(server, path)).toEqual({ queue: 2, limit: 100 });
  });
});
