import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../src/rates/sample.ts';
import { createMask, NO_MASK } from '../../src/text/secrets.ts';
import { THRESHOLDS } from '../../src/views/thresholds.ts';
import type { Choice, View } from '../../src/views/view.ts';
import { cellContext, tableOf, VIEWS } from '../../src/views/views.ts';
import { observed } from '../monitor/observing.ts';
import { firstSample, secondSample, VIEW } from './samples.ts';

/** The content of a table. */
function picture(view: View, sample: Sample, choice: Choice) {
  return shown(tableOf(view, observed(sample), choice), cellContext(sample, choice));
}

function shown(table: ReturnType<typeof tableOf>, at: ReturnType<typeof cellContext>) {
  return {
    columns: table.columns.map(({ name }) => name),
    rows: table.rows.map((row) => [table.id(row), ...table.columns.map(({ text }) => text(row, at))]),
    notes: table.rows.map((row) => table.note?.text(row) ?? null),
  };
}

const SAMPLES = [
  secondSample('threads'),
  firstSample('threads'),
  secondSample('hostile'),
  secondSample('many'),
];

const FIELDS = {
  view: fc.constantFrom(...VIEWS.app.slice(0, 4)),
  sample: fc.constantFrom(...SAMPLES),
  cores: fc.constantFrom('off', 'merged', 'tree'),
  sort: fc.constantFrom(
    null,
    { column: 'id', descending: true },
    { column: 'id', descending: false },
    { column: 'requests', descending: true },
    { column: 'age', descending: false },
  ),
  columns: fc.constantFrom(null, ['id'], ['requests', 'id'], ['uri']),
  filter: fc.constantFrom(null, 'busy', 'requests>1', 'requests>', 'token', 'deadbeef', 'uri~[*]', 'id!=1'),
  mask: fc.constantFrom(VIEW.mask, NO_MASK, createMask({ mask: ['order'] })),
  thresholds: fc.constantFrom(THRESHOLDS, { longRequest: 0, tooLongRequest: 0 }),
} as const;

/** Sequences of choices, each of which changes one value of the previous one. */
const choices = fc
  .tuple(
    fc.record(FIELDS),
    fc.array(
      fc.oneof(
        ...Object.entries(FIELDS).map(([name, values]) =>
          (values as fc.Arbitrary<unknown>).map((value) => ({ [name]: value })),
        ),
      ),
      { minLength: 1, maxLength: 12 },
    ),
  )
  .map(([first, changes]) => {
    const steps = [first];
    for (const change of changes) steps.push({ ...(steps.at(-1) ?? first), ...change });
    return steps;
  });

describe('the table of a view', () => {
  it('is computed once for a sample and the same choice', () => {
    const [view] = VIEWS.app;
    const [sample] = SAMPLES;
    if (!sample) expect.fail('no sample');
    const known = observed(sample);
    const table = tableOf(view, known, VIEW);
    expect(tableOf(view, known, { ...VIEW })).toBe(table);
    expect(tableOf(view, known, { ...VIEW, cores: 'tree' })).not.toBe(table);
  });

  it('is never that of an earlier choice, another sample or another view', () => {
    fc.assert(
      fc.property(choices, (steps) => {
        for (const { view, sample, ...choice } of steps) {
          // A copy of the sample has no memoized table.
          const fresh = picture(view, { ...sample }, choice);
          expect(picture(view, sample, choice)).toEqual(fresh);
        }
      }),
      { numRuns: 200 },
    );
  });
});
