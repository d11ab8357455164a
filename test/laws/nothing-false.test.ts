import { describe, expect, it } from 'vitest';
import { sampleJson } from '../../src/outputs/json.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { Reading, Sample } from '../../src/rates/sample.ts';
import { decode } from '../../src/stats/decode.ts';
import { NO_MASK } from '../../src/text/secrets.ts';
import { layout } from '../../src/views/layout.ts';
import { screen } from '../../src/views/screen.ts';
import { VIEWS } from '../../src/views/views.ts';
import { observed } from '../monitor/observing.ts';
import { asBytes, capture, meant, NAMES } from '../stats/captures.ts';
import { firstSample, LOOKED_AT, makeScene, plain, secondSample } from '../views/samples.ts';

/**
 * Law 1: nothing false on the screen. An unknown value is `-` and `null`, 0 means zero, and a rate needs two documents.
 */

/** A reading of a capture in which each number is replaced by another one or removed. */
function reading(name: string, change: (number: number) => number | null, at = 0): Reading {
  const changed = (value: unknown): unknown => {
    if (typeof value === 'number') return change(value);
    if (Array.isArray(value)) return value.map(changed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, changed(each)]));
  };
  const document = JSON.stringify(changed(asBytes(meant(capture(name, 1)))));
  return { snapshot: decode(Buffer.from(document)), time: LOOKED_AT + at, clock: 100 + at };
}

/** All numbers and nulls of a sample as JSON, with their names. */
function leaves(sample: Sample): [name: string, value: number | null][] {
  const found: [string, number | null][] = [];
  JSON.parse(sampleJson(observed(sample), NO_MASK), (name, value) => {
    if (typeof value === 'number' || value === null) found.push([name, value]);
    return value;
  });
  return found;
}

/** Values that are known without any number in the document: places in lists, lengths of lists, the clock. */
const OF_OUR_OWN = new Set([
  ...['id', 'worker', 'core', 'cores', 'coresBusy', 'interval'],
  ...['workers', 'busy', 'idle', 'loading', 'cheap', 'paused', 'down', 'other'],
]);

/** Addresses, cores and texts from clients contain digits but are names. */
const NAMES_OF = /[\d.]+:\d+|\b(user|worker) \d+|\/\S*|curl\S*|\d+(\.\d+)+$|^\w+\.\d+\.\S+/g;

/** Lengths of lists in the header. */
const COUNTED = /\b(WORKERS|VASSALS|BLACKLIST|NODES) +\d+|\b(CORES|LONG) +\S+/g;

/** The form of a measured number, and of a zero. */
const MEASURED = /\d\.\d|\d%|\d[KMG]\b|\b0\b/;

/** Numbers that belong to an interval. */
const isOfInterval = (name: string) => /^(rps|responseTime|intervalShare|hitRate)$|Rate$|Delta$/.test(name);

describe.each(NAMES)('%s', (name) => {
  it('without numbers has none on the screen or in JSON', () => {
    const none = reading(name, () => null);
    const sample = sampleOf('x', { ...none, clock: 102 }, none);
    const said = leaves(sample).filter(([name, value]) => value !== null && !OF_OUR_OWN.has(name));
    expect(said).toEqual([]);
    for (const { name: tab } of VIEWS[sample.kind]) {
      const size = { columns: 300, rows: 60 };
      // The verdict and the title have no measured number here.
      const [, , ...lines] = plain(screen(makeScene(sample, { view: { tab } }), size)).split('\n');
      // The line of tabs contains digits as keys.
      lines.splice(layout(size).header - 2, 1);
      for (const line of lines) expect(line.replace(NAMES_OF, '').replace(COUNTED, '')).not.toMatch(MEASURED);
    }
  });

  it('with only zeros shows zeros', () => {
    const zero = reading(name, () => 0);
    const numbers = leaves(sampleOf('x', { ...zero, clock: 102 }, zero));
    for (const counter of ['requests', 'exceptions', 'hits', 'requestsDelta', 'rps']) {
      for (const [name, value] of numbers) if (name === counter) expect([name, value]).toEqual([name, 0]);
    }
  });

  it('has no rates in its first sample, and has rates in the second', () => {
    const rates = (sample: Sample) =>
      leaves(sample).filter(([name, value]) => isOfInterval(name) && value !== null);
    expect(rates(firstSample(name))).toEqual([]);
    const second = secondSample(name);
    if (second.kind === 'app') expect(rates(second).length).toBeGreaterThan(0);
  });

  it('has no rates across a reset, and reports the reset', () => {
    // Another server, or the same one after a reload: its counters have decreased.
    const before = reading(name, (number) => (number > 0 ? number + 1 : number));
    const sample = sampleOf(
      'x',
      reading(name, (number) => number, 2),
      before,
    );
    if (sample.kind === 'emperor') return;
    expect(sample.reset).toBe(true);
    expect(leaves(sample).filter(([name, value]) => isOfInterval(name) && value !== null)).toEqual([]);
    const shown = plain(screen(makeScene(sample, { resetAt: LOOKED_AT }), { columns: 120, rows: 24 }));
    expect(shown).toContain('counters restarted');
  });
});
