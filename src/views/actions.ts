/** What a key or a click asks for. */
export type Action =
  | { kind: 'quit' }
  | { kind: 'suspend' }
  | { kind: 'redraw' }
  | { kind: 'help' }
  | { kind: 'back' }
  | { kind: 'tab'; step: 1 | -1 }
  | { kind: 'view'; name: string }
  | { kind: 'viewNumber'; number: number }
  | { kind: 'cores' }
  | { kind: 'fast' }
  | { kind: 'freeze' }
  | { kind: 'interval'; step: 1 | -1 }
  | { kind: 'move'; rows: number }
  | { kind: 'page'; pages: 1 | -1 }
  | { kind: 'edge'; edge: 'first' | 'last' }
  | { kind: 'scroll'; rows: number }
  | { kind: 'detail' }
  | { kind: 'copy' }
  | { kind: 'filter' }
  | { kind: 'match'; step: 1 | -1 }
  | { kind: 'type'; text: string }
  | { kind: 'erase'; what: 'character' | 'word' | 'all' }
  | { kind: 'accept' }
  | { kind: 'sort'; column: string }
  | { kind: 'sortBy'; step: 1 | -1 };

/** Keys that mean the same action. Letters and signs are themselves, other keys have the terminal library's names. */
export interface Binding {
  keys: readonly string[];
  /** How they are written where all of them would be too much. */
  names?: string;
  action: Action | ((key: string) => Action);
  /** For the line at the bottom; without one it is not listed there. */
  label?: string;
  /** For the help. */
  help: string;
  /** Means something only for this kind of document. */
  only?: 'app';
}

/** Every key that is not a column's letter. The help and the key line are made of this. */
export const BINDINGS: readonly Binding[] = [
  { keys: ['q', 'C-c'], action: { kind: 'quit' }, label: 'Quit', help: 'quit' },
  { keys: ['h', '?', 'f1'], action: { kind: 'help' }, label: 'Help', help: 'this help' },
  {
    keys: ['a'],
    action: { kind: 'cores' },
    label: 'Cores',
    only: 'app',
    help: 'cores: off, merged into their workers, as a tree; apps also by worker',
  },
  { keys: ['tab'], action: { kind: 'tab', step: 1 }, label: 'View', help: 'the next view' },
  { keys: ['S-tab'], action: { kind: 'tab', step: -1 }, help: 'the view before' },
  {
    keys: [...'1234567890'],
    names: '1 .. 9 0',
    action: (key) => ({ kind: 'viewNumber', number: Number(key) || 10 }),
    help: 'the view of that number',
  },
  { keys: ['enter'], action: { kind: 'detail' }, label: 'Detail', help: 'all that is known of the row' },
  {
    keys: ['y'],
    action: { kind: 'copy' },
    help: 'copy the row to the clipboard, where the terminal lets programs (OSC 52)',
  },
  {
    keys: ['/'],
    action: { kind: 'filter' },
    label: 'Filter',
    help: 'filter: a text, or conditions such as rps>10 status=busy uri~^/api',
  },
  {
    keys: ['n'],
    action: { kind: 'match', step: 1 },
    help: 'the next row that passes the filter, in a circle',
  },
  { keys: ['N'], action: { kind: 'match', step: -1 }, help: 'the one before' },
  {
    keys: ['<'],
    action: { kind: 'sortBy', step: -1 },
    label: 'Sort',
    help: 'sort by the column to the left',
  },
  { keys: ['>'], action: { kind: 'sortBy', step: 1 }, help: 'sort by the column to the right' },
  { keys: ['space'], action: { kind: 'freeze' }, label: 'Freeze', help: 'freeze the screen, and go on' },
  { keys: ['f'], action: { kind: 'fast' }, label: 'Fast', help: 'read ten times a second, and back' },
  { keys: ['+', '='], action: { kind: 'interval', step: 1 }, help: 'read less often' },
  { keys: ['-'], action: { kind: 'interval', step: -1 }, help: 'read more often' },
  { keys: ['up', 'k'], action: { kind: 'move', rows: -1 }, help: 'a row up' },
  { keys: ['down', 'j'], action: { kind: 'move', rows: 1 }, help: 'a row down' },
  { keys: ['pageup', 'C-b'], action: { kind: 'page', pages: -1 }, help: 'a page up' },
  { keys: ['pagedown', 'C-f'], action: { kind: 'page', pages: 1 }, help: 'a page down' },
  { keys: ['home', 'g'], action: { kind: 'edge', edge: 'first' }, help: 'first row' },
  { keys: ['end', 'G'], action: { kind: 'edge', edge: 'last' }, help: 'last row' },
  {
    keys: ['escape'],
    action: { kind: 'back' },
    help: 'close the detail or the help; let go of the row, then of the filter',
  },
  { keys: ['C-l'], action: { kind: 'redraw' }, help: 'draw the screen anew' },
  { keys: ['C-z'], action: { kind: 'suspend' }, help: 'suspend; `fg` in the shell comes back' },
];

const BY_KEY = new Map(
  BINDINGS.flatMap(({ keys, action }) =>
    keys.map((key) => [key, typeof action === 'function' ? action(key) : action] as const),
  ),
);

/**
 * The action of a key. A column's letter sorts by it, small or capital; where one of the two is a command, the
 * command wins and the other one sorts.
 */
export function actionOf(key: string, columns: readonly { name: string; key: string }[]): Action | null {
  const command = BY_KEY.get(key);
  if (command) return command;
  const column = columns.find((each) => each.key.toLowerCase() === key.toLowerCase());
  return column ? { kind: 'sort', column: column.name } : null;
}

/** While something is typed. */
const EDITING: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['enter', { kind: 'accept' }],
  ['escape', { kind: 'back' }],
  ['backspace', { kind: 'erase', what: 'character' }],
  ['C-h', { kind: 'erase', what: 'character' }],
  ['C-w', { kind: 'erase', what: 'word' }],
  ['C-u', { kind: 'erase', what: 'all' }],
  ['space', { kind: 'type', text: ' ' }],
]);

/** The action of a key while something is typed: characters are text, other keys do what they always do. */
export function typingActionOf(key: string): Action | null {
  const action = EDITING.get(key);
  if (action) return action;
  return [...key].length === 1 ? { kind: 'type', text: key } : (BY_KEY.get(key) ?? null);
}

/** The letter to press for a column. */
export function sortKey(letter: string): string {
  return BY_KEY.has(letter.toLowerCase()) ? letter.toUpperCase() : letter.toLowerCase();
}
