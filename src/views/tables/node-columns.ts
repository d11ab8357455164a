import type { RouterNode } from '../../stats/snapshot.ts';
import * as format from '../../text/format.ts';
import { type Column, counts, numbers, timestamps, words } from '../column.ts';

/** A node of a router: subscribed to a key, or given on the command line. Also a key without nodes. */
export interface NodeRow extends Partial<Omit<RouterNode, 'name'>> {
  /** `null` if no node serves the key. */
  name: string | null;
  key: string | null;
  /** Hits of the key, not of the node. */
  hits?: number | null;
  sni?: boolean | null;
  requests: number | null;
  rps: number | null;
}

export const NODE_COLUMNS: readonly Column<NodeRow>[] = [
  words<NodeRow>({
    name: 'key',
    title: 'KEY',
    key: 'K',
    width: 16,
    roomyWidth: 32,
    importance: 2,
    description: 'what it serves: a domain, as it subscribed',
    value: ({ key }) => key,
  }),
  words<NodeRow>({
    name: 'node',
    title: 'NODE',
    key: 'D',
    width: 16,
    grows: true,
    importance: 1,
    description: 'its address; - of a key without nodes',
    value: ({ name }) => name,
  }),
  counts<NodeRow>({
    name: 'requests',
    title: 'REQ',
    key: 'R',
    width: 9,
    importance: 4,
    description: 'requests (of a static node: hits) since the start of the router',
    value: ({ requests }) => requests,
  }),
  numbers<NodeRow>(format.rate, {
    name: 'rps',
    title: 'RPS',
    key: 'P',
    width: 6,
    importance: 3,
    description: 'requests per second in this interval',
    value: ({ rps }) => rps,
  }),
  counts<NodeRow>({
    name: 'inUse',
    title: 'USE',
    key: 'U',
    width: 4,
    importance: 5,
    description: 'sessions that use it now',
    value: ({ inUse }) => inUse ?? null,
  }),
  counts<NodeRow>({
    name: 'hits',
    title: 'HITS',
    key: 'H',
    width: 9,
    importance: 10,
    description: 'requests for its key, of all nodes of that key together',
    value: ({ hits }) => hits ?? null,
  }),
  numbers<NodeRow>(format.size, {
    name: 'tx',
    title: 'TX',
    key: 'T',
    width: 6,
    importance: 8,
    description: 'bytes sent',
    value: ({ tx }) => tx ?? null,
  }),
  numbers<NodeRow>(format.size, {
    name: 'rx',
    title: 'RX',
    key: 'X',
    width: 6,
    importance: 9,
    description: 'bytes received',
    value: ({ rx }) => rx ?? null,
  }),
  counts<NodeRow>({
    name: 'nodeLoad',
    title: 'NLOAD',
    key: 'A',
    width: 6,
    importance: 11,
    description: 'the load that it last told the router of',
    value: ({ load }) => load ?? null,
  }),
  counts<NodeRow>({
    name: 'cores',
    title: 'CORES',
    key: 'O',
    width: 6,
    importance: 12,
    description: 'the cores that it last told the router of',
    value: ({ cores }) => cores ?? null,
  }),
  counts<NodeRow>({
    name: 'lastRequests',
    title: 'LASTREQ',
    key: 'S',
    width: 8,
    importance: 15,
    description: 'requests since it last said that it is there',
    value: ({ lastRequests }) => lastRequests ?? null,
  }),
  counts<NodeRow>({
    name: 'weight',
    title: 'WEIGHT',
    key: 'W',
    width: 7,
    importance: 13,
    description: 'its share in the balancing',
    value: ({ weight }) => weight ?? null,
  }),
  counts<NodeRow>({
    name: 'failures',
    title: 'FAIL',
    key: 'L',
    width: 5,
    importance: 6,
    description: 'failures',
    value: ({ failures }) => failures ?? null,
    role: ({ failures }) => (failures ? 'critical' : null),
  }),
  words<NodeRow>({
    name: 'dead',
    title: 'DEAD',
    key: 'E',
    width: 5,
    importance: 7,
    description: 'marked dead: it is taken out as soon as nobody uses it',
    value: ({ deathMark }) =>
      deathMark === undefined || deathMark === null ? null : deathMark ? 'yes' : 'no',
    role: ({ deathMark }) => (deathMark ? 'critical' : null),
  }),
  timestamps<NodeRow>({
    name: 'lastCheck',
    title: 'CHECKED',
    key: 'C',
    width: 10,
    importance: 14,
    description: 'when it last said that it is there',
    value: ({ lastCheck }) => lastCheck ?? null,
  }),
  words<NodeRow>({
    name: 'modifiers',
    title: 'MOD',
    key: 'M',
    width: 7,
    importance: 17,
    description: 'modifiers 1 and 2: which plugin of the node takes the requests',
    value: ({ modifier1, modifier2 }) =>
      modifier1 == null || modifier2 == null ? null : `${modifier1}:${modifier2}`,
  }),
  words<NodeRow>({
    name: 'sni',
    title: 'SNI',
    key: 'I',
    width: 4,
    importance: 16,
    description: 'whether its key has a TLS certificate of its own (SNI)',
    value: ({ sni }) => (sni == null ? null : sni ? 'yes' : 'no'),
  }),
];
