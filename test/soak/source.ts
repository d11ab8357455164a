import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { CAPTURES, type Capture } from '../fuzz/captures.ts';

/** A server to poll: documents that were captured, whose counters go up. */
export interface Source {
  /** `host:port`. */
  address: string;
  /** Called at the first poll and at each one of so many after it. */
  onPolls(listener: (polls: number) => void): void;
  close(): Promise<void>;
}

/** Small ones of each kind of server, one that is defective, and one that hostile clients use. */
const NAMES = [
  'prefork.1',
  'threads.1',
  'hostile.1',
  'odd-cwd.1',
  'emperor.1',
  'http-router.1',
  'cheaper.1',
  'queue.1',
];
/** Polls until the next one is served. */
const TURN = 400;

/** What goes wrong, by turns. */
const FAULTS: readonly ((socket: Socket, document: Buffer) => void)[] = [
  // Cut off.
  (socket, document) => socket.end(document.subarray(0, document.length / 2)),
  (socket, document) =>
    socket.write(document.subarray(0, document.length / 2), () => socket.resetAndDestroy()),
  (socket) => socket.end('<html>It works!</html>'),
  (socket) => socket.end(),
  (socket) => socket.resetAndDestroy(),
  (socket) => socket.end('HTTP/1.0 404 Not Found\r\n\r\nno'),
];

export interface SourceOptions {
  /** Something goes wrong with one of so many polls; each fault costs half a second, for statstop waits then. */
  faultEvery: number;
  /** How often `onPolls` is told. */
  tellEvery: number;
}

/** Starts a server. Its documents cost it next to nothing. */
export async function startSource({ faultEvery, tellEvery }: SourceOptions): Promise<Source> {
  const documents = NAMES.map((name) => growing(CAPTURES.find((capture) => capture.name === name)));
  let polls = 0;
  let tell = (_polls: number) => {};
  const server = createServer((socket) => {
    polls += 1;
    socket.on('error', () => socket.destroy());
    socket.resume();
    const document = documents[Math.floor(polls / TURN) % documents.length]?.(polls) ?? Buffer.alloc(0);
    const fault = polls % faultEvery === 0 ? FAULTS[(polls / faultEvery) % FAULTS.length] : undefined;
    if (fault) fault(socket, document);
    else socket.end(document);
    if (polls % tellEvery === 0) tell(polls);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    onPolls(listener) {
      tell = listener;
    },
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}

const COUNTERS: ReadonlySet<string> = new Set([
  'requests',
  'delta_requests',
  'running_time',
  'tx',
  'rx',
  'hits',
]);

/** The document of a poll: its counters are higher by how many polls there were. */
function growing(capture: Capture | undefined): (polls: number) => Buffer {
  if (!capture) throw new Error('there is no such capture');
  /** Text and numbers, by turns. */
  const texts: string[] = [''];
  const numbers: number[] = [];
  for (const { kind, text, key } of capture.tokens) {
    if (kind === 'number' && COUNTERS.has(key)) {
      numbers.push(Number(text));
      texts.push('');
    } else {
      texts[texts.length - 1] += text;
    }
  }
  return (polls) =>
    Buffer.from(
      texts.map((text, i) => text + (i < numbers.length ? (numbers[i] ?? 0) + polls : '')).join(''),
      'latin1',
    );
}
