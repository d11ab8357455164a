import { clean } from '../text/clean.ts';
import type { Line } from './frame.ts';
import { keyOf } from './help.ts';
import { sortKey } from './keymap.ts';
import { type ChooserState, type ColumnChooser, DEFAULT_ORDER, type Scene, type SortMenu } from './scene.ts';
import { arrow } from './table.ts';
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
  description: string;
  /** Whether the entry is in effect. */
  on: boolean;
}

type ListScene = Pick<Scene, 'sample' | 'view'>;

/** All columns of the view with their descriptions: to choose the shown columns, or the order. */
export function chooserLines(scene: ListScene, state: ChooserState): Line[] {
  const view = viewOf(scene);
  return state.kind === 'sort'
    ? listLines(`Order of ${view.title}`, orders(scene, view, state), state.at)
    : listLines(`Columns of ${view.title}`, choices(view, state), state.at);
}

function listLines(title: string, entries: readonly Entry[], at: number): Line[] {
  const heading: Line[] = [{ spans: [{ text: title, role: 'title' }] }, { spans: [] }];
  return heading.concat(
    entries.map(
      ({ mark, title, description, on }, place): Line => ({
        spans: [
          { text: ` ${mark} `, role: 'key' },
          { text: clean(title).padEnd(NAME_WIDTH), role: on ? 'plain' : 'dim' },
          { text: ` ${description}`, role: 'dim' },
        ],
        emphasis: place === at ? 'selected' : undefined,
      }),
    ),
  );
}

function choices({ columns }: View, { order, shown }: ColumnChooser): Entry[] {
  return order.map((name) => {
    const column = columns.find((each) => each.name === name);
    const on = shown.includes(name);
    return {
      mark: on ? '[x]' : '[ ]',
      title: column?.title ?? name,
      description: column?.description ?? '',
      on,
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
