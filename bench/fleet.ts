import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, type Worker } from 'node:worker_threads';
import { initialView } from '../src/commands/initial-view.ts';
import { nothingObserved, type Observation } from '../src/monitor/observation.ts';
import { observe } from '../src/monitor/observe.ts';
import { openSource } from '../src/sources/open.ts';
import type { Source, SourceEvent } from '../src/sources/source.ts';
import { parseTarget } from '../src/targets/parse.ts';
import { UNICODE } from '../src/views/glyphs.ts';
import { screen } from '../src/views/screen.ts';
import { milliseconds } from './figures.ts';
import { serveChanging } from './many.ts';
import type { Section } from './table.ts';
import { answerOf, type Job, startThread } from './threads.ts';

/** Servers that are read once a second each, and seconds that are measured after a start. */
const SERVERS = 50;
const SECONDS = 12;
const START_MS = 3000;
/** Least milliseconds between two frames, as in the live view. */
const FRAME_MS = 15;
const SIZE = { columns: 200, rows: 50 };
const DOCUMENT = 'fixtures/uwsgi-2.0.21/many.2.stats';

/** Where the servers are read, and when frames are drawn. */
const MANNERS = [
  { name: 'main thread, drawn immediately', inThread: false, waits: false },
  { name: 'main thread, drawn between reads', inThread: false, waits: true },
  { name: 'own thread for the reads', inThread: true, waits: false },
] as const;

interface Measured {
  /** Milliseconds for which a server was held by a read: the median and the 99th of 100. */
  held: number;
  heldMost: number;
  /** Milliseconds by which the main thread was late: the 99th of 100. */
  late: number;
  frames: number;
  cpu: number;
}

/** How fifty servers are read without holding them and without starving the screen. */
export async function measureFleet(file: string): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), 'statstop-bench-'));
  const paths = Array.from({ length: SERVERS }, (_, place) => join(folder, `${place}.stats`));
  const servers = await startThread(file, { kind: 'servers', paths });
  const found: Measured[] = [];
  try {
    for (const manner of MANNERS) found.push(await measure(file, servers, paths, manner));
  } finally {
    await servers.terminate();
    rmSync(folder, { recursive: true });
  }
  const row = (label: string, cell: (measured: Measured) => string): [string, ...string[]] => [
    label,
    ...found.map(cell),
  ];
  return {
    title: `${SERVERS} servers of 64x8, each read once per second`,
    columns: MANNERS.map(({ name }) => name),
    rows: [
      row('time for which a server is held, median', ({ held }) => milliseconds([held])),
      row('... 99th percentile', ({ heldMost }) => milliseconds([heldMost])),
      row('delay of the main thread, 99th percentile', ({ late }) => milliseconds([late])),
      row('frames per second', ({ frames }) => frames.toFixed(0)),
      row('CPU time of the process, including the servers', ({ cpu }) => `${Math.round(cpu * 100)}%`),
    ],
    notes: [],
  };
}

async function measure(
  file: string,
  servers: Worker,
  paths: string[],
  { inThread, waits }: (typeof MANNERS)[number],
): Promise<Measured> {
  const stop = new AbortController();
  const fleet = new Map<string, Observation>(paths.map((path) => [path, nothingObserved(path)]));
  let frames = 0;
  let drawnAt = 0;
  let waiting: NodeJS.Timeout | undefined;
  const sources: Source[] = [];
  const draw = () => {
    clearTimeout(waiting);
    const isReceiving = waits && sources.some(({ receiving }) => receiving);
    if (isReceiving || performance.now() - drawnAt < FRAME_MS) {
      waiting = setTimeout(draw, 5);
      return;
    }
    drawnAt = performance.now();
    frames += 1;
    frameOf(fleet, paths[frames % paths.length] ?? '');
  };
  const take = (path: string, event: SourceEvent) => {
    const before = fleet.get(path);
    if (before) fleet.set(path, observe(before, event));
    draw();
  };
  let readers: Worker | null = null;
  if (inThread) {
    readers = await startThread(file, { kind: 'readers', paths });
    readers.on('message', ({ path, event }) => take(path, event));
  } else {
    // One signal for each source: Node.js warns about more than ten listeners of one.
    sources.push(...paths.map((path) => follow(path, AbortSignal.any([stop.signal]), take)));
  }
  await sleep(START_MS);
  servers.postMessage('begin');
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  frames = 0;
  await sleep(SECONDS * 1000);
  delay.disable();
  const used = process.cpuUsage(cpu);
  const held = await answerOf<number[]>(servers, 'end');
  stop.abort();
  clearTimeout(waiting);
  await readers?.terminate();
  const sorted = held.sort((a, b) => a - b);
  const part = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return {
    held: part(0.5),
    heldMost: part(0.99),
    late: delay.percentile(99) / 1e6,
    frames: frames / SECONDS,
    cpu: (used.user + used.system) / 1e6 / SECONDS,
  };
}

const VIEW = {
  ...initialView({
    interval: 1,
    timeout: 4,
    cores: 'off',
    color: true,
    theme: 'dark',
    settings: {},
    settingPath: null,
  }),
  glyphs: UNICODE,
};

function frameOf(fleet: ReadonlyMap<string, Observation>, focus: string): void {
  const shown = fleet.get(focus) ?? nothingObserved(focus);
  const interaction = {
    node: 'bench',
    name: null,
    backTo: null,
    pace: 1,
    replay: null,
    now: 0,
    lastSeen: null,
    stack: null,
    notice: null,
    recording: null,
    view: VIEW,
  };
  screen({ ...shown, ...interaction }, SIZE);
}

function follow(path: string, signal: AbortSignal, take: (path: string, event: SourceEvent) => void): Source {
  const source = openSource(parseTarget(path), { timeoutSeconds: 10, interval: () => 1 });
  void (async () => {
    for await (const event of source.events(signal)) take(path, event);
  })();
  return source;
}

/** What a thread does until it is ended. */
export function work(job: Job): void {
  if (job.kind === 'servers') serve(job.paths);
  else if (job.kind === 'changing') serveChanging(job.paths);
  else
    for (const path of job.paths)
      follow(path, new AbortController().signal, (path, event) => parentPort?.postMessage({ path, event }));
  if (job.kind === 'readers') parentPort?.postMessage({ path: '', event: null });
}

/** Stats servers that write the document at once, and note how long each connection is open. */
function serve(paths: readonly string[]): void {
  const document = readFileSync(DOCUMENT);
  let held: number[] = [];
  let listening = 0;
  for (const path of paths) {
    createServer((socket) => {
      const accepted = performance.now();
      socket.on('error', () => {});
      socket.on('close', () => held.push(performance.now() - accepted));
      socket.end(document);
    }).listen(path, () => {
      listening += 1;
      if (listening === paths.length) parentPort?.postMessage('listening');
    });
  }
  parentPort?.on('message', (order) => {
    if (order === 'begin') held = [];
    else parentPort?.postMessage(held);
  });
}
