import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, type Worker } from 'node:worker_threads';
import { documents } from './documents.ts';
import { bytes, median, milliseconds, ratio } from './figures.ts';
import { cpuTime, STATSTOP } from './processes.ts';
import { hasPty, type Pty, startInPty } from './pty.ts';
import type { Section } from './table.ts';
import { answerOf, startThread } from './threads.ts';

/** Servers that are read once a second each. Some accept connections and never write. */
const SERVERS = 100;
const SILENT = 10;
const SIZE = { workers: 64, cores: 8 };
/** Enough until the end: a repeated document would look like a restarted server. */
const DOCUMENTS = 120;
const WARM_UP_MS = 15_000;
const ROUNDS = 5;
const ROUND_MS = 6000;
/** Number of documents to parse after each round. */
const PARSED = 400;
/** Limit of each wait for the program. */
const PATIENCE_MS = 30_000;

/** What the thread of the servers has counted. */
interface Counted {
  reads: number;
  /** The number of servers that were read at least once. */
  servers: number;
}

/** What the live view costs that shows many servers, compared with `JSON.parse` of the bytes that it reads. */
export async function measureMany(file: string): Promise<Section> {
  const title = `Live view of ${SERVERS} servers of 64x8, ${SILENT} of them silent, each read once per second`;
  if (!hasPty())
    return { title, columns: [], rows: [], notes: ['Not measured: `script` of util-linux is missing.'] };
  const folder = mkdtempSync(join(tmpdir(), 'statstop-bench-'));
  const paths = Array.from({ length: SERVERS }, (_, place) => join(folder, `${place}.stats`));
  const servers = await startThread(file, { kind: 'changing', paths });
  try {
    const view = await startInPty([process.execPath, STATSTOP, ...paths]);
    try {
      return { title, columns: ['', 'range'], rows: await measure(view, servers) };
    } finally {
      process.kill(view.pid, 'SIGKILL');
    }
  } finally {
    await servers.terminate();
    rmSync(folder, { recursive: true });
  }
}

async function measure(view: Pty, servers: Worker): Promise<Section['rows']> {
  const first = await firstReads(view, servers);
  await sleep(WARM_UP_MS);
  const all = documents(SIZE, PARSED / 10, 1);
  const rounds: { cpu: number; parse: number; reads: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [before, cpu] = [await counted(servers), cpuTime(view.pid)];
    await sleep(ROUND_MS);
    const used = cpuTime(view.pid) - cpu;
    const reads = (await counted(servers)).reads - before.reads;
    if (reads === 0) throw new Error('the live view has read no server');
    rounds.push({ cpu: used / reads, parse: parseTime(all), reads: (reads / ROUND_MS) * 1000 });
  }
  const ratios = rounds.map(({ cpu, parse }) => cpu / parse);
  const range = (values: readonly number[], text: (value: number) => string) =>
    `${text(Math.min(...values))} to ${text(Math.max(...values))}`;
  return [
    ['CPU time per read / JSON.parse [goal 2]', ratio(median(ratios)), range(ratios, ratio)],
    ['CPU time per read, ms', milliseconds(rounds.map(({ cpu }) => cpu))],
    ['JSON.parse of the bytes of a read, ms', milliseconds(rounds.map(({ parse }) => parse))],
    ['reads per second', median(rounds.map(({ reads }) => reads)).toFixed(0)],
    [`all ${SERVERS - SILENT} servers that answer were read, ms [goal 1500]`, first.toFixed(0)],
    ['most resident memory [goal 400 MB]', bytes(mostMemory(view.pid))],
  ];
}

/** Milliseconds from the start of the program until all servers that answer have been read. */
async function firstReads(view: Pty, servers: Worker): Promise<number> {
  for (;;) {
    const passed = performance.now() - view.started;
    if ((await counted(servers)).servers >= SERVERS - SILENT) return passed;
    if (passed > PATIENCE_MS) throw new Error(`not all servers were read after ${PATIENCE_MS / 1000} s`);
    await sleep(20);
  }
}

function counted(servers: Worker): Promise<Counted> {
  return answerOf<Counted>(servers, 'count', PATIENCE_MS);
}

/** CPU milliseconds to parse one document, including garbage collection and a few reads that the servers answer. */
function parseTime(all: readonly Buffer[]): number {
  const start = cpuTime(process.pid);
  for (let count = 0; count < PARSED; count++) JSON.parse(all[count % all.length]?.toString('utf8') ?? '');
  return (cpuTime(process.pid) - start) / PARSED;
}

/** The highest resident memory of a process so far, in bytes. */
function mostMemory(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

/** Stats servers in this thread. Each writes the next document to each connection; the last ones write nothing. */
export function serveChanging(paths: readonly string[]): void {
  const all = documents(SIZE, DOCUMENTS, 1);
  const reads = paths.map(() => 0);
  let listening = 0;
  for (const [place, path] of paths.entries()) {
    createServer((socket) => {
      socket.on('error', () => socket.destroy());
      if (place >= SERVERS - SILENT) return;
      socket.end(all[(reads[place] ?? 0) % all.length] ?? '', () => {
        reads[place] = (reads[place] ?? 0) + 1;
      });
    }).listen(path, () => {
      listening += 1;
      if (listening === paths.length) parentPort?.postMessage('listening');
    });
  }
  parentPort?.on('message', () =>
    parentPort?.postMessage({
      reads: reads.reduce((sum, each) => sum + each),
      servers: reads.filter((each) => each > 0).length,
    } satisfies Counted),
  );
}
