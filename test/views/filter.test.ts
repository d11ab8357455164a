import { describe, expect, it } from 'vitest';
import { screen } from '../../src/views/screen.ts';
import { mainTable } from '../../src/views/tables.ts';
import { liveOf, plain, secondSample, VIEW } from './samples.ts';

const SIZE = { columns: 80, rows: 24 };

/** Ids of the rows that a filter leaves. */
function left(capture: string, filter: string | null, view: Partial<typeof VIEW> = {}): string[] {
  const table = mainTable(secondSample(capture), { ...VIEW, ...view, filter });
  return table.rows.map((row) => table.id(row));
}

describe('a filter', () => {
  it('leaves the rows that show its text, whatever its case', () => {
    expect(left('cheaper', null)).toHaveLength(8);
    expect(left('cheaper', 'cheap')).toEqual(['3', '4', '5', '6', '7', '8']);
    expect(left('cheaper', 'BUSY')).toEqual(['1', '2']);
    expect(left('emperor', 'Shop')).toEqual(['shop.ini']);
  });

  it('finds what a core is doing, but no secret of it', () => {
    const found = left('threads', 'order=3', { cores: 'tree' });
    expect(found).toHaveLength(1);
    expect(left('threads', 'deadbeef', { cores: 'tree' })).toEqual([]);
  });

  it('is named above the table, and said to be why nothing is shown', () => {
    const text = plain(screen(liveOf(secondSample('cheaper'), { view: { filter: 'nobody' } }), SIZE));
    expect(text).toContain('filter nobody');
    expect(text).toContain('no row shows the text of the filter');
  });
});
