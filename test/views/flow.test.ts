import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cells } from '../../src/text/clean.ts';
import { flow, type Item } from '../../src/views/flow.ts';
import { anyText } from '../text/strings.ts';
import { textOf } from './samples.ts';

describe('facts on a line', () => {
  const item: fc.Arbitrary<Item> = fc.record(
    {
      label: fc.constantFrom('RPS', 'LISTENS', 'VASSALS'),
      text: anyText,
      importance: fc.integer({ min: 1, max: 9 }),
      right: fc.boolean(),
      spans: fc.constant([{ text: '■■□', role: 'busy' as const }]),
    },
    { requiredKeys: ['text', 'importance'] },
  );

  it('fit into the line, whatever their texts contain', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 8 }), fc.integer({ min: 20, max: 200 }), (items, columns) => {
        const text = textOf(flow(items, columns, '…'));
        expect(cells(text).length).toBeLessThanOrEqual(columns);
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
      { numRuns: 1000 },
    );
  });

  it('are omitted by importance, and keep their order', () => {
    const items = [
      { label: 'A', text: '1', importance: 2 },
      { label: 'B', text: '2', importance: 3 },
      { label: 'C', text: '3', importance: 1, right: true },
    ];
    expect(textOf(flow(items, 20, '…'))).toBe('A 1  B 2         C 3');
    expect(textOf(flow(items, 12, '…'))).toBe('A 1      C 3');
    expect(textOf(flow(items, 7, '…'))).toBe('    C 3');
  });
});
