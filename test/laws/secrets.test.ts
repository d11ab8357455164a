import { describe, expect, it } from 'vitest';
import { sampleJson } from '../../src/outputs/json.ts';
import { sampleText } from '../../src/outputs/text.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { Sample } from '../../src/rates/sample.ts';
import { decode } from '../../src/stats/decode.ts';
import { createMask, type Mask, NO_MASK } from '../../src/text/secrets.ts';
import { CORE_MODES } from '../../src/views/core-modes.ts';
import { screen } from '../../src/views/screen.ts';
import { VIEWS } from '../../src/views/views.ts';
import { observed } from '../monitor/observing.ts';
import { asBytes, capture, meant, NAMES } from '../stats/captures.ts';
import { LOOKED_AT, makeScene, plain, VIEW } from '../views/samples.ts';

/** Law 4: secrets are masked in every view and output, for every place in a document. */

const SECRET = 'hunter2';
/** A token without a name, and without text before it that marks it as a secret. */
const TOKEN = 'Zx81kQ0vTt7mB2wLr94c';

/** A captured document with a secret at the end of each string, and in variables of each request in flight. */
function planted(name: string): Sample {
  const vars = [
    `HTTP_COOKIE=a=${SECRET}`,
    `HTTP_AUTHORIZATION=Bearer ${SECRET}`,
    `HTTP_REFERER=http://a:${SECRET}@b/`,
    `HTTP_SEC_WEBSOCKET_PROTOCOL=bearer, ${SECRET}`,
    `HTTP_X_ANYTHING=${SECRET}`,
    `HTTP_ORIGIN=https://b/reset/${SECRET}`,
    `HTTP_USER_AGENT=x/${TOKEN}`,
  ];
  const plant = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return `${value}?token=${SECRET} ${TOKEN}`;
    if (Array.isArray(value)) return [...value.map((each) => plant(each)), ...(key === 'vars' ? vars : [])];
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plant(each, key)]));
  };
  const document = JSON.stringify(plant(asBytes(meant(capture(name, 1)))));
  const snapshot = decode(Buffer.from(document));
  return sampleOf(`http://a/?token=${SECRET}`, { snapshot, time: LOOKED_AT, clock: 1 }, null);
}

/** All outputs that show a sample. */
function shown(sample: Sample, mask: Mask): string[] {
  const lost = {
    state: 'lost',
    since: null,
    why: `HTTP 404 token=${SECRET}`,
    advice: '',
    retryAt: LOOKED_AT,
  } as const;
  return [
    sampleJson(observed(sample), mask),
    ...CORE_MODES.flatMap((cores) => [
      sampleText(observed(sample), { ...VIEW, cores, mask, width: null }),
      ...VIEWS[sample.kind].map(({ name: tab }) =>
        plain(
          screen(makeScene(sample, { target: sample.target, connection: lost, view: { cores, mask, tab } }), {
            columns: 400,
            rows: 200,
          }),
        ),
      ),
    ]),
  ];
}

describe.each(NAMES)('%s', (name) => {
  it('shows no secret', () => {
    for (const text of shown(planted(name), createMask())) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(TOKEN);
      expect(text).toContain('***');
    }
  });

  it('shows all secrets if the mask is off', () => {
    for (const text of shown(planted(name), NO_MASK)) expect(text).toContain(SECRET);
  });
});
