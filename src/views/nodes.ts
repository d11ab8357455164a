import type { RouterSample } from '../rates/sample.ts';
import type { Column } from './column.ts';
import { NODE_COLUMNS, type NodeRow } from './node-columns.ts';
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
  const rows = [...subscribed, ...fixed];
  return {
    columns,
    rows: sorted(rows, NODE_COLUMNS, sort),
    id: ({ key, name }) => `${key} ${name}`,
  };
}
