import { describe, expect, it } from 'vitest';
import { sampleJson } from '../../src/outputs/json.ts';
import { sampleText } from '../../src/outputs/text.ts';
import { openTerminal } from '../../src/terminal/blessed/terminal.ts';
import { NO_MASK } from '../../src/text/secrets.ts';
import { screen } from '../../src/views/screen.ts';
import { ORACLES } from './oracles.ts';
import { SECRET } from './secret.ts';
import { captured, verdictOf } from './trials.ts';
import { drawing, leaving } from './wrong.ts';

/** Tests of the oracles: each oracle must find a fault. This file covers what is displayed and sent. */

describe('the oracle finds', () => {
  const { views, outputs, secrets, terminal, wire } = ORACLES;
  type Find = readonly [what: string, found: () => Promise<string | null>, says: RegExp];

  const FINDS: readonly Find[] = [
    [
      'an extra line',
      () =>
        verdictOf(views.check, {
          screen(...given) {
            const frame = screen(...given);
            return { ...frame, lines: [...frame.lines, { spans: [] }, { spans: [] }] };
          },
        }),
      /lines at/,
    ],
    ['a line that is too wide', () => verdictOf(views.check, drawing('日'.repeat(200))), /wide at/],
    ['an escape on the screen', () => verdictOf(views.check, drawing('\x1b')), /U\+1b/],
    ['a bidi override on the screen', () => verdictOf(views.check, drawing('\u202e')), /U\+202e/],
    [
      'an escape in --json',
      () => verdictOf(outputs.check, { sampleJson: (...given) => `${sampleJson(...given)}\x9b` }),
      /--json has U\+9b/,
    ],
    [
      'JSON that violates the schema',
      () =>
        verdictOf(outputs.check, {
          sampleJson: (...given) => JSON.stringify({ ...JSON.parse(sampleJson(...given)), pid: 1 }),
        }),
      /schema/,
    ],
    ['invalid JSON', () => verdictThrown(outputs.check, { sampleJson: () => '{' }), /JSON/],
    [
      'an escape in --once',
      () => verdictOf(outputs.check, { sampleText: (...given) => `\x1b${sampleText(...given)}` }),
      /--once has U\+1b/,
    ],
    [
      'a secret in --json',
      () => verdictOf(secrets.check, { sampleJson: (sample) => sampleJson(sample, NO_MASK) }),
      /--json shows the secret/,
    ],
    [
      'a secret on the screen',
      () =>
        verdictOf(secrets.check, {
          screen: (scene, size) => screen({ ...scene, view: { ...scene.view, mask: NO_MASK } }, size),
        }),
      /workers, cores .* shows the secret/,
    ],
    [
      'a secret in --once',
      () =>
        verdictOf(secrets.check, {
          sampleText: (...given) => `${sampleText(...given)}${SECRET}\n`,
        }),
      /--once.* shows the secret/,
    ],
    [
      'an unknown escape sequence',
      () =>
        verdictOf(terminal.check, {
          openTerminal(streams, ...given) {
            const opened = openTerminal(streams, ...given);
            streams.output.write('\x1b]0;title\x07');
            return opened;
          },
        }),
      /wrote/,
    ],
    [
      'an error of another class',
      () => verdictOf(wire.check, { read: () => Promise.reject(new TypeError('x')) }),
      /no TargetError/,
    ],
    ['a timer that is left running', () => verdictOf(wire.check, { read: leaving }), /leaves open: Timeout/],
    [
      'a read that does not end',
      () => verdictOf(wire.check, { read: () => new Promise(() => {}) }),
      /not over long after its timeout/,
    ],
  ];

  it.each(FINDS)('%s', async (_what, found, says) => {
    expect(await found()).toMatch(says);
  });

  it('the planted secret (otherwise it would find nothing)', () => {
    expect(captured('threads.1').includes(SECRET)).toBe(true);
  });
});

async function verdictThrown(...given: Parameters<typeof verdictOf>): Promise<string | null> {
  return verdictOf(...given).catch((error: Error) => `${error.name}: ${error.message}`);
}
