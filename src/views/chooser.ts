import { clean } from '../text/clean.ts';
import { plural } from '../text/words.ts';
import type { Line } from './frame.ts';
import { keyOf } from './help.ts';
import { sortKey } from './keymap.ts';
import { type ChooserState, type ColumnChooser, DEFAULT_ORDER, type Scene, type SortMenu } from './scene.ts';
import { arrow, place } from './table.ts';
import { isDefaultOrder, sortOf, type View } from './view.ts';
import { viewOf } from './views.ts';

const NAME_WIDTH = 12;

/** Number of heading lines above the list of columns. */
export const CHOOSER_HEADING = 2;

/** One line of a list of columns. */
interface Entry {
  /** Text in front of the title, such as a check box. */
  mark: string;
  title: string;
  /** Text after the title that is not dim. */
  note?: string;
  description: string;
  /** Whether the entry is in effect. */
  on: boolean;
}

type ListScene = Pick<Scene, 'sample' | 'view'>;

/**
 * All columns of the view with their descriptions: to choose the shown columns, or the order.
 *
 * @param width of the table in cells
 */
export function chooserLines(scene: ListScene, state: ChooserState, width: number): Line[] {
  const view = viewOf(scene);
  if (state.kind === 'sort')
    return listLines({ title: `Order of ${view.title}` }, orders(scene, view, state), state.at);
  const room = roomFor(scene, view, state, width);
  return listLines(
    { title: `Columns of ${view.title}`, note: room.summary },
    choices(view, state, room),
    state.at,
  );
}

function listLines(
  { title, note = '' }: { title: string; note?: string },
  entries: readonly Entry[],
  at: number,
): Line[] {
  const heading: Line[] = [
    {
      spans: [
        { text: title, role: 'title' },
        { text: note, role: 'dim' },
      ],
    },
    { spans: [] },
  ];
  return heading.concat(
    entries.map(
      ({ mark, title, note = '', description, on }, place): Line => ({
        spans: [
          { text: ` ${mark} `, role: 'key' },
          { text: clean(title).padEnd(NAME_WIDTH), role: on ? 'plain' : 'dim' },
          { text: note, role: 'plain' },
          { text: ` ${description}`, role: 'dim' },
        ],
        emphasis: place === at ? 'selected' : undefined,
      }),
    ),
  );
}

/** The chosen columns that have room in the table, and a text about those that have none. */
interface Room {
  placed: ReadonlySet<string>;
  /** Empty if all chosen columns have room. */
  summary: string;
  missing: string;
}

function roomFor(
  { view: { sort } }: ListScene,
  view: View,
  { order, shown }: ColumnChooser,
  width: number,
): Room {
  const chosen = order
    .filter((name) => shown.includes(name))
    .flatMap((name) => view.columns.find((column) => column.name === name) ?? []);
  const placed = new Set(
    place(chosen, width, sortOf(view, { sort }).column).map(({ column }) => column.name),
  );
  const count = chosen.length - placed.size;
  const missing = `no room at ${plural(width, 'column')}`;
  const summary =
    count > 0 ? `: ${count} of ${chosen.length} ${count === 1 ? 'has' : 'have'} ${missing}` : '';
  return { placed, summary, missing };
}

function choices({ columns }: View, { order, shown }: ColumnChooser, { placed, missing }: Room): Entry[] {
  return order.map((name) => {
    const column = columns.find((each) => each.name === name);
    const isChosen = shown.includes(name);
    const isPlaced = placed.has(name);
    return {
      mark: isChosen ? '[x]' : '[ ]',
      title: column?.title ?? name,
      note: isChosen && !isPlaced ? ` (${missing})` : '',
      description: column?.description ?? '',
      on: isPlaced,
    };
  });
}

/** The entries of the sort menu, each with the letter that sorts by it in the table. */
function orders({ view: { sort, glyphs, keys } }: ListScene, view: View, { order }: SortMenu): Entry[] {
  const current = sortOf(view, { sort });
  const isDefault = isDefaultOrder(view, { sort });
  const entry = (on: boolean, letter: string) => ({
    mark: `${on ? arrow(current, glyphs) : ' '} ${letter || ' '}`,
    on,
  });
  return order.map((name) => {
    if (name === DEFAULT_ORDER)
      return { ...entry(isDefault, keyOf(keys, 'default-order')), title: 'default', description: view.order };
    const column = view.columns.find((each) => each.name === name);
    return {
      ...entry(name === current.column, sortKey(keys, column?.key)),
      title: column?.title ?? name,
      description: column?.description ?? '',
    };
  });
}
