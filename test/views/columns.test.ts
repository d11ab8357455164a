import { describe, expect, it } from 'vitest';
import { width } from '../../src/text/clean.ts';
import { NO_MASK } from '../../src/text/secrets.ts';
import type { Column } from '../../src/views/column.ts';
import { CORE_MODES } from '../../src/views/core-modes.ts';
import { BLACKLIST_COLUMNS } from '../../src/views/tables/blacklist.ts';
import { NODE_COLUMNS } from '../../src/views/tables/node-columns.ts';
import { VASSAL_COLUMNS } from '../../src/views/tables/vassal-columns.ts';
import { WORKER_COLUMNS } from '../../src/views/tables/worker-columns.ts';
import { workerTable } from '../../src/views/tables/workers.ts';
import { THRESHOLDS } from '../../src/views/thresholds.ts';
import { VIEWS } from '../../src/views/views.ts';
import { observed } from '../monitor/observing.ts';
import { app, appBetween, core, NOW, worker } from '../rates/builders.ts';
import { blacklistRow, coreRow, NUMBERS, nodeRow, vassalRow, workerRow } from './rows.ts';
import { VIEW } from './samples.ts';

const AT = { time: NOW, timeIsExact: true, mask: NO_MASK, thresholds: THRESHOLDS };

/** Right-aligned columns contain numbers, which must not be cut because a cut number is a wrong number. */
function neverCut<Row>(columns: readonly Column<Row>[], rows: readonly Row[]) {
  const numbers = columns.filter(({ align }) => align === 'right');
  it.each(numbers.map((column) => [column.title, column] as const))('%s fits', (_title, column) => {
    const tooLong = rows.map((row) => column.text(row, AT)).filter((text) => text.length > column.width);
    expect([...new Set(tooLong)].slice(0, 5)).toEqual([]);
  });
}

describe('every number of a worker', () => neverCut(WORKER_COLUMNS, NUMBERS.map(workerRow)));

describe('every number of a core', () => {
  // The width of the labels depends on the rows of the table: see below.
  const columns = WORKER_COLUMNS.filter(({ name }) => name !== 'id');
  for (const mode of ['tree', 'merged'] as const) {
    describe(mode, () =>
      neverCut(
        columns,
        NUMBERS.map((number) => coreRow(number, mode)),
      ),
    );
  }

  it.each(CORE_MODES)('has a label that fits, also the last of very many: %s', (mode) => {
    const cores = Array.from({ length: 2000 }, (_, id) => core({ id }));
    for (const workers of [1, 1000]) {
      const few = Array.from({ length: workers - 1 }, () => worker());
      const sample = appBetween(null, app([...few, worker({ cores })]));
      const sort = { column: 'id', descending: false };
      const table = workerTable(observed(sample), { ...VIEW, cores: mode, sort });
      const label = table.columns.find(({ name }) => name === 'id');
      const last = table.rows.at(-1);
      if (!label || !last) throw new Error('there is no last label');
      expect(label.text(last, AT)).toBe(
        { off: `${workers}`, tree: ':1999', merged: `${workers}:1999` }[mode],
      );
      expect(table.rows.filter((row) => label.text(row, AT).length > label.width)).toEqual([]);
    }
  });
});

describe('every number of a vassal', () => neverCut(VASSAL_COLUMNS, NUMBERS.map(vassalRow)));
describe('every number of the blacklist', () => neverCut(BLACKLIST_COLUMNS, NUMBERS.map(blacklistRow)));
describe('every number of a node', () => neverCut(NODE_COLUMNS, NUMBERS.map(nodeRow)));

describe.each(
  Object.values(VIEWS)
    .flat()
    .map(({ name, columns }) => [name, columns] as const),
)('the columns of the %s', (_table, columns) => {
  it('have room for their title and the sign of the order', () => {
    for (const { title, width: room } of columns) expect([title, width(title) < room]).toEqual([title, true]);
  });

  it('have unique names, titles, descriptions and importances', () => {
    for (const field of ['name', 'title', 'description', 'importance'] as const) {
      const values = columns.map((column) => column[field]);
      expect(new Set(values).size).toBe(values.length);
      expect(values).not.toContain('');
    }
  });

  it('contain at most one that takes the rest of the line', () => {
    expect(columns.filter(({ grows }) => grows).length).toBeLessThanOrEqual(1);
  });
});
