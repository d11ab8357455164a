/** An action that a key or a click triggers. `below`: in the table of the free lines. */
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
  | { kind: 'hideIdle' }
  | { kind: 'split' }
  | { kind: 'stretch' }
  | { kind: 'fast' }
  | { kind: 'freeze' }
  | { kind: 'interval'; step: 1 | -1 }
  | { kind: 'replay'; unit: 'reading' | 'minute' | 'event'; step: 1 | -1 }
  | { kind: 'jump' }
  | { kind: 'move'; rows: number }
  | { kind: 'page'; pages: 1 | -1 }
  | { kind: 'edge'; edge: 'first' | 'last' }
  | { kind: 'scroll'; rows: number; below?: true }
  | { kind: 'select'; id: string; below?: true }
  | { kind: 'detail' }
  | { kind: 'chooser' }
  | { kind: 'sortMenu' }
  | { kind: 'choose' }
  | { kind: 'defaultOrder' }
  | { kind: 'toggle' }
  | { kind: 'shift'; step: 1 | -1 }
  | { kind: 'restore' }
  | { kind: 'save' }
  | { kind: 'record' }
  | { kind: 'yes' }
  | { kind: 'no' }
  | { kind: 'copy' }
  | { kind: 'stack' }
  | { kind: 'filter' }
  | { kind: 'match'; step: 1 | -1 }
  | { kind: 'type'; text: string }
  | { kind: 'erase'; what: 'character' | 'word' | 'all' }
  | { kind: 'accept' }
  | { kind: 'sort'; column: string }
  | { kind: 'sortBy'; step: 1 | -1 };
