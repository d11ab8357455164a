import { expect, it } from 'vitest';
import { statstop } from '../commands/run.ts';
import { serve } from '../sources/servers.ts';
import { Pty, skipWithoutPty } from '../terminal/pty.ts';

/** Law 2: every command that reads a server repeatedly must leave a slow server alone for as long as it was held. */

/** Seconds that the server needs to write a document. Longer than the interval. */
const WRITES = 0.3;
const INTERVAL = '0.1';

const DOCUMENT = JSON.stringify({
  version: '2.0.21',
  pid: 1,
  workers: [{ id: 1, pid: 2, requests: 7, cores: [{ id: 0, requests: 7 }] }],
});

/** Seconds at which a connection was opened, and at which its document was written. */
interface Connection {
  opened: number;
  written: number | null;
}

/** Starts a server that delays the end of its document. */
async function slowServer(): Promise<{ address: string; connections: readonly Connection[] }> {
  const connections: Connection[] = [];
  const { target } = await serve('unix', (socket) => {
    const connection: Connection = { opened: performance.now() / 1000, written: null };
    connections.push(connection);
    socket.write(DOCUMENT.slice(0, 9));
    setTimeout(() => {
      connection.written = performance.now() / 1000;
      socket.end(DOCUMENT.slice(9));
    }, WRITES * 1000);
  });
  return { address: target.text, connections };
}

/**
 * For each connection: how long the server was held, and how long it was left alone afterwards. Statstop sees a
 * connection open before the server does, and closed after it has the whole document. So statstop measures more time as
 * held, and less as left alone, than the server does.
 */
function pauses(connections: readonly Connection[]): { held: number; alone: number }[] {
  return connections.slice(1).map(({ opened }, place) => {
    const before = connections[place];
    if (!before || before.written === null)
      throw new Error('a second connection was opened during the first one');
    return { held: before.written - before.opened, alone: opened - before.written };
  });
}

function expectLeftAlone(connections: readonly Connection[], least: number): void {
  const all = pauses(connections);
  expect(all.length).toBeGreaterThanOrEqual(least);
  for (const { held, alone } of all) expect(alone).toBeGreaterThanOrEqual(held);
}

it.each([
  ['--once', ['--once', '-i', INTERVAL], 1],
  ['--json', ['--json', '-i', INTERVAL], 1],
  ['check --for', ['check', '--for', '4', '-i', INTERVAL], 2],
])('a slow server is left alone for as long as it was held, by %s', async (_, args, least) => {
  const { address, connections } = await slowServer();
  const { status, stderr } = await statstop([...args, address]);
  expect([status, stderr]).toEqual([0, '']);
  expectLeftAlone(connections, least);
});

it.skipIf(skipWithoutPty())(
  'a slow server is left alone for as long as it was held, by the live view',
  async () => {
    const { address, connections } = await slowServer();
    const pty = await Pty.start(80, 24, ['-i', INTERVAL, address]);
    await pty.until(() => connections.length > 3, 'four reads');
    pty.tell({ keys: 'q' });
    await pty.until(() => pty.status === 0, 'the end');
    expectLeftAlone(connections, 3);
  },
);
