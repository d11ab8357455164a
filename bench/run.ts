import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, workerData } from 'node:worker_threads';
import { measureFleet, work } from './fleet.ts';
import { measureHold } from './hold.ts';
import { measureKeys } from './keys.ts';
import { measureLive } from './live.ts';
import { measureMany } from './many.ts';
import { measureRecordings } from './recordings.ts';
import { measureRefresh } from './refresh.ts';
import { measureScrape } from './scrape.ts';
import { measureStartup } from './startup.ts';
import { report, type Section } from './table.ts';

/**
 * The parts of the benchmark, which measures the cost of statstop as ratios. Both sides of each ratio are measured
 * alternately in the same run, on the same machine. Takes about six minutes.
 */
const PARTS: readonly (readonly [name: string, measure: () => Section | Promise<Section>])[] = [
  ['one refresh', measureRefresh],
  ['the start', measureStartup],
  ['the live view', measureLive],
  ['keys', measureKeys],
  ['a scrape', measureScrape],
  ['how long a poll holds uWSGI', measureHold],
  ['recordings', measureRecordings],
  ['a fleet', () => measureFleet(fileURLToPath(import.meta.url))],
  ['many servers (fleet)', () => measureMany(fileURLToPath(import.meta.url))],
];

// Measure the defaults, not the user's settings.
process.env.XDG_CONFIG_HOME = '/nonexistent';

if (isMainThread) await main();
else work(workerData);

/** Measures the parts whose name contains one of the command line's words; without words, all parts. */
async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const sections: Section[] = [];
  for (const [name, measure] of PARTS) {
    if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
    process.stderr.write(`measuring ${name}...\n`);
    sections.push(await measure());
  }
  const environment = `Node.js ${process.version}, ${availableParallelism()} processors`;
  console.log(`${environment}. Times are medians, with the minimum in parentheses.\n`);
  console.log(report(sections));
}
