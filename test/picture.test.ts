import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { svgOf } from '../scripts/svg.ts';
import { nothingObserved, type Observation } from '../src/monitor/observation.ts';
import { observe } from '../src/monitor/observe.ts';
import { screen } from '../src/views/screen.ts';
import { decodeEvents } from './lab/captures/recording.ts';
import { liveOf, plain } from './views/samples.ts';

/** The picture of README.md: the screen of a real server in trouble. `npm run picture` draws it again. */

const SIZE = { columns: 80, rows: 24 };

const recording = readFileSync(new URL('../fixtures/lab/trouble.jsonl.gz', import.meta.url));
const events = decodeEvents(gunzipSync(recording).toString());
const observed = events.reduce<Observation>(
  (before, event) => observe(before, event),
  nothingObserved('/srv/app/uwsgi.status'),
);
const scene = liveOf(null, { ...observed, now: observed.sample?.time ?? 0 });
const frame = screen(scene, SIZE);
const picture = svgOf('statstop shows a uWSGI server in trouble', frame, SIZE);

it('the picture of README.md is current', async () => {
  await expect(picture).toMatchFileSnapshot('../docs/statstop.svg');
});

it('the picture has the text of the screen at its place', () => {
  const cells = Array.from({ length: SIZE.rows }, () => Array<string>(SIZE.columns).fill(' '));
  for (const [, x, y, text = ''] of picture.matchAll(/<text x="(.*?)" y="(.*?)".*>(.*)<\/text>/g)) {
    const [column, row] = [Math.round((Number(x) - 10) / 8.4), Math.round((Number(y) - 23) / 17)];
    const shown = text.replaceAll('&lt;', '<').replaceAll('&amp;', '&');
    cells[row]?.splice(column, shown.length, ...shown);
  }
  const text = cells.map((row) => `${row.join('').trimEnd()}\n`).join('');
  expect(text).toBe(plain(frame).replaceAll(/[▁-█]/g, ' ').replaceAll(/ +$/gm, ''));
});
