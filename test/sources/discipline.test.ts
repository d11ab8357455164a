import type { ServerOpts, Socket } from 'node:net';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/sources/open.ts';
import { TIMEOUT_MS } from '../timeouts.ts';
import { type Followed, follow } from './following.ts';
import { DOCUMENT, HTTP_HEAD, http, raw, serve, silent, type Where } from './servers.ts';

type Talk = (socket: Socket, connection: number) => void;

/** A source and its server, which counts. */
interface Polled {
  source: Followed;
  /** Connections that the server has open. */
  readonly open: number;
  /** The most that it ever had open at a time. */
  readonly most: number;
  /** What each connection sent. */
  received: readonly string[];
  answers: number;
  failures: number;
}

/** Far shorter than any answer takes: whatever may begin early does. */
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
    // On a busy machine, that the one before was closed may be told in the same turn, and after this one.
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

/** As `talk` for some connections, and an answer at once for the others. */
const some =
  (isMeant: (connection: number) => boolean, talk: Talk): Talk =>
  (socket, connection) => {
    if (isMeant(connection)) talk(socket, connection);
    // One that was accepted without being read would not see its client close.
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
  /** Polls with an answer and without one that are waited for. */
  answers: number;
  failures?: number;
}

/** After a failure the next poll has to wait for half a second: the more answers are between them, the better. */
const CASES: readonly Case[] = [
  { server: 'answers at once', talk: raw(DOCUMENT), answers: 30 },
  { server: 'answers at once, over TCP,', talk: raw(DOCUMENT), where: 'tcp', answers: 30 },
  { server: 'is slow', talk: pieces, answers: 10 },
  { server: 'answers late', talk: after(60), answers: 8 },
  { server: 'waits for a request', talk: http(HTTP_HEAD + DOCUMENT), answers: 20 },
  { server: 'is no stats server', talk: http('HTTP/1.0 404 Not Found\r\n\r\n'), answers: 0, failures: 2 },
  { server: 'closes without a byte', talk: some(odd, raw('')), answers: 3, failures: 2 },
  { server: 'says nothing', talk: some(odd, silent), answers: 3, failures: 2 },
  { server: 'stops half way', talk: some(odd, (socket) => socket.write('{')), answers: 3, failures: 2 },
  {
    server: 'resets',
    talk: some(odd, (socket) => void socket.resetAndDestroy()),
    where: 'tcp',
    answers: 3,
    failures: 2,
  },
  {
    server: 'resets half way',
    talk: some(odd, (socket) => void socket.write('{', () => socket.resetAndDestroy())),
    where: 'tcp',
    answers: 3,
    failures: 2,
  },
  {
    server: 'is so late that it is asked, and closes with the request unread,',
    talk: some(
      (connection) => connection === 0,
      async (socket) => {
        await pause(350);
        socket.destroy();
      },
    ),
    options: { pauseOnConnect: true },
    answers: 5,
  },
];

/** One request with its headers, and nothing behind it. */
const NOTHING_OR_REQUEST = /^(GET \/ HTTP\/1\.0\r\n([\w-]+: [^\r\n]+\r\n)+\r\n)?$/;

describe('at a server that', () => {
  it.each(CASES)(
    '$server never more than one connection is open, with one request at most',
    async (given) => {
      const { talk, where = 'unix', options, answers, failures = 0 } = given;
      // Longer than the silence after which a server is asked.
      const polled = await start(where, talk, 0.4, options);
      while (polled.answers < answers || polled.failures < failures) await pause(5);
      expect(polled.most).toBe(1);
      for (const sent of polled.received) expect(sent).toMatch(NOTHING_OR_REQUEST);
      expect(polled.failures > 0).toBe(failures > 0);
    },
  );
});

/** What keeps this process alive, but for what the test itself waits with. */
function resources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => name !== 'Immediate')
    .sort();
}

/** The same, once what the runner and the test before have left behind is gone. */
async function settledResources(): Promise<string[]> {
  for (let before = ''; ; ) {
    const now = resources();
    if (before === now.join()) return now;
    before = now.join();
    await pause(200);
  }
}

const timers = (all: readonly string[]) => all.filter((name) => name === 'Timeout').length;

/** Until it is so, or for as long as the busiest machine may take. */
async function eventually(isSo: () => boolean, milliseconds = TIMEOUT_MS): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (!isSo() && performance.now() < deadline) await turn();
  return isSo();
}

describe('after stop() nothing is open, and no timer left,', () => {
  const LONG_SECONDS = 60;

  it.each<{ when: string; talk: Talk; until: (polled: Polled) => boolean }>([
    { when: 'before it is connected', talk: silent, until: () => true },
    { when: 'while the server says nothing', talk: silent, until: ({ open }) => open === 1 },
    {
      when: 'while it waits for the answer to its request',
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
    // And the server, which listens on.
    const expected = [...(await settledResources()), 'PipeWrap'].sort();
    const polled = await start('unix', talk, LONG_SECONDS);
    expect(await eventually(() => until(polled))).toBe(true);
    polled.source.stop();
    // Soon enough to find the timer of the silence, which would end by itself.
    expect(await eventually(() => timers(resources()) === timers(expected), 100)).toBe(true);
    await eventually(() => polled.open === 0 && resources().join() === expected.join());
    expect(polled.open).toBe(0);
    expect(resources()).toEqual(expected);
  });
});

describe('over many polls', () => {
  it('a raw server is sent nothing, not even when it becomes slow', async () => {
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

  it('a server that waits for a request gets the same one on each connection', async () => {
    const answer = http(HTTP_HEAD + DOCUMENT);
    const fail = http('HTTP/1.0 503 Service Unavailable\r\n\r\n');
    const polled = await start('unix', (socket, connection) => (connection === 4 ? fail : answer)(socket), 2);
    while (polled.answers < 10) await pause(5);
    polled.source.stop();
    expect(await eventually(() => polled.open === 0)).toBe(true);
    // The last one may have been called off before it could ask.
    const [first = '', ...others] = polled.received.slice(0, polled.answers + polled.failures);
    expect(first).toMatch(/^GET /);
    expect(first).toMatch(NOTHING_OR_REQUEST);
    expect(others.filter((sent) => sent !== first)).toEqual([]);
  });
});
