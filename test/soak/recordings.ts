import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { appDocument } from '../../src/demo/document.ts';
import { createTraffic } from '../../src/demo/traffic.ts';
import { RecordingFolder } from '../../src/recordings/folder.ts';
import { openRecording } from '../../src/recordings/open.ts';
import { Recorder } from '../../src/recordings/recorder.ts';
import { decode } from '../../src/stats/decode.ts';
import { createMask } from '../../src/text/secrets.ts';

/**
 * Kills a recorder a hundred times at random moments, and records a simulated week at one reading a second. Checks that
 * nothing is lost and that memory does not grow. Exit status: 0, or 1 with a line for each failure. Takes an hour:
 * `npm run soak:recordings -- --kills 10 --days 0.1` takes some minutes.
 */
const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { kills: text, days: text } });
const kills = Number(values.kills ?? 100);
const days = Number(values.days ?? 7);

const DAY = 86_400;
const VERSION = 'soak';
const EPOCH = 1_790_000_000;

const folder = mkdtempSync(join(tmpdir(), 'statstop-soak-'));
const failures: string[] = [];
try {
  await killRecorders(join(folder, 'killed'));
  recordWeek(join(folder, 'week'));
} finally {
  rmSync(folder, { recursive: true });
}
for (const failure of failures) console.log(`FAILED: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;

function check(isTrue: boolean, what: string): void {
  if (!isTrue) failures.push(what);
}

/** The number of events of a recording. Every part of it must be readable. */
function eventsIn(to: string): number {
  const recording = openRecording(to, VERSION);
  let count = 0;
  const damaged = (why: string) => check(false, why);
  for (const { why } of recording.problems) damaged(why);
  for (const item of recording.items(0, ({ why }) => damaged(why))) if (item.kind === 'event') count += 1;
  recording.close();
  return count;
}

async function killRecorders(to: string): Promise<void> {
  const program = join(process.cwd(), 'bin/statstop.js');
  const address = join(folder, 'demo.sock');
  const run = (...args: string[]) => spawn(process.execPath, [program, ...args], { stdio: 'ignore' });
  const demo = run('demo', '--serve', '--workers', '16', '--threads', '4', '--address', address);
  while (!existsSync(address)) await sleep(50);
  let before = 0;
  for (let round = 1; round <= kills; round += 1) {
    const recorder = run('record', address, '--to', to, '--interval', '0.1');
    const ended = new Promise((resolve) => recorder.once('close', resolve));
    await sleep(400 + Math.random() * 2000);
    recorder.kill('SIGKILL');
    await ended;
    const count = existsSync(to) && hasFiles(to) ? eventsIn(to) : 0;
    check(count >= before, `round ${round}: ${count} readings after ${before}`);
    before = count;
  }
  demo.kill();
  console.log(`${kills} recorders killed, ${before} readings kept`);
  check(kills === 0 || before > kills, 'the recorders wrote nothing');
}

function hasFiles(to: string): boolean {
  return readdirSync(to).some((name) => name.endsWith('.statstop') && statSync(join(to, name)).size > 100);
}

function recordWeek(to: string): void {
  const traffic = createTraffic({ workers: 8, cores: 2, rate: 16 });
  const options = { version: VERSION, run: '1', interval: 1, options: {}, mask: createMask() };
  const recorder = new Recorder(options);
  recorder.setServers([{ target: 'app', name: 'app', node: 'web1' }]);
  const recording = new RecordingFolder(to, recorder, { say: (said) => failures.push(said) });
  const heaps: number[] = [];
  const resident: number[] = [];
  const count = Math.round(days * DAY);
  for (let second = 0; second < count; second += 1) {
    traffic.advance(1);
    const document = Buffer.from(appDocument(traffic.state, { epoch: EPOCH }));
    const [time, clock] = [EPOCH + second, 1000 + second];
    const snapshot = decode(document);
    const event = { kind: 'document', document, snapshot, origin: 'server', time, clock } as const;
    recording.record('app', { ...event, clockError: 0, host: null });
    if (second % Math.ceil(count / 20) !== 0) continue;
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    heaps.push(heapUsed / 2 ** 20);
    resident.push(rss / 2 ** 20);
  }
  recording.close();
  const bytes = readdirSync(to).reduce((sum, name) => sum + statSync(join(to, name)).size, 0);
  const start = performance.now();
  const opened = openRecording(to, VERSION);
  const openMs = performance.now() - start;
  check(opened.blocks.reduce((sum, { events }) => sum + events, 0) === count, 'readings are missing');
  opened.close();
  console.log(
    `${count} readings, ${(bytes / count).toFixed(0)} bytes each, opened in ${openMs.toFixed(0)} ms`,
  );
  const listed = (sizes: readonly number[]) => sizes.map((size) => size.toFixed(0)).join(' ');
  console.log(`heap in MiB: ${listed(heaps)}\nresident set in MiB: ${listed(resident)}`);
  const half = heaps.length >> 1;
  const [early = 0, late = 0] = [heaps.slice(1, half), heaps.slice(half)].map((part) => Math.max(...part));
  check(late < early * 1.2 + 5, `the heap grew from ${early.toFixed(0)} to ${late.toFixed(0)} MiB`);
}
