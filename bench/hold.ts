import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { FAST_INTERVAL } from '../src/views/scene.ts';
import { type Connections, traceConnections } from './connections.ts';
import { medianRatio, milliseconds, ratio } from './figures.ts';
import { STATSTOP } from './processes.ts';
import { hasPty, type Pty, startInPty } from './pty.ts';
import { GAP, type Row, type Section } from './table.ts';
import { type Hold, PROCESSES, startTraced, THREADS, type TracedServer, whyNotTraced } from './traced.ts';

/** A way to use the live view. */
interface Manner {
  name: string;
  /** Seconds between reads. */
  interval: number;
  /** Uses the fast mode. */
  fast?: boolean;
  /** Presses keys continuously. Each key redraws the view. */
  keys?: boolean;
  polls: number;
}

const MANNERS: readonly Manner[] = [
  { name: '0.5 s', interval: 0.5, polls: 40 },
  { name: 'fast', interval: FAST_INTERVAL, fast: true, polls: 80 },
  { name: 'fast, keys', interval: FAST_INTERVAL, fast: true, keys: true, polls: 160 },
];

/** Polls of a new view that are not measured: its code is not yet compiled, and its state about the server is empty. */
const FIRST_POLLS = 5;
const LOOK_MS = 5;
const TIMEOUT_MS = 30_000;
const KEYS_PER_SECOND = 100;
/** Moves the selection down and up again, and scrolls a table that is longer than the screen. */
const KEYS = ['\x1b[B', '\x1b[A'];
const KEYS_EACH_WAY = 60;
const HTTP_POLLS = 20;

const FAST = 'f';
const QUIT = 'q';
const DATA = 'WORKERS';

/** Polls of the two clients, measured side by side. */
interface Pairs {
  statstop: Hold[];
  uwsgi: Hold[];
}

/** Measures how long a poll blocks the master of a real uWSGI, compared with uWSGI's own client. */
export async function measureHold(): Promise<Section> {
  const title = `Time for which a poll holds the master of a real uWSGI of ${PROCESSES}x${THREADS}`;
  const why = hasPty() ? whyNotTraced() : '`script` of util-linux is not installed.';
  if (why !== null) return { title, columns: [], rows: [], notes: [`Not measured: ${why}`] };

  const loads = new Map<string, Pairs[]>();
  const server = await startTraced();
  let connections: Connections;
  try {
    loads.set('idle', await measureAll(server));
    connections = await traceConnections(server.address, [STATSTOP]);
    await server.occupy();
    loads.set('busy', await measureAll(server));
  } finally {
    await server.stop();
  }
  const http = await measureHttp();

  const rows = (label: string, cell: (pairs: Pairs) => string): Row[] =>
    [...loads].map(([load, manners]) => [`${load}: ${label}`, ...manners.map(cell)]);
  return {
    title,
    columns: MANNERS.map(({ name }) => name),
    rows: [
      ...rows('statstop / --connect-and-read [goal 1.1]', ({ statstop, uwsgi }) =>
        ratio(medianRatio(statstop.map(held), uwsgi.map(held))),
      ),
      ...rows('90th percentile, statstop / --connect-and-read', ({ statstop, uwsgi }) =>
        ratio(ninth(statstop.map(held)) / ninth(uwsgi.map(held))),
      ),
      ...rows('to the return of close, statstop / --connect-and-read', ({ statstop, uwsgi }) =>
        ratio(medianRatio(statstop.map(heldWithClose), uwsgi.map(heldWithClose))),
      ),
      GAP,
      ...rows('statstop, ms', ({ statstop }) => milliseconds(statstop.map(held))),
      ...rows('--connect-and-read, ms', ({ uwsgi }) => milliseconds(uwsgi.map(held))),
      ...rows('90th percentile of statstop, ms', ({ statstop }) => ninth(statstop.map(held)).toFixed(2)),
      ...rows('90th percentile of --connect-and-read, ms', ({ uwsgi }) => ninth(uwsgi.map(held)).toFixed(2)),
    ],
    notes: [
      `Connections of a live view in ${connections.polls} polls: at most ${connections.most} at a time [goal 1], ${connections.stillOpen} left open [goal 0].`,
      `With --stats-http: the first poll holds it for ${http.first.toFixed(0)} ms (250 ms of silence), a later one for ${milliseconds(http.later)} ms.`,
      'Measured from accept to the call of close, because the client that wakes up can delay the return of close.',
      `Busy: every core holds a request. Keys: ${KEYS_PER_SECOND} per second.`,
    ],
  };
}

