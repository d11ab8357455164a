import { nodeId } from '../../rates/about.ts';
import { firstBy } from '../../rates/first-by.ts';
import type { RouterSample } from '../../rates/sample.ts';
import { defineView } from '../view.ts';
import { NODE_COLUMNS, type NodeRow } from './node-columns.ts';
import { serverSection } from './server-section.ts';

/** Returns the subscribed nodes, each with the values of its key. */
function nodesOfKeys({ snapshot, nodes }: RouterSample): NodeRow[] {
  const keys = firstBy(snapshot.subscriptions, ({ key }) => key);
  return nodes.map(({ key, node, rps }) => {
    const { hits = null, sni = null } = keys.get(key) ?? {};
    return { ...node, key, hits, sni, rps };
  });
}

/** The view of the nodes of a router: subscribed nodes, keys without nodes, and nodes of the command line. */
export const NODES = defineView<RouterSample, NodeRow>({
  name: 'nodes',
  title: 'Nodes',
  kind: 'router',
  columns: NODE_COLUMNS,
  sort: { column: 'rps', descending: true },
  order: 'highest RPS first',
  rows: (sample) => [
    ...nodesOfKeys(sample),
    ...sample.snapshot.subscriptions
      .filter(({ nodes }) => nodes.length === 0)
      .map(({ key, hits, sni }): NodeRow => ({ name: null, key, hits, sni, requests: null, rps: null })),
    ...sample.staticNodes.map(
      ({ node, hitRate }): NodeRow => ({ name: node.name, key: null, requests: node.hits, rps: hitRate }),
    ),
  ],
  id: ({ key, name }) => nodeId(key, name),
  more: (_, sample, { mask }) => [serverSection(sample, mask)],
  has: ({ snapshot, staticNodes }) => snapshot.subscriptions.length + staticNodes.length > 0,
  empty: 'no nodes have subscribed yet (subscribe-to = ... in the configuration of a server)',
});
