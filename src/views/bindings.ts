import type { Action } from './actions.ts';

/** Groups of the help, in its order. */
export const GROUPS = [
  'Views',
  'Rows',
  'Order and filter',
  'Lists of columns',
  'Display',
  'Past',
  'Program',
] as const;

/** A command with its keys. A printable key is its own character; other keys have the names of the terminal library. */
export interface Binding {
  /** Name in the setting file. */
  name: string;
  keys: readonly string[];
  /** Short form of the keys in the help, where the full list would be too long. */
  names?: string;
  /** A function receives the index of the pressed key in `keys`, from 0. */
  action: Action | ((place: number) => Action);
  /** Label in the key line. A binding without a label is not listed there. */
  label?: string;
  /** Label in the key line while the past is shown. These bindings are listed first there. */
  inPast?: string;
  /** Labels in the key line while an overlay covers the table. */
  over?: Partial<Record<Where, string>>;
  /** Description in the help: at most 34 characters, at best 26, which fit on one line of a column of the help. */
  help: string;
  /** Group in the help. */
  group: (typeof GROUPS)[number];
  /** The action has an effect only for this kind of document. */
  only?: 'app';
  /** Restricts the binding to this overlay, where it takes precedence over other bindings of the same key. */
  where?: Where;
}

/** Overlays with labels, or keys, of their own. */
export type Where = 'detail' | 'chooser' | 'sort' | 'help';

