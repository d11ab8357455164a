import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { fleetObservation, newFleet, withServer } from '../src/monitor/fleet.ts';
import { nothingObserved, type Observation } from '../src/monitor/observation.ts';
import { observeDocument } from '../src/monitor/observe.ts';
import { exposition } from '../src/outputs/prometheus/exposition.ts';
import { decode } from '../src/stats/decode.ts';
import { createMask } from '../src/text/secrets.ts';
import { documents, SIZES, type Size, sizeName } from './documents.ts';
import { bytes, median, medianRatio, milliseconds, ratio } from './figures.ts';
import { GAP, type Row, type Section } from './table.ts';

const DOCUMENTS = 12;
const WARM_UP = 3;
const compress = promisify(gzip);

/** CPU milliseconds of each scrape, by step, and the bytes of the last one. */
interface Laps {
  parse: number[];
  read: number[];
  write: number[];
  zip: number[];
  whole: number[];
  length: number;
  zipped: number;
}

/** Measures one scrape with the metrics of all cores: a new document, its observation, its text, and gzip. */
export async function measureScrape(): Promise<Section> {
  const sizes: { name: string; laps: Laps }[] = [];
  for (const size of SIZES) sizes.push({ name: sizeName(size), laps: await measure(size) });
  const row = (label: string, cell: (laps: Laps) => string): Row => [
    label,
    ...sizes.map(({ laps }) => cell(laps)),
  ];
  const time = (label: string, laps: (of: Laps) => number[]) => row(label, (of) => milliseconds(laps(of)));
  return {
    title: 'One scrape with cores, within the process',
    columns: sizes.map(({ name }) => name),
    rows: [
      row('(read + write + gzip) / JSON.parse', ({ whole, parse }) => ratio(medianRatio(whole, parse))),
      time('the whole, ms [goal 150 for 512x8]', ({ whole }) => whole),
      GAP,
      time('JSON.parse of the bytes, ms', ({ parse }) => parse),
      time('decode and observe, ms', ({ read }) => read),
      time('write, ms', ({ write }) => write),
      time('gzip, ms', ({ zip }) => zip),
      row('text', ({ length }) => bytes(length)),
      row('text with gzip', ({ zipped }) => bytes(zipped)),
    ],
  };
}

async function measure(size: Size): Promise<Laps> {
  const laps: Laps = { parse: [], read: [], write: [], zip: [], whole: [], length: 0, zipped: 0 };
  const mask = createMask();
  let observation: Observation = nothingObserved('/run/app.stats');
  const member = { target: observation.target, name: 'app' };
  for (const [at, document] of documents(size, DOCUMENTS + WARM_UP, 5).entries()) {
    const time = 1_795_335_000 + 5 * at;
    const parse = await spent(() => void JSON.parse(document.toString()));
    const read = await spent(() => {
      const snapshot = decode(document);
      const event = { kind: 'document', document, snapshot, origin: 'server', host: null } as const;
      observation = observeDocument(observation, { ...event, time, clock: 5 * at, clockError: 0 });
    });
    let text = '';
    const write = await spent(() => {
      const fleet = withServer(newFleet([member], time), observation, time);
      text = exposition(fleetObservation(fleet), { mask, collectCores: true });
    });
    const zip = await spent(async () => {
      laps.zipped = (await compress(text, { level: 1 })).length;
    });
    laps.length = text.length;
    if (at < WARM_UP) continue;
    laps.parse.push(parse);
    laps.read.push(read);
    laps.write.push(write);
    laps.zip.push(zip);
    laps.whole.push(read + write + zip);
  }
  if (median(laps.whole) <= 0) throw new Error('nothing was measured');
  return laps;
}

/** CPU milliseconds of this process, with those of its threads. */
async function spent(work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
