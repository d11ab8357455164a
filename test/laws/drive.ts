import { NOTHING_WATCHED, type Watched, watch } from '../../src/insights/watch.ts';
import { checkJson, checkLine } from '../../src/outputs/check.ts';
import { sampleJson } from '../../src/outputs/json.ts';
import { sampleText } from '../../src/outputs/text.ts';
import type { Sample } from '../../src/rates/sample.ts';
import { decode } from '../../src/stats/decode.ts';
import type { Scene } from '../../src/views/scene.ts';
import { screen } from '../../src/views/screen.ts';
import type { Mask } from '../../src/views/secrets.ts';
import { update } from '../../src/views/update.ts';
import { VIEWS } from '../../src/views/views.ts';
import { LOOKED_AT, liveOf, VIEW } from '../views/samples.ts';

const SIZE = { columns: 80, rows: 24 };

/** A live view of a document that was read twice, with what the rules say of it. */
export function watching(bytes: Buffer, mask: Mask): Scene & { sample: Sample } {
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

/** Each view for a moment, and the detail of its last row. @param tabs names of the views; all by default */
export function glance(
  live: Scene & { sample: Sample },
  tabs: readonly string[] = VIEWS[live.sample.kind].map(({ name }) => name),
): void {
  for (const tab of tabs) {
    let at: Scene = { ...live, view: { ...live.view, tab, cores: 'tree' } };
    screen(at, SIZE);
    for (const key of [{ kind: 'edge', edge: 'last' }, { kind: 'detail' }, { kind: 'back' }] as const) {
      at = update(at, key, SIZE);
      screen(at, SIZE);
    }
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
