import type { ServerOpts, Socket } from 'node:net';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/sources/open.ts';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';
import { type Followed, follow } from './following.ts';
import { DOCUMENT, HTTP_HEAD, http, raw, serve, silent, type Where } from './servers.ts';

type Talk = (socket: Socket, connection: number) => void;

/** A source and its server, with counters. */
interface Polled {
  source: Followed;
  /** Connections that are open at the server. */
  readonly open: number;
  /** The largest number of concurrent connections so far. */
  readonly most: number;
  /** The bytes that each connection sent. */
  received: readonly string[];
  answers: number;
  failures: number;
}

/** Much shorter than any answer takes, so that a read that begins too early is found. */
const INTERVAL_SECONDS = 0.005;

async function start(
  where: Where,
  talk: Talk,
  timeoutSeconds: number,
  options?: ServerOpts,
): Promise<Polled> {
  let open = 0;
  let most = 0;
  const counting: Talk = async (socket, connection) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    talk(socket, connection);
    // On a busy machine, the close of the previous connection may be reported in the same turn, after this one.
    await turn();
    await turn();
    most = Math.max(most, open, 1);
  };
  const { target, received } = await serve(where, counting, options);
  const polled: Polled = {
    source: follow(openSource(target, { timeoutSeconds, interval: () => INTERVAL_SECONDS }), ({ kind }) => {
      if (kind === 'document') polled.answers += 1;
      else polled.failures += 1;
    }),
    get open() {
      return open;
    },
    get most() {
      return most;
    },
    received,
    answers: 0,
    failures: 0,
  };
  return polled;
}

/** Runs `talk` for some connections, and answers the others at once. */
const some =
  (isMeant: (connection: number) => boolean, talk: Talk): Talk =>
  (socket, connection) => {
    if (isMeant(connection)) talk(socket, connection);
    // The close by the client is reported only if the socket is read.
    else raw(DOCUMENT)(socket.resume());
  };

const odd = (connection: number) => connection % 2 === 1;
const pieces: Talk = async (socket) => {
  for (const piece of DOCUMENT.match(/[\s\S]{1,9}/g) ?? []) {
    socket.write(piece);
    await pause(4);
  }
  socket.end();
};
const after =
  (milliseconds: number): Talk =>
  async (socket) => {
    await pause(milliseconds);
    socket.end(DOCUMENT);
  };

interface Case {
  server: string;
  talk: Talk;
  where?: Where;
  options?: ServerOpts;
  /** Number of polls to wait for, with an answer and with a failure. */
  answers: number;
  failures?: number;
  /** The timeout of a server that never ends its answer. Only it may be reached. */
  timeoutSeconds?: number;
}

/** After a failure the next poll is half a second later. More answers per failure make the test faster. */
const CASES: readonly Case[] = [
  { server: 'answers at once', talk: raw(DOCUMENT), answers: 30 },
  { server: 'answers at once over TCP', talk: raw(DOCUMENT), where: 'tcp', answers: 30 },
  { server: 'is slow', talk: pieces, answers: 10 },
  { server: 'answers late', talk: after(60), answers: 8 },
  { server: 'waits for a request', talk: http(HTTP_HEAD + DOCUMENT), answers: 20 },
  { server: 'is not a stats server', talk: http('HTTP/1.0 404 Not Found\r\n\r\n'), answers: 0, failures: 2 },
  { server: 'closes without a byte', talk: some(odd, raw('')), answers: 3, failures: 2 },
  // Longer than the silence after which a server is sent a request.
  { server: 'says nothing', talk: some(odd, silent), answers: 3, failures: 2, timeoutSeconds: 0.4 },
  {
    server: 'stops in the middle of a document',
    talk: some(odd, (socket) => socket.write('{')),
    answers: 3,
    failures: 2,
    timeoutSeconds: 0.4,
  },
  {
    server: 'resets',
    talk: some(odd, (socket) => void socket.resetAndDestroy()),
    where: 'tcp',
    answers: 3,
    failures: 2,
  },
  {
    server: 'resets in the middle of a document',
    talk: some(odd, (socket) => void socket.write('{', () => socket.resetAndDestroy())),
    where: 'tcp',
    answers: 3,
    failures: 2,
  },
  {
    server: 'is sent a request because it is slow, and closes without reading it',
    talk: some(
      (connection) => connection === 0,
      async (socket) => {
        // During a stall of the machine only one of the pauses ends, so the request is sent before the last one.
        for (let turn = 0; turn < 35; turn += 1) await pause(10);
        socket.destroy();
      },
    ),
    options: { pauseOnConnect: true },
    answers: 5,
  },
];

