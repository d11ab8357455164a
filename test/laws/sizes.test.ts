import { describe, expect, it } from 'vitest';
import { decode } from '../../src/stats/decode.ts';
import { createMask, type Mask, NO_MASK } from '../../src/text/secrets.ts';
import { leastRatio } from '../cost.ts';
import { observing } from '../monitor/observing.ts';
import { makeScene } from '../views/samples.ts';
import { driveOutputs, glance, watching } from './drive.ts';
import { LISTS, longList, longString, STRINGS } from './hostile-sizes.ts';

/**
 * The cost of drawing depends on the visible part only. The cost of reading grows at most linearly with the document.
 */

/** A mask that counts the UTF-16 units that it receives. */
function counting(): { mask: Mask; units(): number } {
  const { text, variable, source } = createMask();
  let units = 0;
  const count = (part: string) => {
    units += part.length;
    return part;
  };
  return {
    mask: {
      text: (all) => text(count(all)),
      variable: (name, value) => variable(count(name), count(value)),
      source: (line) => source(count(line)),
    },
    units: () => units,
  };
}

it('the captures contain lists and strings', () => {
  expect(LISTS.length).toBeGreaterThan(20);
  expect(STRINGS.length).toBeGreaterThan(30);
});

describe('a long list', () => {
  const mask = createMask();
  /** Eight times the entries take eight times as long in linear time, and 64 times in quadratic time. */
  const [SHORT, LONG] = [1000, 8000];
  const FACTOR = 24;
  /** Milliseconds. Less is mostly the constant cost of a frame. */
  const LEAST = 20;

  it.each(LISTS.map((place) => [place.label, place] as const))('%s', async (_, place) => {
    const look = (entries: number) => {
      const bytes = longList(place, entries);
      return () => glance(watching(bytes, mask));
    };
    expect(await leastRatio(look(SHORT), look(LONG), FACTOR, LEAST)).toBeLessThan(FACTOR);
  });

  it('can have more entries than the maximum number of arguments of a call', () => {
    const vars = Array.from({ length: 130_000 }, (_, at) => `V${at}=1`);
    const workers = [{ id: 1, pid: 1, status: 'busy', cores: [{ id: 0, in_request: 1, vars }] }];
    const bytes = Buffer.from(JSON.stringify({ workers }));
    const known = observing('x', [{ snapshot: decode(bytes), time: 1, clock: 1 }]);
    glance({ ...makeScene(known.sample), ...known });
  });
});

describe('a long text', () => {
  it.each(STRINGS.map((place) => [place.label, place] as const))('%s', (_, place) => {
    const look = (length: number) => {
      const { mask, units } = counting();
      glance(watching(longString(place, '/a?token=b&x='.repeat(length)), mask));
      return units();
    };
    // Text outside the visible part is not read.
    expect(look(200_000)).toBeLessThanOrEqual(look(10_000) + 1000);
  });

  it('is cut in JSON if it is masked', () => {
    const [place] = STRINGS.filter(({ label }) => label === 'app cwd');
    if (!place) expect.fail('the string does not exist');
    const { mask, units } = counting();
    const known = watching(longString(place, '/a?token=b&x='.repeat(100_000)), mask);
    const outputs = driveOutputs(known, mask);
    expect(outputs.filter((text) => text.length > 200_000)).toEqual([]);
    expect(units()).toBeLessThan(500_000);
  });

  it('is complete in JSON if it is not masked', () => {
    const [place] = STRINGS.filter(({ label }) => label === 'app cwd');
    if (!place) expect.fail('the string does not exist');
    const known = watching(longString(place, 'x'.repeat(50_000)), createMask());
    const outputs = driveOutputs(known, NO_MASK);
    // For one server, for one of several, and in a row of a stream.
    expect(outputs.filter((text) => text.includes('x'.repeat(50_000)))).toHaveLength(3);
  });
});
