import type { EmperorSnapshot, RouterNode, RouterSnapshot, Subscription } from '../../src/stats/snapshot.ts';
import { SERVER } from './builders.ts';

export function router(given: Partial<RouterSnapshot>): RouterSnapshot {
  return {
    kind: 'router',
    server: SERVER,
    repaired: false,
    plugin: 'http',
    addresses: [':80'],
    activeSessions: 0,
    cheap: false,
    subscriptions: [],
    staticNodes: [],
    ...given,
  };
}

export function subscription(key: string, hits: number | null, nodes: RouterNode[]): Subscription {
  return { key, hash: 1, hits, sni: false, algorithm: null, nodes };
}

/** A node with 100 requests, 1000 bytes sent and 500 received. */
export function node(name: string, given: Partial<RouterNode> = {}): RouterNode {
  return {
    name,
    vassal: null,
    modifier1: 0,
    modifier2: 0,
    lastCheck: null,
    pid: null,
    uid: 0,
    gid: 0,
    requests: 100,
    lastRequests: 0,
    tx: 1000,
    rx: 500,
    cores: 2,
    load: 0,
    weight: 1,
    backup: null,
    proto: null,
    wrr: 0,
    inUse: 0,
    failures: 0,
    deathMark: false,
    ...given,
  };
}

export const EMPEROR: EmperorSnapshot = {
  kind: 'emperor',
  server: SERVER,
  repaired: false,
  monitors: ['/etc/vassals'],
  tyrant: false,
  throttle: 0,
  vassals: [],
  blacklist: [],
};
