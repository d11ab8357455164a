import type { Action } from './actions.ts';
import { BINDINGS, type Binding, type Where } from './bindings.ts';

/** The bindings with the keys that they have for this user. */
export interface Keymap {
  bindings: readonly Binding[];
  /** Action of each key, by where it means it. */
  actions: Readonly<Record<Where | 'anywhere', ReadonlyMap<string, Action>>>;
}

/** No other binding gets it. */
export const ALWAYS_QUITS = 'C-c';

/** Keys of bindings, by name; bindings that are not named keep their own, as far as nobody took those. */
export type KeyChanges = Readonly<Record<string, readonly string[]>>;

export function createKeymap(changes: KeyChanges = {}): Keymap {
  const taken = new Map<string, string>();
  for (const binding of BINDINGS)
    for (const key of changes[binding.name] ?? []) taken.set(placed(binding, key), binding.name);
  const bindings = BINDINGS.map((binding) => {
    const changed = changedKeys(changes, binding.name);
    const keys = changed ?? binding.keys.filter((key) => !taken.has(placed(binding, key)));
    // The short form names keys that it may no longer have.
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
  return { bindings, actions: { anywhere: at('anywhere'), detail: at('detail'), chooser: at('chooser') } };
}

/** There is always a way out. */
function changedKeys(changes: KeyChanges, name: string): readonly string[] | undefined {
  const keys = changes[name];
  return keys && name === 'quit' ? [...new Set([...keys, ALWAYS_QUITS])] : keys;
}

/** One key can mean one thing in the chooser and another one elsewhere. */
function placed({ where }: Pick<Binding, 'where'>, key: string): string {
  return `${where ?? 'anywhere'} ${key}`;
}

/**
 * The action of a key. A column's letter sorts by it, small or capital; where one of the two is a command, the
 * command wins and the other one sorts. Over a table there is nothing to sort.
 */
export function actionOf(
  { actions }: Keymap,
  key: string,
  columns: readonly { name: string; key: string }[],
  where: Where | null = null,
): Action | null {
  const command = (where && actions[where].get(key)) ?? actions.anywhere.get(key);
  if (command || where) return command ?? null;
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
export function typingActionOf({ actions }: Keymap, key: string): Action | null {
  const action = EDITING.get(key);
  if (action) return action;
  return [...key].length === 1 ? { kind: 'type', text: key } : (actions.anywhere.get(key) ?? null);
}

/** The action of a key that answers a question: only `y` is a yes, and the key that always quits still does. */
export function answerOf({ actions }: Keymap, key: string): Action | null {
  if (key === ALWAYS_QUITS) return actions.anywhere.get(key) ?? null;
  return { kind: key === 'y' ? 'yes' : 'no' };
}

/** The letter to press for a column; none where both the small and the capital one are commands. */
export function sortKey({ actions: { anywhere } }: Keymap, letter: string): string {
  return [letter.toLowerCase(), letter.toUpperCase()].find((each) => !anywhere.has(each)) ?? '';
}
