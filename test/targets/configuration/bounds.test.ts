import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../src/targets/configuration/error.ts';
import { statsServers } from '../../../src/targets/configuration/resolve.ts';
import { configuration, surroundings } from './fake.ts';

/** Configurations that would take uWSGI all memory or an endless time. */
const HOSTILE: Readonly<Record<string, string>> = {
  'options that double each other': [...Array(60).keys()]
    .map((at) => `a${at} = %(a${at + 1})%(a${at + 1})`)
    .join('\n'),
  'options that contain each other': 'a = x%(b)\nb = x%(a)',
  'many placeholders in many options': `a = ${'b'.repeat(80)}\n${`c = ${'%(a)'.repeat(190)}\n`.repeat(150)}`,
  'an option that declares itself': `declare-option = a=${'a=1;'.repeat(200)}\na = 1`,
  'long words in a declared option': `declare-option = a=b=${'$1'.repeat(5000)}\n${`a = ${'x'.repeat(1000)}\n`.repeat(90)}`,
  'a loop that loads sections': `for-times = 100000\nini = :uwsgi\nendfor =`,
  'a loop with long words': `for = ${'x'.repeat(60_000)}\na = ${'%(_)'.repeat(15_000)}\nendfor =`,
  'many words in a loop': `for = ${'x '.repeat(40_000)}\n${'a = %(_)\n'.repeat(1000)}`,
  'long names of sections': `ini = :${'x'.repeat(1000)}\n`.repeat(100),
  'many sections': 'ini = :other\n'.repeat(5000),
  'a file that loads itself': 'include = uwsgi.ini',
  'two thousand conditions': 'if-not-env = A\na = 1\nendif =\n'.repeat(2000),
};

describe('a hostile configuration ends with an error', () => {
  it.each(Object.entries(HOSTILE))('%s', (_what, lines) => {
    const text = `[uwsgi]\n${lines}\n`;
    const from = surroundings({ 'uwsgi.ini': text });
    expect(() => statsServers(configuration(text), from)).toThrow(ConfigurationError);
  });

  it('deep XML and JSON', () => {
    const xml = `<uwsgi>${'<a>'.repeat(40_000)}`;
    for (const text of [
      xml,
      `${xml}${'</a>'.repeat(40_000)}</uwsgi>`,
      '['.repeat(100_000),
      '{"uwsgi":'.repeat(10_000),
    ])
      for (const format of ['xml', 'json'] as const)
        expect(() => statsServers(configuration(text, { format }), surroundings())).toThrow(
          ConfigurationError,
        );
  });
});
