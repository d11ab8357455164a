import { isObserved } from '../monitor/observation.ts';
import { clean } from '../text/clean.ts';
import { flow, type Item } from './flow.ts';
import type { Line } from './frame.ts';
import { keyOf } from './help.ts';
import type { Scene } from './scene.ts';
import { arrow } from './table.ts';
import { isDefaultOrder, sortOf } from './view.ts';
import { type ShownTable, viewOf } from './views.ts';

/**
 * The line below a table: which rows are shown, why others are not, and the filter and the order of the user.
 *
 * @param from index of the first row in view
 * @param to index after the last row in view
 */
export function positionLine(
  scene: Scene,
  table: ShownTable,
  from: number,
  to: number,
  columns: number,
): Line {
  const { view } = scene;
  const right = [...orderItems(scene), ...filterItems(scene, table)];
  const items: Item[] = [
    ...(table.total > 0
      ? [{ text: ` ${rangeText(table, from, to)}`, role: 'dim' as const, importance: 2 }]
      : []),
    ...measuredItems(scene),
    ...hiddenItems(scene, table),
    ...right.map((item, at) => ({ ...item, right: at === 0 })),
  ];
  return flow(items, columns, view.glyphs.ellipsis);
}

function rangeText({ rows, total }: ShownTable, from: number, to: number): string {
  if (rows.length === 0) return `none of ${total}`;
  return from === 0 && to === total ? `all ${total}` : `${from + 1}-${to} of ${total}`;
}

/** How the rows were measured, with the key that chooses another period. */
function measuredItems(scene: Scene): Item[] {
  const { measured } = viewOf(scene);
  if (!measured || !isObserved(scene)) return [];
  const { view } = scene;
  const { period, text } = measured(scene, view) ?? {};
  const shown = ` ${period} (${keyOf(view.keys, 'stretch')}): ${text}`;
  return [{ text: shown, role: 'dim', importance: 1.5 }];
}

function hiddenItems({ view }: Scene, { filtered, idle }: ShownTable): Item[] {
  const words = [...idle].map(([word, count]) => `${count} ${word}`).join(' and ');
  return [
    ...(filtered > 0
      ? [{ text: `${filtered} hidden by the filter`, role: 'title' as const, importance: 3 }]
      : []),
    ...(words === ''
      ? []
      : [
          {
            text: `${words} hidden (${keyOf(view.keys, 'hide-idle')})`,
            role: 'title' as const,
            importance: 3,
          },
        ]),
  ];
}

/** The order, if it is not the default order of the view. */
function orderItems(scene: Scene): Item[] {
  const view = viewOf(scene);
  const sort = sortOf(view, scene.view);
  if (isDefaultOrder(view, scene.view)) return [];
  const { title = sort.column } = view.columns.find(({ name }) => name === sort.column) ?? {};
  const { glyphs, keys } = scene.view;
  return [
    {
      label: 'order',
      text: `${title}${arrow(sort, glyphs)} (${keyOf(keys, 'default-order')}: default)`,
      role: 'title',
      importance: 4,
    },
  ];
}

function filterItems({ view: { filter, keys } }: Scene, { filterError: error }: ShownTable): Item[] {
  if (filter === null) return [];
  if (error !== null)
    return [{ label: 'filter', text: clean(`${filter} (${error})`), role: 'critical', importance: 1 }];
  return [
    { label: 'filter', text: `${clean(filter)} (${keyOf(keys, 'back')})`, role: 'title', importance: 1 },
  ];
}