/** Every key except the sort letters of the columns. The help and the key line are generated from this table. */
export const BINDINGS: readonly Binding[] = [
  {
    name: 'quit',
    keys: ['q', 'C-c'],
    action: { kind: 'quit' },
    label: 'Quit',
    over: { detail: 'Quit', chooser: 'Quit', sort: 'Quit' },
    help: 'quit',
    group: 'Program',
  },
  {
    name: 'help',
    keys: ['h', '?', 'f1'],
    action: { kind: 'help' },
    label: 'Help',
    over: { detail: 'Help', chooser: 'Help', sort: 'Help' },
    help: 'this help',
    group: 'Program',
  },
  {
    name: 'cores',
    keys: ['a'],
    action: { kind: 'cores' },
    label: 'Cores',
    only: 'app',
    help: 'cores: hide, merge, tree',
    group: 'Display',
  },
  {
    name: 'hide-idle',
    keys: ['i'],
    action: { kind: 'hideIdle' },
    help: 'hide idle, cheap workers',
    group: 'Display',
    only: 'app',
  },
  {
    name: 'split',
    keys: ['w'],
    action: { kind: 'split' },
    help: 'requests below the table',
    group: 'Display',
    only: 'app',
  },
  {
    name: 'next-view',
    keys: ['tab'],
    action: { kind: 'tab', step: 1 },
    label: 'View',
    help: 'next view',
    group: 'Views',
  },
  {
    name: 'previous-view',
    keys: ['S-tab'],
    action: { kind: 'tab', step: -1 },
    help: 'previous view',
    group: 'Views',
  },
  {
    name: 'view',
    keys: [...'1234567890'],
    names: '1 .. 9 0',
    action: (place) => ({ kind: 'viewNumber', number: place + 1 }),
    help: 'view with that number',
    group: 'Views',
  },
  {
    name: 'usage',
    keys: ['u'],
    action: { kind: 'view', name: 'usage' },
    help: 'Usage: load over time',
    group: 'Views',
    only: 'app',
  },
  {
    name: 'paths',
    keys: ['#'],
    action: { kind: 'view', name: 'paths' },
    help: 'Paths: where the time goes',
    group: 'Views',
  },
  {
    name: 'findings',
    keys: ['!'],
    action: { kind: 'view', name: 'findings' },
    help: 'Findings with advice',
    group: 'Views',
  },
  {
    name: 'events',
    keys: ['*'],
    action: { kind: 'view', name: 'events' },
    help: 'Events: what happened',
    group: 'Views',
  },
  {
    name: 'detail',
    keys: ['enter'],
    action: { kind: 'detail' },
    label: 'Detail',
    help: 'all values of the row',
    group: 'Rows',
  },
  {
    name: 'stack',
    keys: ['t'],
    action: { kind: 'stack' },
    over: { detail: 'Stack' },
    help: 'Python stack of the row',
    group: 'Rows',
  },
  {
    name: 'copy',
    keys: ['y'],
    action: { kind: 'copy' },
    over: { detail: 'Copy' },
    help: 'copy row, value or command',
    group: 'Rows',
  },
  {
    name: 'filter',
    keys: ['/'],
    action: { kind: 'filter' },
    label: 'Filter',
    over: { detail: 'Search', help: 'Search' },
    help: 'filter rows, search a text',
    group: 'Order and filter',
  },
  {
    name: 'next-match',
    keys: ['n'],
    action: { kind: 'match', step: 1 },
    over: { help: 'Next' },
    help: 'next match',
    group: 'Order and filter',
  },
  {
    name: 'previous-match',
    keys: ['N'],
    action: { kind: 'match', step: -1 },
    help: 'previous match',
    group: 'Order and filter',
  },
  {
    name: 'sort',
    keys: ['s'],
    action: { kind: 'sortMenu' },
    label: 'Sort',
    help: 'choose the order',
    group: 'Order and filter',
  },
  {
    name: 'default-order',
    keys: ['o'],
    action: { kind: 'defaultOrder' },
    help: 'default order of the view',
    group: 'Order and filter',
  },
  {
    name: 'choose',
    keys: ['enter', 'space'],
    action: { kind: 'choose' },
    where: 'sort',
    over: { sort: 'Sort, again: reverse' },
    help: 'sort; again: reverse',
    group: 'Lists of columns',
  },
  {
    name: 'sort-done',
    keys: ['escape', 's'],
    action: { kind: 'back' },
    where: 'sort',
    over: { sort: 'Done' },
    help: 'back to the table',
    group: 'Lists of columns',
  },
  {
    name: 'sort-left',
    keys: ['<'],
    action: { kind: 'sortBy', step: -1 },
    help: 'sort by the left column',
    group: 'Order and filter',
  },
  {
    name: 'sort-right',
    keys: ['>'],
    action: { kind: 'sortBy', step: 1 },
    help: 'sort by the right column',
    group: 'Order and filter',
  },
  {
    name: 'columns',
    keys: ['c'],
    action: { kind: 'chooser' },
    label: 'Columns',
    help: 'choose and order columns',
    group: 'Display',
  },
  {
    name: 'toggle',
    keys: ['space', 'x'],
    action: { kind: 'toggle' },
    where: 'chooser',
    over: { chooser: 'Show/hide' },
    help: 'show or hide the column',
    group: 'Lists of columns',
  },
  {
    name: 'earlier',
    keys: ['left', '-'],
    action: { kind: 'shift', step: -1 },
    where: 'chooser',
    over: { chooser: 'Earlier' },
    help: 'move the column left',
    group: 'Lists of columns',
  },
  {
    name: 'later',
    keys: ['right', '+'],
    action: { kind: 'shift', step: 1 },
    where: 'chooser',
    over: { chooser: 'Later' },
    help: 'move the column right',
    group: 'Lists of columns',
  },
  {
    name: 'restore',
    keys: ['r'],
    action: { kind: 'restore' },
    where: 'chooser',
    over: { chooser: 'Reset' },
    help: 'default columns',
    group: 'Lists of columns',
  },
  {
    name: 'done',
    keys: ['escape', 'enter', 'c'],
    action: { kind: 'back' },
    where: 'chooser',
    over: { chooser: 'Done' },
    help: 'back to the table',
    group: 'Lists of columns',
  },
  {
    name: 'save',
    keys: ['S'],
    action: { kind: 'save' },
    help: 'save settings to a file',
    group: 'Program',
  },
  {
    name: 'record',
    keys: ['R'],
    action: { kind: 'record' },
    help: 'record, or stop recording',
    group: 'Program',
  },
  {
    name: 'freeze',
    keys: ['space'],
    action: { kind: 'freeze' },
    label: 'Freeze',
    inPast: 'Play/Pause',
    help: 'freeze; replay: play/pause',
    group: 'Display',
  },
  {
    name: 'fast',
    keys: ['f'],
    action: { kind: 'fast' },
    label: 'Fast',
    help: '10 reads per second on/off',
    group: 'Display',
  },
  {
    name: 'slower',
    keys: ['+', '='],
    action: { kind: 'interval', step: 1 },
    help: 'read less; replay: faster',
    group: 'Display',
  },
  {
    name: 'faster',
    keys: ['-'],
    action: { kind: 'interval', step: -1 },
    help: 'read more; replay: slower',
    group: 'Display',
  },
  {
    name: 'stretch',
    keys: ['z'],
    action: { kind: 'stretch' },
    help: 'charts and paths: period',
    group: 'Display',
  },
  {
    name: 'reading',
    keys: ['[', ']'],
    action: (place) => ({ kind: 'replay', unit: 'reading', step: place === 0 ? -1 : 1 }),
    inPast: 'Step',
    help: 'previous, next reading',
    group: 'Past',
  },
  {
    name: 'minute',
    keys: ['{', '}'],
    action: (place) => ({ kind: 'replay', unit: 'minute', step: place === 0 ? -1 : 1 }),
    help: 'back, forward a minute',
    group: 'Past',
  },
  {
    name: 'event',
    keys: ['(', ')'],
    action: (place) => ({ kind: 'replay', unit: 'event', step: place === 0 ? -1 : 1 }),
    inPast: 'Event',
    help: 'previous, next event',
    group: 'Past',
  },
  {
    name: 'jump',
    keys: ['@'],
    action: { kind: 'jump' },
    inPast: 'Time',
    help: 'go to a typed time',
    group: 'Past',
  },
  { name: 'up', keys: ['up', 'k'], action: { kind: 'move', rows: -1 }, help: 'one row up', group: 'Rows' },
  {
    name: 'down',
    keys: ['down', 'j'],
    action: { kind: 'move', rows: 1 },
    help: 'one row down',
    group: 'Rows',
  },
  {
    name: 'page-up',
    keys: ['pageup', 'C-b'],
    action: { kind: 'page', pages: -1 },
    help: 'one page up',
    group: 'Rows',
  },
  {
    name: 'page-down',
    keys: ['pagedown', 'C-f'],
    action: { kind: 'page', pages: 1 },
    over: { help: 'More' },
    help: 'one page down',
    group: 'Rows',
  },
  {
    name: 'first',
    keys: ['home', 'g'],
    action: { kind: 'edge', edge: 'first' },
    help: 'first row',
    group: 'Rows',
  },
  {
    name: 'last',
    keys: ['end', 'G'],
    action: { kind: 'edge', edge: 'last' },
    inPast: 'Now',
    help: 'last row',
    group: 'Rows',
  },
  {
    name: 'back',
    keys: ['escape'],
    action: { kind: 'back' },
    over: { detail: 'Back', help: 'Close' },
    help: 'close, or clear the filter',
    group: 'Rows',
  },
  {
    name: 'redraw',
    keys: ['C-l'],
    action: { kind: 'redraw' },
    help: 'redraw the screen',
    group: 'Program',
  },
  {
    name: 'suspend',
    keys: ['C-z'],
    action: { kind: 'suspend' },
    help: 'suspend (fg resumes)',
    group: 'Program',
  },
];
