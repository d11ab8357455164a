import type { Moment } from './column.ts';
import type { Line } from './frame.ts';
import type { Live } from './live.ts';
import type { Table } from './table.ts';
import { clean, pieces } from './text.ts';
import type { Section } from './view.ts';
import { viewOf } from './views.ts';

/** Cells of the names. */
const NAME_WIDTH = 22;
const LEAST_VALUE_WIDTH = 10;

/** All that is known of a row, or that it is there no more. */
export function detailLines(live: Live, columns: number): Line[] {
  const found = rowOf(live);
  if (!found) return [GONE];
  const { table, row, at } = found;
  const view = viewOf(live);
  const sections: Section[] = [
    {
      title: `${view.title} ${clean(table.id(row))}`,
      fields: view.columns.map((column) => ({
        name: column.title,
        value: column.text(row, at),
        note: column.description,
      })),
    },
    ...(live.sample ? (view.more?.(row, live.sample, at) ?? []) : []),
  ];
  return sections.flatMap((section, index) => [
    ...(index > 0 ? [EMPTY] : []),
    { spans: [{ text: clean(section.title), role: 'title' } as const] },
    ...section.fields.flatMap((field) => fieldLines(field, columns)),
  ]);
}

/** The row that is looked at, in one line: for the clipboard. */
export function rowText(live: Live): string | null {
  const found = rowOf(live);
  if (!found) return null;
  const { row, at } = found;
  return viewOf(live)
    .columns.map((column) => `${column.title}=${clean(column.text(row, at))}`)
    .join(' ');
}

function rowOf(live: Live): { table: Table<unknown>; row: unknown; at: Moment } | null {
  const { sample, view } = live;
  const id = view.detail?.id ?? view.selected;
  if (sample === null || id === null) return null;
  // Whatever the filter leaves: what is looked at does not go because it changes.
  const table = viewOf(live).table(sample, view);
  const row = table.rows.find((each) => table.id(each) === id);
  return row === undefined ? null : { table, row, at: { time: sample.time, mask: view.mask } };
}

const EMPTY: Line = { spans: [] };
const GONE: Line = { spans: [{ text: 'it is no longer there (Esc goes back)', role: 'dim' }] };

/** Name and value; a long value goes on below itself, to its last character. */
function fieldLines({ name, value, note }: Section['fields'][number], columns: number): Line[] {
  const room = Math.max(LEAST_VALUE_WIDTH, columns - NAME_WIDTH - 3);
  const [first = '', ...rest] = pieces(clean(value.trim()), room);
  const label = clean(name);
  const short = label.length > NAME_WIDTH ? `${label.slice(0, NAME_WIDTH - 1)}~` : label.padEnd(NAME_WIDTH);
  const tail = rest.length === 0 && first.length < room / 2 ? note : undefined;
  return [
    {
      spans: [
        { text: `  ${short} `, role: 'label' },
        { text: tail === undefined ? first : first.padEnd(12), role: 'plain' },
        { text: tail === undefined ? '' : `  ${tail}`, role: 'dim' },
      ],
    },
    ...rest.map((text): Line => ({ spans: [{ text: ' '.repeat(NAME_WIDTH + 3) + text, role: 'plain' }] })),
  ];
}
