import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createHost } from '../../../src/host/host.ts';
import { openSource } from '../../../src/sources/open.ts';
import type { DocumentEvent } from '../../../src/sources/source.ts';
import { parseTarget } from '../../../src/targets/parse.ts';
import { freePort } from '../addresses.ts';
import { startUwsgi } from '../uwsgi.ts';
import { encodeEvents } from './recording.ts';

/**
 * Records a real server while it gets into trouble, for the picture in README.md: `npm run record`. Its requests become
 * slower than they arrive, so all cores are busy and the queue fills, while one request never ends.
 */

/** Requests per second. At first the cores are sufficient for them. */
const RATE = 70;
/** Seconds after the start. */
const STUCK_AT = 20;
const SLOW_AT = 40;
const LIMIT = 90;
/** The recording ends with a queue of this length. */
const QUEUE = 45;

/** Paths with the upper end of their share of the requests. */
const PATHS: readonly (readonly [below: number, path: () => string])[] = [
  [0.55, () => `/products/${1000 + upTo(900)}`],
  [0.7, () => '/cart/add?item=1841'],
  [0.84, () => `/search?page=${upTo(9)}`],
  [0.93, () => '/account/orders'],
  [0.99, () => '/checkout'],
  [1, () => `/report/2026/${upTo(11)}`],
];

const port = await freePort('127.0.0.1');
const server = await startUwsgi({
  ini: 'shop.ini',
  processes: 8,
  threads: 2,
  args: ['--socket', `127.0.0.1:${port}`],
});
const stop = new AbortController();
try {
  const start = performance.now();
  const second = () => (performance.now() - start) / 1000;
  load(second);
  const events: DocumentEvent[] = [];
  const target = parseTarget(server.target);
  const host = createHost({ target, whole: true });
  const source = openSource(target, {
    timeoutSeconds: 4,
    interval: () => 1,
    intervalFrom: 'start',
    hostOf: (snapshot, clock) => host.read(snapshot, clock),
  });
  for await (const event of source.events(stop.signal)) {
    if (event.kind === 'failure') throw event.error;
    events.push(event);
    const queue = event.snapshot.kind === 'app' ? (event.snapshot.listenQueue ?? 0) : 0;
    console.log(`${second().toFixed(1)}s queue ${queue}`);
    if (queue >= QUEUE || second() > LIMIT) break;
  }
  const file = new URL('../../../fixtures/lab/trouble.jsonl.gz', import.meta.url);
  writeFileSync(file, gzipSync(encodeEvents(events), { level: 9 }));
} finally {
  stop.abort();
  await server.stop();
}
process.exit();

/** Sends requests at a fixed rate, even if earlier ones still wait. */
function load(second: () => number): void {
  let sent = 0;
  let isStuck = false;
  const timer = setInterval(() => {
    if (!isStuck && second() > STUCK_AT) {
      isStuck = true;
      ask('POST', '/checkout/payment', '203.0.113.9');
    }
    if (second() > SLOW_AT) writeFileSync(join(server.folder, 'slow'), '');
    for (; sent < second() * RATE; sent += 1) {
      const uri = pathOf();
      const isPost = uri.startsWith('/cart') || uri.startsWith('/checkout');
      ask(isPost ? 'POST' : 'GET', uri, `203.0.113.${upTo(250)}`);
    }
  }, 20);
  stop.signal.addEventListener('abort', () => clearInterval(timer));
}

function pathOf(): string {
  const chance = Math.random();
  return PATHS.find(([below]) => chance < below)?.[1]() ?? '/';
}

/** A random whole number from 1. */
function upTo(most: number): number {
  return Math.floor(1 + Math.random() * most);
}

/** Sends one request in the uwsgi protocol, as a web server does. */
function ask(method: string, uri: string, client: string): void {
  const [path = '', query = ''] = uri.split('?');
  const variables = {
    REQUEST_METHOD: method,
    REQUEST_URI: uri,
    PATH_INFO: path,
    QUERY_STRING: query,
    SERVER_PROTOCOL: 'HTTP/1.1',
    REMOTE_ADDR: client,
    HTTP_HOST: 'shop.example.com',
    HTTP_USER_AGENT: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0)',
  };
  const body = Buffer.concat(Object.entries(variables).flatMap((pair) => pair.map(sized)));
  const head = Buffer.alloc(4);
  head.writeUInt16LE(body.length, 1);
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  socket.end(Buffer.concat([head, body]));
}

/** A text, preceded by its size in two bytes. */
function sized(text: string): Buffer {
  const size = Buffer.alloc(2);
  size.writeUInt16LE(Buffer.byteLength(text));
  return Buffer.concat([size, Buffer.from(text)]);
}
