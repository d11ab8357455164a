import type { Sample } from '../../../src/rates/sample.ts';
import { CORE_MODES } from '../../../src/views/core-modes.ts';
import { ASCII, UNICODE } from '../../../src/views/glyphs.ts';
import { THRESHOLDS } from '../../../src/views/thresholds.ts';
import { oneOf } from '../choose.ts';
import { type Case, type Check, isHuge } from '../oracle.ts';
import { MASK, observed } from '../scenes.ts';
import { schemaFault } from '../schema.ts';
import { UNPRINTABLE } from './views.ts';

/** `--json` matches its schema, and neither `--json` nor `--once` contains escape sequences. */
export const writesOutputs: Check = (given) => {
  if (isHuge(given.trial)) return null;
  for (const sample of given.samples) {
    const wrong = jsonFault(given, sample) ?? textFault(given, sample);
    if (wrong !== null) return wrong;
  }
  return null;
};

function jsonFault({ subject }: Case, sample: Sample): string | null {
  const text = subject.sampleJson(observed(sample), MASK);
  const odd = unprintable(text);
  if (odd !== null) return `--json has ${odd}`;
  const fault = schemaFault(JSON.parse(text));
  return fault && `--json is not what the schema says: ${fault}`;
}

function textFault({ subject, random }: Case, sample: Sample): string | null {
  const text = subject.sampleText(observed(sample), {
    cores: oneOf(random, CORE_MODES),
    sort: null,
    columns: null,
    filter: random.chance(0.2) ? 'a' : null,
    mask: MASK,
    thresholds: THRESHOLDS,
    tab: null,
    glyphs: oneOf(random, [UNICODE, ASCII]),
    width: random.chance(0.5) ? null : random.integer(1, 300),
  });
  const odd = unprintable(text);
  if (odd !== null) return `--once has ${odd}`;
  return text.endsWith('\n') ? null : '--once does not end with a line';
}

function unprintable(text: string): string | null {
  const odd = UNPRINTABLE.exec(text.replaceAll('\n', ''))?.[0];
  return odd === undefined ? null : `U+${odd.codePointAt(0)?.toString(16)}`;
}
