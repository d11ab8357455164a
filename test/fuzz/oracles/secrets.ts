import type { Snapshot } from '../../../src/stats/snapshot.ts';
import { CORE_MODES } from '../../../src/views/core-modes.ts';
import { UNICODE } from '../../../src/views/glyphs.ts';
import { THRESHOLDS } from '../../../src/views/thresholds.ts';
import { VIEWS } from '../../../src/views/views.ts';
import { type Case, type Check, isHuge } from '../oracle.ts';
import { MASK, observed, randomScene, sizeOf } from '../scenes.ts';
import { PLANTED, SECRET } from '../secret.ts';

/** No view and no output contains the secret while the document contains it at its original place. */
export const keepsSecrets: Check = (given) => {
  const { outcome, trial } = given;
  if (isHuge(trial) || 'error' in outcome || !isWhereItWas(outcome.snapshot)) return null;
  for (const [what, text] of shown(given)) {
    const at = text.indexOf(SECRET);
    if (at >= 0)
      return `${what} shows the secret: ${JSON.stringify(text.slice(Math.max(0, at - 60), at + 20))}`;
  }
  return null;
};

/**
 * Whether the secret is at its original place. If a mutation has damaged the name before it, or the sign between them,
 * it may be displayed.
 */
function isWhereItWas(snapshot: Snapshot): boolean {
  if (snapshot.kind !== 'app') return false;
  const vars = snapshot.workers.flatMap(({ cores }) => cores.flatMap((core) => core.vars));
  const planted = vars.filter((line) => PLANTED.includes(line)).length;
  const all = JSON.stringify(snapshot).split(SECRET).length - 1;
  return planted > 0 && planted === all;
}

const WIDE = { columns: 400, rows: 60 };

function* shown({ samples, subject, random }: Case): Generator<[what: string, text: string]> {
  const [sample] = samples;
  if (sample === undefined) return;
  const mask = MASK;
  yield ['--json', subject.sampleJson(observed(sample), mask)];
  for (const cores of CORE_MODES) {
    const options = {
      cores,
      sort: null,
      columns: null,
      filter: null,
      mask,
      thresholds: THRESHOLDS,
      tab: null,
      glyphs: UNICODE,
      width: null,
    };
    yield [`--once --cores ${cores}`, subject.sampleText(observed(sample), options)];
    const scene = randomScene(sample, WIDE, 'x', UNICODE, random);
    const shownWide = {
      ...scene,
      sample,
      view: { ...scene.view, help: null, filter: null, columns: null, cores },
    };
    for (const { name: tab } of VIEWS[sample.kind]) {
      const view = { ...shownWide, view: { ...shownWide.view, tab } };
      yield [`${tab}, cores ${cores}`, frameText(subject.screen(view, WIDE))];
    }
    const size = sizeOf(random);
    yield [`the view at ${size.columns}x${size.rows}`, frameText(subject.screen(shownWide, size))];
  }
}

function frameText({ lines }: ReturnType<Case['subject']['screen']>): string {
  return lines.map(({ spans }) => spans.map(({ text }) => text).join('')).join('\n');
}