/** Either nothing, or one request with its headers and nothing after it. */
const NOTHING_OR_REQUEST = /^(GET \/ HTTP\/1\.0\r\n([\w-]+: [^\r\n]+\r\n)+\r\n)?$/;

describe('at most one connection is open, with one request at most, if the server', () => {
  it.each(CASES)('$server', async (given) => {
    const { talk, where = 'unix', options, answers, failures = 0, timeoutSeconds = TIMEOUT_SECONDS } = given;
    const polled = await start(where, talk, timeoutSeconds, options);
    while (polled.answers < answers || polled.failures < failures) await pause(5);
    expect(polled.most).toBe(1);
    for (const sent of polled.received) expect(sent).toMatch(NOTHING_OR_REQUEST);
    expect(polled.failures > 0).toBe(failures > 0);
  });
});

/** The resources that keep this process alive, without those of the wait itself. */
function resources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => name !== 'Immediate')
    .sort();
}

/** The resources after those of the test runner and of the previous test have disappeared. */
async function settledResources(): Promise<string[]> {
  for (let before = ''; ; ) {
    const now = resources();
    if (before === now.join()) return now;
    before = now.join();
    await pause(200);
  }
}

const timers = (all: readonly string[]) => all.filter((name) => name === 'Timeout').length;

/** Waits for a condition, with a timeout for the busiest machine. */
async function eventually(isSo: () => boolean, milliseconds = TIMEOUT_MS): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (!isSo() && performance.now() < deadline) await turn();
  return isSo();
}

describe('stop() leaves no open connection and no timer', () => {
  const LONG_SECONDS = 60;

  it.each<{ when: string; talk: Talk; until: (polled: Polled) => boolean }>([
    { when: 'before the connection is established', talk: silent, until: () => true },
    { when: 'while the server is silent', talk: silent, until: ({ open }) => open === 1 },
    {
      when: 'while the answer to a request is due',
      talk: silent,
      until: ({ received }) => received[0]?.startsWith('GET') === true,
    },
    {
      when: 'in the middle of a document',
      talk: (socket) => void socket.write('{'),
      until: ({ source, open }) => open === 1 && source.receiving,
    },
    { when: 'after an answer', talk: raw(DOCUMENT), until: ({ answers }) => answers === 3 },
    { when: 'after a failure', talk: raw(''), until: ({ failures }) => failures === 1 },
  ])('$when', async ({ talk, until }) => {
    // The server still listens.
    const expected = [...(await settledResources()), 'PipeWrap'].sort();
    const polled = await start('unix', talk, LONG_SECONDS);
    expect(await eventually(() => until(polled))).toBe(true);
    polled.source.stop();
    // Early enough to find the timer of the silence, which would end by itself.
    expect(await eventually(() => timers(resources()) === timers(expected), 100)).toBe(true);
    await eventually(() => polled.open === 0 && resources().join() === expected.join());
    expect(polled.open).toBe(0);
    expect(resources()).toEqual(expected);
  });
});

describe('over many polls', () => {
  it('a raw server is sent nothing, even if it becomes slow', async () => {
    const polled = await start(
      'unix',
      (socket, connection) => after(connection === 3 ? 350 : 0)(socket, connection),
      2,
    );
    while (polled.answers < 8) await pause(5);
    expect(polled.received.join('')).toBe('');
  });

  it('a raw server is sent nothing after a failure either', async () => {
    const polled = await start('unix', some(odd, raw('')), 2);
    while (polled.failures < 2) await pause(5);
    expect(polled.received.join('')).toBe('');
  });

  it('a server that waits for a request is sent the same one on each connection', async () => {
    const answer = http(HTTP_HEAD + DOCUMENT);
    const fail = http('HTTP/1.0 503 Service Unavailable\r\n\r\n');
    const polled = await start('unix', (socket, connection) => (connection === 4 ? fail : answer)(socket), 2);
    while (polled.answers < 10) await pause(5);
    polled.source.stop();
    expect(await eventually(() => polled.open === 0)).toBe(true);
    // The last connection may have been closed before the request was sent.
    const [first = '', ...others] = polled.received.slice(0, polled.answers + polled.failures);
    expect(first).toMatch(/^GET /);
    expect(first).toMatch(NOTHING_OR_REQUEST);
    expect(others.filter((sent) => sent !== first)).toEqual([]);
  });
});
