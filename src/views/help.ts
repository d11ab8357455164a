import type { Binding } from './bindings.ts';
import type { Keymap } from './keymap.ts';

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
 * Display name of the key of a view: its own key, otherwise the digit of its place. Empty if it has neither.
 *
 * @param at place of the view among those of its kind of server
 */
export function viewKey({ bindings }: Keymap, name: string, at: number): string {
  const own = bindings.find(
    ({ action }) => typeof action !== 'function' && action.kind === 'view' && action.name === name,
  );
  const digit = bindings.find((binding) => binding.name === 'view')?.keys[at];
  return keyName(own?.keys[0] ?? digit ?? '');
}
