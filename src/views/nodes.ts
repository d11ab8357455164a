import type { RouterSample } from '../rates/sample.ts';
import type { Column } from './column.ts';
import type { NodeRow } from './node-columns.ts';
import { type Sort, sorted, type Table } from './table.ts';

/** The nodes of a router in the order of `sort`. */
export function nodeTable(
  sample: RouterSample,
  sort: Sort,
  columns: readonly Column<NodeRow>[],
): Table<NodeRow> {
  const subscribed = sample.nodes.map(({ key, node, rps }): NodeRow => ({ ...node, key, rps }));
  const fixed = sample.staticNodes.map(
    ({ node, hitRate }): NodeRow => ({ name: node.name, key: null, requests: node.hits, rps: hitRate }),
  );
  const column = columns.find(({ name }) => name === sort.column) ?? columns[0];
  const rows = [...subscribed, ...fixed];
  return {
    columns,
    rows: column ? sorted(rows, column, sort.descending) : rows,
    id: ({ key, name }) => `${key} ${name}`,
  };
}
