import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { CAPTURES, type Capture } from '../fuzz/captures.ts';

/** A server to poll. It sends captured documents with growing counters. */
export interface Source {
  /** `host:port`. */
  address: string;
  /** Calls `listener` at the first poll and then at every `tellEvery`-th poll. */
  onPolls(listener: (polls: number) => void): void;
  close(): Promise<void>;
}

/** Small captures of each kind of server, a defective one, and one with hostile clients. */
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
/** Number of polls before the next document is served. */
const TURN = 400;

/** Faults, in turn. */
const FAULTS: readonly ((socket: Socket, document: Buffer) => void)[] = [
  // Truncated.
  (socket, document) => socket.end(document.subarray(0, document.length / 2)),
  (socket, document) =>
    socket.write(document.subarray(0, document.length / 2), () => socket.resetAndDestroy()),
  (socket) => socket.end('<html>It works!</html>'),
  (socket) => socket.end(),
  (socket) => socket.resetAndDestroy(),
  (socket) => socket.end('HTTP/1.0 404 Not Found\r\n\r\nno'),
];

export interface SourceOptions {
  /** Number of polls per fault. Each fault costs half a second, because statstop then waits. */
  faultEvery: number;
  /** Number of polls per call of the listener. */
  tellEvery: number;
}

/** Starts a server that generates its documents cheaply. */
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

/** Creates the document of a poll. Its counters grow with the number of polls. */
function growing(capture: Capture | undefined): (polls: number) => Buffer {
  if (!capture) throw new Error('the capture does not exist');
  /** Text and numbers, alternating. */
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
