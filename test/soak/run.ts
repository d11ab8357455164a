import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { forkSource, serveParent } from './child.ts';
import type { Measure } from './measure.ts';
import { scrapes } from './scrapes.ts';
import { soak } from './soak.ts';
import { startSource } from './source.ts';
import { table, verdict } from './verdict.ts';

/**
 * Polls a server a hundred thousand times, as often as a live view does in a day, and checks whether memory or handles
 * grow. With `--scrapes 10000`, scrapes an exporter that often instead. Exit status: 0 without growth, 1 with growth, 2
 * for a wrong option.
 */
const POLLS = 100_000;
const LOOKS = 40;
const FAULTS = 40;
/** Polls between two keys. */
const KEY_EVERY = 50;

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { polls: text, scrapes: text, serve: text } });

const polls = Number(values.polls ?? POLLS);
if (values.serve !== undefined) {
  await serveParent(JSON.parse(values.serve), startSource);
} else if (values.scrapes !== undefined) {
  process.exitCode = await scrape(Number(values.scrapes));
} else if (!Number.isInteger(polls) || polls < LOOKS * KEY_EVERY) {
  console.error(`--polls takes a number from ${LOOKS * KEY_EVERY}, not '${values.polls}'`);
  process.exitCode = 2;
} else {
  process.exitCode = await run();
}

async function run(): Promise<number> {
  const faultEvery = Math.max(1, Math.floor(polls / FAULTS));
  const source = await forkSource(fileURLToPath(import.meta.url), { faultEvery, tellEvery: KEY_EVERY });
  const { measures, seconds, bytes, writes } = await soak({ polls, looks: LOOKS, source });
  await source.close();
  console.log(table(measures));
  console.log(
    `${polls} polls in ${seconds.toFixed(0)} s, ${FAULTS} of them spoiled; ${(bytes / 2 ** 20).toFixed(1)} MiB in ${writes} writes to the terminal`,
  );
  return told(measures);
}

/** Prints the verdict. Returns the exit status. */
function told(measures: readonly Measure[]): number {
  const grown = verdict(measures);
  console.log(grown.length > 0 ? `GROWS: ${grown.join('; ')}` : 'nothing grows');
  return grown.length > 0 ? 1 : 0;
}

async function scrape(count: number): Promise<number> {
  if (!Number.isInteger(count) || count < LOOKS * KEY_EVERY) {
    console.error(`--scrapes takes a number from ${LOOKS * KEY_EVERY}, not '${values.scrapes}'`);
    return 2;
  }
  const source = await forkSource(fileURLToPath(import.meta.url), { faultEvery: 1000, tellEvery: KEY_EVERY });
  const start = performance.now();
  const measures = await scrapes(count, LOOKS, source);
  await source.close();
  console.log(table(measures));
  console.log(`${count} scrapes in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return told(measures);
}
