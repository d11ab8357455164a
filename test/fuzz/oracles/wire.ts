import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../src/demo/random.ts';
import type { Answer } from '../../../src/sources/answer.ts';
import { TargetError } from '../../../src/sources/errors.ts';
import type { SocketTarget } from '../../../src/targets/target.ts';
import { oneOf } from '../choose.ts';
import { type Framed, framed } from '../framing.ts';
import type { Check } from '../oracle.ts';

const TIMEOUT_SECONDS = 0.3;
/**
 * A read that lasts longer than this number of turns of the event loop counts as endless, however slow the machine is.
 */
const READ_WAITS = 150;
const ENDS = ['close', 'reset', 'hold'] as const;

/** Every read of any response ends in time, with an answer or a `TargetError`, and leaves no open handles. */
export const readsWire: Check = async ({ trial, subject, random }) => {
  const before = openHandles();
  const wire = framed(trial.bytes, random);
  const end = oneOf(random, ENDS);
  const { server, target, gone } = await serve(wire.bytes, end, random);
  const protocol = oneOf(random, [null, null, 'raw', 'http'] as const);
  const ended: Read[] = [];
  void subject.read(target, { timeoutSeconds: TIMEOUT_SECONDS, protocol }).then(
    (answer) => ended.push({ answer }),
    (error: unknown) => ended.push({ error }),
  );
  await waitFor(() => ended.length > 0, READ_WAITS);
  const [read] = ended;
  server.close();
  gone();
  await once(server, 'close');
  if (read === undefined) return `a read is not over long after its timeout (${end})`;
  return faultOf(read, wire, end) ?? leftOpen(before);
};

type Read = { answer: Answer } | { error: unknown };

function faultOf(read: Read, wire: Framed, end: string): string | null {
  return 'error' in read ? errorFault(read.error) : answerFault(read.answer, wire, end);
}

/** Waits in steps of 10 ms. A pause in which this process cannot run counts as one step. */
async function waitFor(isSo: () => boolean, waits: number): Promise<boolean> {
  for (let turn = 0; turn < waits && !isSo(); turn += 1) await sleep(10);
  return isSo();
}

function errorFault(error: unknown): string | null {
  return error instanceof TargetError ? null : `a read threw an error that is no TargetError: ${error}`;
}

function answerFault({ document }: Answer, wire: Framed, end: string): string | null {
  if (wire.document === null || document.equals(wire.document)) return null;
  // Node.js reports a reset together with data as the end of the data (libuv, `uv__stream_io`).
  if (end === 'reset' && document.equals(wire.document.subarray(0, document.length))) return null;
  return `read ${document.length} bytes of ${wire.document.length} (${end})`;
}

/** Starts a server that sends the bytes in pieces to every client. */
async function serve(bytes: Buffer, end: (typeof ENDS)[number], random: Random) {
  const sockets = new Set<Socket>();
  const pieces = piecesOf(bytes, random);
  const pauses = pieces.map(() => (random.chance(0.5) ? 0 : random.integer(1, 20)));
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.resume();
    void send(socket, pieces, pauses).then(() => {
      if (end === 'close') socket.end();
      if (end === 'reset') socket.resetAndDestroy();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const target: SocketTarget = {
    kind: 'socket',
    text: `127.0.0.1:${port}`,
    address: { family: 'tcp', host: '127.0.0.1', port },
    protocol: null,
    path: '/',
  };
  const gone = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { server, target, gone };
}

function piecesOf(bytes: Buffer, random: Random): Buffer[] {
  const cuts = Array.from({ length: random.integer(0, 5) }, () => random.integer(0, bytes.length));
  const ends = [...cuts.sort((a, b) => a - b), bytes.length];
  return ends.map((end, place) => bytes.subarray(ends[place - 1] ?? 0, end));
}

async function send(socket: Socket, pieces: readonly Buffer[], pauses: readonly number[]): Promise<void> {
  for (const [place, piece] of pieces.entries()) {
    const pause = pauses[place] ?? 0;
    if (pause > 0) await sleep(pause);
    if (socket.destroyed) return;
    if (piece.length > 0) await new Promise((written) => socket.write(piece, written));
  }
}

/** Sockets, servers and timers that keep the process alive, by kind. */
function openHandles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Number of turns until closed handles have disappeared. All pauses of the server end within them. */
const GONE_WAITS = 100;

async function leftOpen(before: ReadonlyMap<string, number>): Promise<string | null> {
  let more: string[] = [];
  const isGone = () => {
    more = [...openHandles()].flatMap(([kind, count]) => (count > (before.get(kind) ?? 0) ? [kind] : []));
    return more.length === 0;
  };
  return (await waitFor(isGone, GONE_WAITS)) ? null : `a read leaves open: ${more.join(', ')}`;
}
