import type { Binding } from './bindings.ts';
import type { Column } from './column.ts';
import type { Line } from './frame.ts';
import { type Keymap, sortKey } from './keymap.ts';

const KEY_WIDTH = 14;
const TITLE_WIDTH = 10;

/** Names of keys as a person says them; others are themselves. */
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

export function keyName(key: string): string {
  return KEY_NAMES[key] ?? key.replace(/^C-(.)$/, (_, letter: string) => `^${letter.toUpperCase()}`);
}

/** The keys of a binding as the help writes them. */
export function keyNames({ keys, names }: Pick<Binding, 'keys' | 'names'>): string {
  return names ?? keys.map(keyName).join(' ');
}

/** All keys and all columns with what they mean, from the tables that define them. */
export function helpLines(
  columns: readonly Pick<Column<unknown>, 'key' | 'title' | 'description'>[],
  keymap: Keymap,
): Line[] {
  return [
    title('Keys'),
    ...keymap.bindings.map((binding) => entry(keyNames(binding), binding.help)),
    { spans: [] },
    title('Columns: the letter sorts by the column, again the other way round'),
    ...columns.map(({ key, title, description }) =>
      entry(sortKey(keymap, key), `${title.padEnd(TITLE_WIDTH)}${description}`),
    ),
    { spans: [] },
    { spans: [{ text: '- is "not known", 0 is zero.', role: 'dim' }] },
  ];
}

function title(text: string): Line {
  return { spans: [{ text, role: 'title' }] };
}

function entry(keys: string, text: string): Line {
  return {
    spans: [
      { text: ` ${keys.padEnd(KEY_WIDTH)}`, role: 'key' },
      { text, role: 'plain' },
    ],
  };
}
