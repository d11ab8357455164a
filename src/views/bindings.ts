import type { Action } from './actions.ts';

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
  /** Labels in the key line while an overlay covers the table. */
  over?: Partial<Record<Where, string>>;
  /** Description in the help. */
  help: string;
  /** The action has an effect only for this kind of document. */
  only?: 'app';
  /** Restricts the binding to this overlay, where it takes precedence over other bindings of the same key. */
  where?: Where;
}

/** Overlays that have keys of their own. */
export type Where = 'detail' | 'chooser' | 'sort';

/** Every key except the sort letters of the columns. The help and the key line are generated from this table. */
export const BINDINGS: readonly Binding[] = [
  {
    name: 'quit',
    keys: ['q', 'C-c'],
    action: { kind: 'quit' },
    label: 'Quit',
    over: { detail: 'Quit', chooser: 'Quit', sort: 'Quit' },
    help: 'quit',
  },
  {
    name: 'help',
    keys: ['h', '?', 'f1'],
    action: { kind: 'help' },
    label: 'Help',
    over: { detail: 'Help', chooser: 'Help', sort: 'Help' },
    help: 'this help',
  },
  {
    name: 'cores',
    keys: ['a'],
    action: { kind: 'cores' },
    label: 'Cores',
    only: 'app',
    help: 'cores: off, merged into their workers, as a tree; apps also by worker',
  },
  {
    name: 'hide-idle',
    keys: ['i'],
    action: { kind: 'hideIdle' },
    help: 'hide or show idle and cheap workers',
    only: 'app',
  },
  {
    name: 'split',
    keys: ['w'],
    action: { kind: 'split' },
    help: 'requests below the workers: on or off',
    only: 'app',
  },
  {
    name: 'next-view',
    keys: ['tab'],
    action: { kind: 'tab', step: 1 },
    label: 'View',
    help: 'the next view',
  },
  { name: 'previous-view', keys: ['S-tab'], action: { kind: 'tab', step: -1 }, help: 'the view before' },
  {
    name: 'view',
    keys: [...'1234567890'],
    names: '1 .. 9 0',
    action: (place) => ({ kind: 'viewNumber', number: place + 1 }),
    help: 'the view of that number',
  },
  {
    name: 'usage',
    keys: ['u'],
    action: { kind: 'view', name: 'usage' },
    help: 'usage: how busy the server is, now and over the last minutes',
    only: 'app',
  },
  {
    name: 'findings',
    keys: ['!'],
    action: { kind: 'view', name: 'findings' },
    help: 'findings: what does not go well, and what to do',
  },
  {
    name: 'detail',
    keys: ['enter'],
    action: { kind: 'detail' },
    label: 'Detail',
    help: 'all that is known of the row',
  },
  {
    name: 'stack',
    keys: ['t'],
    action: { kind: 'stack' },
    over: { detail: 'Stack' },
    help: 'the Python stack that the row is in right now (py-tracebacker)',
  },
  {
    name: 'copy',
    keys: ['y'],
    action: { kind: 'copy' },
    over: { detail: 'Copy' },
    help: 'copy the row, or the value in the detail, where the terminal lets programs (OSC 52)',
  },
  {
    name: 'filter',
    keys: ['/'],
    action: { kind: 'filter' },
    label: 'Filter',
    over: { detail: 'Search' },
    help: 'filter: a text, or rps>10 status=busy uri~^/api (~ takes RE2 syntax: no back-references, no look-around); in the detail: search',
  },
  {
    name: 'next-match',
    keys: ['n'],
    action: { kind: 'match', step: 1 },
    help: 'the next row that passes the filter, in a circle',
  },
  { name: 'previous-match', keys: ['N'], action: { kind: 'match', step: -1 }, help: 'the one before' },
  {
    name: 'sort',
    keys: ['s'],
    action: { kind: 'sortMenu' },
    label: 'Sort',
    help: 'list all columns, and sort by one of them',
  },
  {
    name: 'default-order',
    keys: ['o'],
    action: { kind: 'defaultOrder' },
    help: 'return to the default order of the view',
  },
  {
    name: 'choose',
    keys: ['enter', 'space'],
    action: { kind: 'choose' },
    where: 'sort',
    over: { sort: 'Sort, again: reverse' },
    help: 'in the list of orders: sort by the column; again: reverse the order',
  },
  {
    name: 'sort-done',
    keys: ['escape', 's'],
    action: { kind: 'back' },
    where: 'sort',
    over: { sort: 'Done' },
    help: 'in the list of orders: return to the table',
  },
  {
    name: 'sort-left',
    keys: ['<'],
    action: { kind: 'sortBy', step: -1 },
    help: 'sort by the column to the left',
  },
  {
    name: 'sort-right',
    keys: ['>'],
    action: { kind: 'sortBy', step: 1 },
    help: 'sort by the column to the right',
  },
  {
    name: 'columns',
    keys: ['c'],
    action: { kind: 'chooser' },
    label: 'Columns',
    help: 'choose the shown columns and their positions',
  },
  {
    name: 'toggle',
    keys: ['space', 'x'],
    action: { kind: 'toggle' },
    where: 'chooser',
    over: { chooser: 'Show/hide' },
    help: 'in the list of columns: show or hide the column',
  },
  {
    name: 'earlier',
    keys: ['left', '-'],
    action: { kind: 'shift', step: -1 },
    where: 'chooser',
    over: { chooser: 'Earlier' },
    help: 'in the list of columns: move the column to the left',
  },
  {
    name: 'later',
    keys: ['right', '+'],
    action: { kind: 'shift', step: 1 },
    where: 'chooser',
    over: { chooser: 'Later' },
    help: 'in the list of columns: move the column to the right',
  },
  {
    name: 'restore',
    keys: ['r'],
    action: { kind: 'restore' },
    where: 'chooser',
    over: { chooser: 'Reset' },
    help: 'in the list of columns: restore the default columns',
  },
  {
    name: 'done',
    keys: ['escape', 'enter', 'c'],
    action: { kind: 'back' },
    where: 'chooser',
    over: { chooser: 'Done' },
    help: 'in the list of columns: return to the table',
  },
  {
    name: 'save',
    keys: ['S'],
    action: { kind: 'save' },
    help: 'write columns, orders, interval and cores to the setting file; asks before it changes a file: y writes, any other key does not',
  },
  {
    name: 'freeze',
    keys: ['space'],
    action: { kind: 'freeze' },
    label: 'Freeze',
    help: 'freeze the screen, and go on',
  },
  {
    name: 'fast',
    keys: ['f'],
    action: { kind: 'fast' },
    label: 'Fast',
    help: 'read ten times a second, and back',
  },
  { name: 'slower', keys: ['+', '='], action: { kind: 'interval', step: 1 }, help: 'read less often' },
  { name: 'faster', keys: ['-'], action: { kind: 'interval', step: -1 }, help: 'read more often' },
  { name: 'stretch', keys: ['z'], action: { kind: 'stretch' }, help: 'charts: the last minutes, or an hour' },
  { name: 'up', keys: ['up', 'k'], action: { kind: 'move', rows: -1 }, help: 'a row up' },
  { name: 'down', keys: ['down', 'j'], action: { kind: 'move', rows: 1 }, help: 'a row down' },
  { name: 'page-up', keys: ['pageup', 'C-b'], action: { kind: 'page', pages: -1 }, help: 'a page up' },
  { name: 'page-down', keys: ['pagedown', 'C-f'], action: { kind: 'page', pages: 1 }, help: 'a page down' },
  { name: 'first', keys: ['home', 'g'], action: { kind: 'edge', edge: 'first' }, help: 'first row' },
  { name: 'last', keys: ['end', 'G'], action: { kind: 'edge', edge: 'last' }, help: 'last row' },
  {
    name: 'back',
    keys: ['escape'],
    action: { kind: 'back' },
    over: { detail: 'Back' },
    help: 'close what is open; let go of the row, then of the filter',
  },
  { name: 'redraw', keys: ['C-l'], action: { kind: 'redraw' }, help: 'draw the screen anew' },
  {
    name: 'suspend',
    keys: ['C-z'],
    action: { kind: 'suspend' },
    help: 'suspend; `fg` in the shell comes back',
  },
];
