import { nothingObserved } from '../../src/monitor/observation.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { Reading, Sample } from '../../src/rates/sample.ts';
import { decode } from '../../src/stats/decode.ts';
import { createMask } from '../../src/text/secrets.ts';
import type { Frame, Line } from '../../src/views/frame.ts';
import { UNICODE } from '../../src/views/glyphs.ts';
import { AT_TOP, type Scene, UNTOUCHED, type ViewState } from '../../src/views/scene.ts';
import { THRESHOLDS } from '../../src/views/thresholds.ts';
import { capture } from '../stats/captures.ts';
import { KEYMAP } from './keymap.ts';

// The times of day are in the local time zone.
process.env.TZ = 'UTC';

/** The time of the tests with captures of uWSGI 2.0.21: shortly after the last of them. Unix seconds. */
export const LOOKED_AT = Date.UTC(2026, 10, 22, 8, 17, 20) / 1000;

/** The time of the test with a capture: captures of other versions are newer, so it follows their latest time. */
export function lookedAt(name: string): number {
  const instants =
    capture(name, 2)
      .toString('latin1')
      .match(/\b1[0-9]{9}\b/g) ?? [];
  return Math.max(LOOKED_AT, ...instants.map((instant) => Number(instant) + 4));
}

export function reading(name: string, read: 1 | 2): Reading {
  const time = lookedAt(name) - 4 + 2 * read;
  return { snapshot: decode(capture(name, read)), time, clock: 100 + 2 * read };
}

/** The first sample of a captured server, without rates. */
export function firstSample(name: string): Sample {
  return sampleOf('/srv/app/uwsgi.status', reading(name, 1), null);
}

/** The second sample, with rates over 2 s. */
export function secondSample(name: string): Sample {
  return sampleOf('/srv/app/uwsgi.status', reading(name, 2), reading(name, 1));
}

export const VIEW: ViewState = {
  interval: 1,
  fast: false,
  frozenAt: null,
  ...UNTOUCHED,
  tab: null,
  firstTab: null,
  otherTabs: {},
  cores: 'off',
  sort: null,
  hidesIdle: false,
  isSplit: true,
  lower: AT_TOP,
  chartRange: 'near',
  period: 'tenMinutes',
  ledFrom: null,
  paths: [],
  columns: null,
  filter: null,
  selected: null,
  top: 0,
  prompt: null,
  question: null,
  detail: null,
  chooser: null,
  help: null,
  mask: createMask(),
  glyphs: UNICODE,
  keys: KEYMAP,
  thresholds: THRESHOLDS,
  levels: {},
  long: [],
};

type Given = Partial<Omit<Scene, 'view'>> & { view?: Partial<ViewState> };

/** A scene of the live view with this sample. */
export function makeScene(sample: Sample | null, { view, ...given }: Given = {}): Scene {
  return {
    ...nothingObserved('/srv/app/uwsgi.status'),
    sample,
    connection: { state: sample === null ? 'connecting' : 'live' },
    node: 'web1',
    name: null,
    backTo: null,
    pace: 1,
    replay: null,
    now: Math.max(LOOKED_AT, sample?.time ?? 0),
    lastSeen: null,
    stack: null,
    notice: null,
    recording: null,
    ...given,
    view: { ...VIEW, ...view },
  };
}

/** A line without its colours. */
export function textOf({ spans }: Line): string {
  return spans.map(({ text }) => text).join('');
}

/** The text of a frame, without colours and trailing blanks. */
export function plain({ lines }: Frame): string {
  return `${lines.map((line) => textOf(line).trimEnd()).join('\n')}\n`;
}