/** From accept to the call of close, in milliseconds. */
function held({ start, end }: Hold): number {
  return (end - start) * 1000;
}

/** From accept to the return of close, in milliseconds. */
function heldWithClose({ start, closed }: Hold): number {
  return (closed - start) * 1000;
}

/** The 90th percentile. */
function ninth(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.9)] ?? Number.NaN;
}

async function measureAll(server: TracedServer): Promise<Pairs[]> {
  const all: Pairs[] = [];
  for (const manner of MANNERS) all.push(await measure(server, manner));
  return all;
}

/** Runs the other client after each poll of the view. */
async function measure(server: TracedServer, manner: Manner): Promise<Pairs> {
  const { interval, polls } = manner;
  const before = server.holds().length;
  const start = String(manner.fast ? 3600 : interval);
  const view = await startInPty([process.execPath, STATSTOP, server.address, '--interval', start]);
  await view.shows(DATA);
  if (manner.fast) view.press(FAST);
  const letGo = manner.keys ? pressKeys(view) : () => {};
  await ended(server, before + FIRST_POLLS);
  const pairs: Pairs = { statstop: [], uwsgi: [] };
  while (pairs.statstop.length < polls) {
    const count = server.holds().length;
    const statstop = (await ended(server, count + 1))[count];
    // Run halfway to the next poll: a client that polls soon after the other would find the master's memory in the
    // cache.
    await sleep((interval / 2) * 1000);
    await connectAndRead(server.address);
    const [uwsgi, ...more] = server.holds().slice(count + 1);
    // With more than two connections, it is unknown which client made which.
    if (!statstop || !uwsgi || more.length > 0) continue;
    pairs.statstop.push(statstop);
    pairs.uwsgi.push(uwsgi);
  }
  letGo();
  await view.quit(QUIT);
  return pairs;
}

/**
 * Waits until `count` clients have been served.
 *
 * @throws Error if no further client connects
 */
async function ended(server: TracedServer, count: number): Promise<Hold[]> {
  const deadline = performance.now() + TIMEOUT_MS;
  let holds = server.holds();
  while (holds.length < count) {
    if (performance.now() > deadline) throw new Error('the live view has stopped reading');
    await sleep(LOOK_MS);
    holds = server.holds();
  }
  return holds;
}

const run = promisify(execFile);

async function connectAndRead(address: string): Promise<void> {
  await run('sh', ['-c', 'exec uwsgi --connect-and-read "$0" 2>/dev/null', address]);
}

/** @returns a function that stops pressing the keys */
function pressKeys(view: Pty): () => void {
  let pressed = 0;
  const timer = setInterval(() => {
    const key = KEYS[Math.floor(pressed / KEYS_EACH_WAY) % KEYS.length];
    pressed += 1;
    if (key) view.press(key);
  }, 1000 / KEYS_PER_SECOND);
  return () => clearInterval(timer);
}

/** Milliseconds that the polls of a view block a server that waits for a request. */
async function measureHttp(): Promise<{ first: number; later: number[] }> {
  const server = await startTraced(['--stats-http']);
  try {
    const view = await startInPty([process.execPath, STATSTOP, server.address, '--interval', '0.2']);
    const [first = Number.NaN, ...later] = (await ended(server, HTTP_POLLS + 1)).map(held);
    await view.quit(QUIT);
    return { first, later };
  } finally {
    await server.stop();
  }
}
