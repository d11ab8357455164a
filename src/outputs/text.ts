import type { Sample } from '../rates/sample.ts';
import * as format from '../text/format.ts';
import type { Moment } from '../views/column.ts';
import type { ViewState } from '../views/live.ts';
import { place, type Table } from '../views/table.ts';
import { stateCounts } from '../views/tables/vassal-columns.ts';
import { clean, toWidth, width } from '../views/text.ts';
import { sortOf, type View } from '../views/view.ts';
import { momentOf, tableOf, VIEWS } from '../views/views.ts';

export type TextOptions = Pick<
  ViewState,
  'cores' | 'sort' | 'columns' | 'filter' | 'mask' | 'thresholds' | 'glyphs' | 'tab'
> & {
  /** Cells of a line; `null`: as many as it takes, for a pipe or a file. */
  width: number | null;
};

/**
 * A sample as plain text: a line of totals, a heading, a line a row, with the columns of the screen. No colours, no
 * box characters, and the last column's padding cut off, so that it survives grep, sort and mail.
 */
export function sampleText(sample: Sample, options: TextOptions): string {
  const at = momentOf(sample, options);
  const lines = [
    clean(at.mask.text(summary(sample))),
    ...shownViews(sample, options.tab).flatMap((view) =>
      tableLines(tableOf(view, sample, options), sortOf(view, options).column, at, options),
    ),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** The view that was chosen, or the first one; of an emperor the blacklist too. */
function shownViews(sample: Sample, tab: string | null): readonly View[] {
  const [main, ...others] = VIEWS[sample.kind];
  const chosen = others.find(({ name }) => name === tab);
  if (chosen) return [chosen];
  return sample.kind === 'emperor' ? [main, ...others.filter((view) => view.has(sample))] : [main];
}

/** Cells of a column beyond which no other line is padded: one long text would make each of 125,000 lines as long. */
const MOST_PADDED = 256;

function tableLines<Row>(table: Table<Row>, sort: string, at: Moment, options: TextOptions): string[] {
  const { width: limit, glyphs } = options;
  const shown = table.columns.filter(({ phrase }) => !phrase || options.columns !== null);
  const cells = new Map(
    shown.map((column) => [column.name, table.rows.map((row) => clean(column.text(row, at)))]),
  );
  const textsOf = ({ name }: { name: string }) => cells.get(name) ?? [];
  // Without a limit nothing is cut: a column is as wide as its widest text.
  const columns = shown.map((column) => {
    const widest = () => textsOf(column).reduce((most, text) => Math.max(most, width(text)), column.width);
    return limit === null ? { ...column, grows: false, width: Math.min(MOST_PADDED, widest()) } : column;
  });
  const placed = place(columns, limit ?? Number.MAX_SAFE_INTEGER, sort);
  const line = (textOf: (column: Table<Row>['columns'][number]) => string) => {
    let before = '';
    let end = 0;
    for (const { column, start, width: columns } of placed) {
      const text = textOf(column);
      const gap = before === '' ? 0 : Math.max(1, start - end);
      const size = limit === null ? Math.max(columns, width(text)) : columns;
      before += ' '.repeat(gap) + toWidth(text, size, column.align, glyphs.ellipsis);
      end += gap + size;
    }
    return before;
  };
  return [
    line(({ title }) => title),
    ...table.rows.map((_, place) => line((column) => textsOf(column)[place] ?? '')),
  ];
}

/** One line that says how it goes. */
function summary(sample: Sample): string {
  const { version, pid } = sample.snapshot.server;
  const who = `uWSGI ${version ?? format.UNKNOWN}  pid ${pid ?? format.UNKNOWN}`;
  switch (sample.kind) {
    case 'app': {
      const { totals } = sample;
      const parts = (['busy', 'idle', 'cheap', 'paused', 'other'] as const).filter(
        (status) => totals[status] > 0,
      );
      const workers = `${totals.workers} ${totals.workers === 1 ? 'worker' : 'workers'} (${parts.map((status) => `${totals[status]} ${status}`).join(', ')})`;
      const queue = format.outOf(totals.queue, totals.maxQueue);
      const response = format.responseTime(totals.responseTime);
      return `${who}  ${workers}  ${format.rate(totals.rps)} req/s  ${response}  queue ${queue}${resetNote(sample)}`;
    }
    case 'emperor': {
      const { vassals, blacklist } = sample.snapshot;
      const states = stateCounts(vassals).join(', ');
      return `${who}  emperor of ${vassals.length} vassals (${states})  ${blacklist.length} blacklisted`;
    }
    case 'router':
      return `${who}  ${sample.snapshot.plugin ?? 'unknown router'}  ${format.count(sample.snapshot.activeSessions)} sessions${resetNote(sample)}`;
  }
}

function resetNote({ reset }: Sample): string {
  return reset ? '  counters were reset: no rates' : '';
}
