import type { Action } from './actions.ts';
import { BINDINGS, type Binding, type Where } from './bindings.ts';

/** The bindings with the keys of this user. */
export interface Keymap {
  bindings: readonly Binding[];
  /** Actions by overlay, or `anywhere`, then by key. */
  actions: Readonly<Record<Where | 'anywhere', ReadonlyMap<string, Action>>>;
}

/** A key that always quits. It cannot be assigned to another binding. */
export const ALWAYS_QUITS = 'C-c';

/**
 * Changed keys by name of the binding. Other bindings keep their default keys, except keys that a changed binding uses.
 */
export type KeyChanges = Readonly<Record<string, readonly string[]>>;

/** Creates the keymap from the default bindings and the changes of the user. */
export function createKeymap(changes: KeyChanges = {}): Keymap {
  const taken = new Map<string, string>();
  for (const binding of BINDINGS)
    for (const key of changes[binding.name] ?? []) taken.set(placed(binding, key), binding.name);
  const bindings = BINDINGS.map((binding) => {
    const changed = changedKeys(changes, binding.name);
    const keys = changed ?? binding.keys.filter((key) => !taken.has(placed(binding, key)));
    // The short form could name a key that the binding no longer has.
    return keys.length === binding.keys.length && changed === undefined
      ? binding
      : { ...binding, keys, names: undefined };
  });
  const at = (place: Where | 'anywhere') =>
    new Map(
      bindings
        .filter((each) => (each.where ?? 'anywhere') === place)
        .flatMap(({ keys, action }) =>
          keys.map((key, place) => [key, typeof action === 'function' ? action(place) : action] as const),
        ),
    );
  return {
    bindings,
    actions: {
      anywhere: at('anywhere'),
      detail: at('detail'),
      chooser: at('chooser'),
      sort: at('sort'),
      help: at('help'),
    },
  };
}

/** Ensures that the user can always quit. */
function changedKeys(changes: KeyChanges, name: string): readonly string[] | undefined {
  const keys = changes[name];
  return keys && name === 'quit' ? [...new Set([...keys, ALWAYS_QUITS])] : keys;
}

/** Identifies a key within its overlay. A key can have different meanings in the chooser and elsewhere. */
function placed({ where }: Pick<Binding, 'where'>, key: string): string {
  return `${where ?? 'anywhere'} ${key}`;
}

/**
 * The action of a key; `null` if it has none here. The letter of a column sorts by it, in lower case and, if that
 * is no command, in upper case: in the table and in the sort menu. Over the table, other overlays hide the effect.
 */
export function actionOf(
  keymap: Keymap,
  key: string,
  columns: readonly { name: string; key?: string }[],
  where: Where | null = null,
): Action | null {
  const { actions } = keymap;
  const command = (where && actions[where].get(key)) ?? actions.anywhere.get(key);
  if (command || (where !== null && where !== 'sort') || key === '') return command ?? null;
  const column = columns.find((each) => sortKey(keymap, each.key) === key.toLowerCase());
  return column ? { kind: 'sort', column: column.name } : null;
}

/** Keys that edit the text of a prompt. */
const EDITING: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['enter', { kind: 'accept' }],
  ['escape', { kind: 'back' }],
  ['backspace', { kind: 'erase', what: 'character' }],
  ['C-h', { kind: 'erase', what: 'character' }],
  ['C-w', { kind: 'erase', what: 'word' }],
  ['C-u', { kind: 'erase', what: 'all' }],
  ['space', { kind: 'type', text: ' ' }],
]);

/** The action of a key while a prompt is open. Characters are text; other keys keep their usual action. */
export function typingActionOf({ actions }: Keymap, key: string): Action | null {
  const action = EDITING.get(key);
  if (action) return action;
  return [...key].length === 1 ? { kind: 'type', text: key } : (actions.anywhere.get(key) ?? null);
}

/** The action of a key while a question is open. Only `y` confirms, and `C-c` still quits. */
export function answerOf({ actions }: Keymap, key: string): Action | null {
  if (key === ALWAYS_QUITS) return actions.anywhere.get(key) ?? null;
  return { kind: key === 'y' ? 'yes' : 'no' };
}

/**
 * The key that sorts by a column with this letter. Empty if the column has no letter, or if the letter in lower case is
 * the key of a command: the heading would mark a letter that does something else. The letter in upper case can be a
 * command, such as `R`.
 */
export function sortKey({ actions: { anywhere } }: Keymap, letter = ''): string {
  const key = letter.toLowerCase();
  return anywhere.has(key) ? '' : key;
}
