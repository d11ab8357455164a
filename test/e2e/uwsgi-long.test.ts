import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { statstop } from '../commands/run.ts';
import { skipWithout } from '../lab/available.ts';
import { answerOf, INSIDE, type Inside, insideOf } from '../lab/inside.ts';
import { readerOf } from '../lab/reader.ts';
import { appUntil } from '../lab/until.ts';

/** Opens a WebSocket and keeps it open until the test ends. Resolves when the server has sent its first message. */
async function openWebSocket(server: Inside): Promise<void> {
  if (!('socketPath' in server.http)) throw new Error('the server has no unix socket');
  const socket = connect({ path: server.http.socketPath });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  const lines = [
    `GET ${INSIDE}/websocket HTTP/1.1`,
    'Host: localhost',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '',
    '',
  ];
  socket.write(lines.join('\r\n'));
  let said = '';
  while (!said.includes('open')) said += String((await once(socket, 'data'))[0]);
  expect(said).toContain('101 Web');
}

const check = async (server: Inside, ...args: string[]) => {
  const { stdout, status } = await statstop([
    'check',
    '-i',
    '0',
    '--level',
    'stuck=2',
    ...args,
    server.target,
  ]);
  return [stdout.toString().split(' | ')[0], status];
};

describe.skipIf(skipWithout())('intentionally long requests of a real server', { timeout: 60_000 }, () => {
  test('are counted and are not reported as stuck', async () => {
    const server = await insideOf({ processes: 1, threads: 4 });
    await openWebSocket(server);
    void answerOf(server.http, `${INSIDE}/hold/stream`, { accept: 'text/event-stream' }).catch(() => {});
    const reader = readerOf(server.target);
    const sample = await appUntil(reader, ({ snapshot: { workers }, time }) =>
      workers.some(
        ({ cores }) =>
          cores.filter(({ requestStart }) => requestStart !== null && time - requestStart > 3).length === 2,
      ),
    );
    expect(sample.totals).toMatchObject({ coresBusy: 2, coresLong: 2, cores: 4 });
    expect([...sample.long.values()].sort()).toEqual(['events', 'websocket']);
    expect(await check(server)).toEqual(['UWSGI OK - 1 worker running, 2 of 4 cores busy', 0]);

    // A long request that only the setting of the user marks as intentional.
    void server.ask('/hold/1').catch(() => {});
    await appUntil(reader, ({ snapshot: { workers }, time }) =>
      workers.some(({ cores }) =>
        cores.some(
          ({ vars, requestStart }) =>
            vars.includes(`REQUEST_URI=${INSIDE}/hold/1`) && requestStart !== null && time - requestStart > 3,
        ),
      ),
    );
    expect(await check(server)).toEqual([
      expect.stringMatching(/^UWSGI WARNING - request running for \d+s on 1:\d: GET \/inside\/hold\/1$/),
      1,
    ]);
    expect(await check(server, '--long', '/nothing,/inside/hold/*')).toEqual([
      'UWSGI OK - 1 worker running, 3 of 4 cores busy',
      0,
    ]);
    const json = await statstop(['--json', '-i', '0', '--long', '/inside/hold/1', server.target]);
    const { totals, inFlight } = JSON.parse(json.stdout.toString());
    expect(totals.coresLong).toBe(3);
    expect(inFlight.map(({ long }: { long: string }) => long).sort()).toEqual([
      'events',
      'pattern',
      'websocket',
    ]);
    server.release();
  });
});
