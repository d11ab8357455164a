import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { documents } from './documents.ts';
import { median, ratio } from './figures.ts';
import { cpuTime, STATSTOP } from './processes.ts';
import { hasPty, startInPty } from './pty.ts';
import type { Section } from './table.ts';

/** Servers that answer, and servers that accept and never answer. */
const ANSWERING = 90;
const SILENT = 10;

/** Key that draws the whole screen: Ctrl-L. */
const REDRAW = '\f';

const SIZE = { workers: 64, cores: 8 };
const WARM_UP_SECONDS = 10;
const SECONDS = 20;

/** Measures the live view of a hundred servers, each read once per second. */
export async function measureMany(): Promise<Section> {
  const title = `Live view of ${ANSWERING} servers of 64x8 and ${SILENT} that never answer, at 1 Hz`;
  if (!hasPty())
    return {
      title,
      columns: [],
      rows: [],
      notes: ['Not measured: `script` of util-linux is not installed.'],
    };
  const folder = await mkdtemp(join(tmpdir(), 'statstop-bench-'));
  const all = documents(SIZE, WARM_UP_SECONDS + SECONDS + 10, 1);
  let reads = 0;
  const paths = await Promise.all(
    Array.from({ length: ANSWERING + SILENT }, async (_, at) => {
      const path = join(folder, `s${at}`);
      let read = 0;
      const server = createServer((socket) => {
        socket.on('error', () => socket.destroy());
        if (at >= ANSWERING) return;
        reads += 1;
        socket.end(all[Math.min(read, all.length - 1)] ?? '');
        read += 1;
      });
      await once(server.listen(path), 'listening');
      server.unref();
      return path;
    }),
  );
  const view = await startInPty([process.execPath, STATSTOP, ...paths]);
  // The screen is drawn anew until all of the text is: otherwise only the cells that differ are written.
  const redraw = setInterval(() => view.press(REDRAW), 50);
  const first = (await view.shows(`${ANSWERING} up`)) - view.started;
  clearInterval(redraw);
  await sleep(WARM_UP_SECONDS * 1000);
  const before = { reads, cpu: cpuTime(view.pid) };
  await sleep(SECONDS * 1000);
  const count = reads - before.reads;
  const cpu = cpuTime(view.pid) - before.cpu;
  const memory =
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${view.pid}/status`, 'utf8'))?.[1]) / 1024;
  await view.quit('q');
  rmSync(folder, { recursive: true, force: true });
  return {
    title,
    columns: ['figure'],
    rows: [
      ['CPU time per read / JSON.parse of the document [goal 2]', ratio(cpu / count / parseMs(all))],
      ['share of a processor', `${Math.round(cpu / SECONDS / 10)}%`],
      ['reads per second', (count / SECONDS).toFixed(0)],
      ['ms until the first frame with most servers [goal 1500]', first.toFixed(0)],
      ['memory, MB [goal 400]', memory.toFixed(0)],
    ],
    notes: [],
  };
}

/** Milliseconds of CPU time of `JSON.parse` for one document, warm. */
function parseMs(all: readonly Buffer[]): number {
  const texts = all.map((document) => document.toString());
  const times = texts.concat(texts).map((text) => {
    const { user, system } = process.cpuUsage();
    JSON.parse(text);
    const after = process.cpuUsage({ user, system });
    return (after.user + after.system) / 1000;
  });
  return median(times.slice(times.length / 2));
}
