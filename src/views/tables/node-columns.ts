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
    width: 16,
    roomyWidth: 32,
    importance: 2,
    description: 'domain that the node serves, as it subscribed',
    value: ({ key }) => key,
  }),
  words<NodeRow>({
    name: 'node',
    title: 'NODE',
    key: 'D',
    width: 16,
    grows: true,
    importance: 1,
    description: 'address of the node; - for a key without nodes',
    value: ({ name }) => name,
  }),
  counts<NodeRow>({
    name: 'requests',
    title: 'REQ',
    key: 'R',
    width: 9,
    importance: 4,
    description: 'requests since the start of the router; hits for a static node',
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
    key: 'E',
    width: 4,
    importance: 5,
    description: 'current sessions',
    value: ({ inUse }) => inUse ?? null,
  }),
  counts<NodeRow>({
    name: 'hits',
    title: 'HITS',
    width: 9,
    importance: 10,
    description: 'requests for the key, summed over its nodes',
    value: ({ hits }) => hits ?? null,
  }),
  numbers<NodeRow>(format.size, {
    name: 'tx',
    title: 'TX',
    key: 'X',
    width: 6,
    importance: 8,
    description: 'bytes sent',
    value: ({ tx }) => tx ?? null,
  }),
  numbers<NodeRow>(format.size, {
    name: 'rx',
    title: 'RX',
    width: 6,
    importance: 9,
    description: 'bytes received',
    value: ({ rx }) => rx ?? null,
  }),
  counts<NodeRow>({
    name: 'nodeLoad',
    title: 'NLOAD',
    width: 6,
    importance: 11,
    description: 'load that the node last reported',
    value: ({ load }) => load ?? null,
  }),
  counts<NodeRow>({
    name: 'cores',
    title: 'CORES',
    width: 6,
    importance: 12,
    description: 'cores that the node last reported',
    value: ({ cores }) => cores ?? null,
  }),
  counts<NodeRow>({
    name: 'lastRequests',
    title: 'LASTREQ',
    width: 8,
    importance: 15,
    description: 'requests since the node last reported',
    value: ({ lastRequests }) => lastRequests ?? null,
  }),
  counts<NodeRow>({
    name: 'weight',
    title: 'WEIGHT',
    width: 7,
    importance: 13,
    description: 'weight in the load balancing',
    value: ({ weight }) => weight ?? null,
  }),
  counts<NodeRow>({
    name: 'failures',
    title: 'FAIL',
    key: 'L',
    width: 5,
    importance: 6,
    description: 'failed requests',
    value: ({ failures }) => failures ?? null,
    role: ({ failures }) => (failures ? 'critical' : null),
  }),
  words<NodeRow>({
    name: 'dead',
    title: 'DEAD',
    width: 5,
    importance: 7,
    description: 'whether it is marked as dead; the router removes it when its last session ends',
    value: ({ deathMark }) =>
      deathMark === undefined || deathMark === null ? null : deathMark ? 'yes' : 'no',
    role: ({ deathMark }) => (deathMark ? 'critical' : null),
  }),
  timestamps<NodeRow>({
    name: 'lastCheck',
    title: 'CHECKED',
    width: 10,
    importance: 14,
    description: 'when the node last reported',
    value: ({ lastCheck }) => lastCheck ?? null,
  }),
  words<NodeRow>({
    name: 'modifiers',
    title: 'MOD',
    key: 'M',
    width: 7,
    importance: 17,
    description: 'modifiers 1 and 2, which select the plugin of the node',
    value: ({ modifier1, modifier2 }) =>
      modifier1 == null || modifier2 == null ? null : `${modifier1}:${modifier2}`,
  }),
  words<NodeRow>({
    name: 'sni',
    title: 'SNI',
    width: 4,
    importance: 16,
    description: 'whether the key has its own TLS certificate (SNI)',
    value: ({ sni }) => (sni == null ? null : sni ? 'yes' : 'no'),
  }),
];
