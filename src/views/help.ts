import { wrap } from '../text/clean.ts';
import type { Binding } from './bindings.ts';
import type { Column } from './column.ts';
import type { Line } from './frame.ts';
import { type Keymap, sortKey } from './keymap.ts';

const KEY_WIDTH = 14;
const TITLE_WIDTH = 10;
const LEAST_TEXT_WIDTH = 20;

/** Display names of keys. Other keys are displayed as they are. */
const KEY_NAMES: Readonly<Record<string, string>> = {
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  space: 'Space',
  tab: 'Tab',
  escape: 'Esc',
  enter: 'Enter',
  'S-tab': 'S-Tab',
  f1: 'F1',
};

/** Display name of a key: `PgUp` for `pageup`, `^L` for `C-l`. */
export function keyName(key: string): string {
  return KEY_NAMES[key] ?? key.replace(/^C-(.)$/, (_, letter: string) => `^${letter.toUpperCase()}`);
}

/** Display name of the first key of a binding; empty if it has no key. */
export function keyOf({ bindings }: Keymap, name: string): string {
  return keyName(bindings.find((each) => each.name === name)?.keys[0] ?? '');
}

/** Display names of all keys of a binding. */
export function keyNames({ keys, names }: Pick<Binding, 'keys' | 'names'>): string {
  return names ?? keys.map(keyName).join(' ');
}

/**
 * Lines of the help: all keys and all columns, from the tables that define them.
 *
 * @param columnsOfLine width of the screen in cells; lines are not wrapped by default
 */
export function helpLines(
  columns: readonly Pick<Column<unknown>, 'key' | 'title' | 'description'>[],
  keymap: Keymap,
  columnsOfLine = Number.POSITIVE_INFINITY,
): Line[] {
  return [
    title('Keys'),
    ...keymap.bindings.flatMap((binding) => entry(keyNames(binding), binding.help, columnsOfLine)),
    { spans: [] },
    title('Columns: the letter sorts by the column, again the other way round'),
    ...columns.flatMap(({ key, title, description }) =>
      entry(sortKey(keymap, key), `${title.padEnd(TITLE_WIDTH)}${description}`, columnsOfLine),
    ),
    { spans: [] },
    { spans: [{ text: '- is "not known", 0 is zero.', role: 'dim' }] },
  ];
}

function title(text: string): Line {
  return { spans: [{ text, role: 'title' }] };
}

/** An entry of the help. Long descriptions are wrapped within their own column. */
function entry(keys: string, text: string, columnsOfLine: number): Line[] {
  const room = Math.max(LEAST_TEXT_WIDTH, columnsOfLine - KEY_WIDTH - 1);
  return (Number.isFinite(room) ? wrap(text, room) : [text]).map((line, at) => ({
    spans: [
      { text: ` ${(at === 0 ? keys : '').padEnd(KEY_WIDTH)}`, role: 'key' },
      { text: line, role: 'plain' },
    ],
  }));
}
