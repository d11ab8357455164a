import { NOTHING_WATCHED, type Watched, watch } from '../../src/insights/watch.ts';
import { checkJson, checkLine } from '../../src/outputs/check.ts';
import { sampleJson } from '../../src/outputs/json.ts';
import { sampleText } from '../../src/outputs/text.ts';
import type { Sample } from '../../src/rates/sample.ts';
import { decode } from '../../src/stats/decode.ts';
import type { Action } from '../../src/views/actions.ts';
import { copyText } from '../../src/views/detail.ts';
import type { Live } from '../../src/views/live.ts';
import { screen } from '../../src/views/screen.ts';
import type { Mask } from '../../src/views/secrets.ts';
import { CORE_MODES } from '../../src/views/tables/worker-columns.ts';
import { update } from '../../src/views/update.ts';
import { VIEWS } from '../../src/views/views.ts';
import { LOOKED_AT, liveOf, VIEW } from '../views/samples.ts';

export const SIZE = { columns: 80, rows: 24 };

/** A live view of a document that was read twice, with what the rules say of it. */
export function watching(bytes: Buffer, mask: Mask): Live & { sample: Sample } {
  let watched: Watched & { sample: Sample | null } = NOTHING_WATCHED;
  for (const second of [0, 1, 61])
    watched = watch(watched, '/srv/app/uwsgi.status', {
      snapshot: decode(bytes),
      time: LOOKED_AT + second,
      clock: second,
    });
  const { sample, history } = watched;
  if (!sample) throw new Error('there is a sample');
  return { ...liveOf(sample, { history, view: { mask } }), sample };
}

/** Keys that a person uses in a view: each is followed by a frame. */
export const KEYS: readonly Action[] = [
  { kind: 'move', rows: 1 },
  { kind: 'edge', edge: 'last' },
  { kind: 'page', pages: -1 },
  { kind: 'detail' },
  { kind: 'edge', edge: 'last' },
  { kind: 'move', rows: -1 },
  { kind: 'filter' },
  { kind: 'type', text: 'a' },
  { kind: 'accept' },
  { kind: 'match', step: 1 },
  { kind: 'back' },
  { kind: 'back' },
  { kind: 'help' },
  { kind: 'back' },
  { kind: 'chooser' },
  { kind: 'move', rows: 1 },
  { kind: 'back' },
];

/** All views: their frames, keys, sorting by each column, a filter. @param framed is told of each frame */
export function driveViews(live: Live & { sample: Sample }, framed: (live: Live) => void = () => {}): void {
  const frame = (of: Live) => {
    screen(of, SIZE);
    framed(of);
  };
  for (const { name: tab, columns } of VIEWS[live.sample.kind]) {
    let at: Live = { ...live, view: { ...live.view, tab } };
    frame(at);
    for (const key of KEYS) {
      at = update(at, key, SIZE);
      frame(at);
      copyText(at);
    }
    for (const cores of CORE_MODES) frame({ ...at, view: { ...at.view, cores } });
    for (const { name: column } of columns)
      frame({ ...at, view: { ...at.view, sort: { column, descending: true } } });
    const [first] = columns;
    if (first) frame({ ...at, view: { ...at.view, filter: `a ${first.name}~b` } });
  }
}

/** What is printed of a sample. */
export function driveOutputs(sample: Sample, mask: Mask): string[] {
  return [
    ...VIEWS[sample.kind].map(({ name: tab }) => sampleText(sample, { ...VIEW, mask, tab, width: null })),
    sampleText(sample, { ...VIEW, mask, width: 80 }),
    sampleJson(sample, mask),
    checkLine(sample, mask),
    checkJson(sample, mask),
  ];
}
