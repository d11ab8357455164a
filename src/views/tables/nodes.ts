import type { RouterSample } from '../../rates/sample.ts';
import { defineView } from '../view.ts';
import { NODE_COLUMNS, type NodeRow } from './node-columns.ts';

/** The nodes of a router: those that subscribed, under their keys, and those of the command line. */
export const NODES = defineView<RouterSample, NodeRow>({
  name: 'nodes',
  title: 'Nodes',
  kind: 'router',
  columns: NODE_COLUMNS,
  sort: { column: 'rps', descending: true },
  rows: (sample) => [
    ...sample.nodes.map(({ key, node, rps }): NodeRow => ({ ...node, key, rps })),
    ...sample.staticNodes.map(
      ({ node, hitRate }): NodeRow => ({ name: node.name, key: null, requests: node.hits, rps: hitRate }),
    ),
  ],
  id: ({ key, name }) => `${key} ${name}`,
  has: ({ nodes, staticNodes }) => nodes.length + staticNodes.length > 0,
  empty: 'no nodes: none has subscribed yet (subscribe-to = ... in the configuration of a server)',
});
