import { count, type Fields, fields, flag, list, name, positive, text } from './fields.ts';
import type { RouterNode, RouterSnapshot, StaticNode, Subscription } from './snapshot.ts';

/** Lists of a router's document other than the list of its addresses. */
const OTHER_LISTS = new Set(['subscriptions', 'static_nodes']);

/** Returns the parts that only the document of a router has. */
export function routerSnapshot(document: Fields): Omit<RouterSnapshot, 'server' | 'repaired'> {
  const own = Object.entries(document).find(([key, value]) => Array.isArray(value) && !OTHER_LISTS.has(key));
  return {
    kind: 'router',
    plugin: own?.[0] ?? null,
    addresses: list(own?.[1]).filter((address) => typeof address === 'string'),
    activeSessions: count(document.active_sessions),
    cheap: flag(document.cheap),
    subscriptions: list(document.subscriptions).map(subscription),
    staticNodes: list(document.static_nodes).map(staticNode),
  };
}

function subscription(value: unknown, index: number): Subscription {
  const s = fields(value);
  return {
    key: text(s.key) ?? `#${index + 1}`,
    hash: count(s.hash),
    hits: count(s.hits),
    sni: flag(s.sni_enabled),
    algorithm: name(s.algo),
    nodes: list(s.nodes).map(node),
  };
}

function node(value: unknown, index: number): RouterNode {
  const n = fields(value);
  return {
    name: text(n.name) ?? `#${index + 1}`,
    vassal: name(n.vassal),
    modifier1: count(n.modifier1),
    modifier2: count(n.modifier2),
    lastCheck: positive(n.last_check),
    pid: positive(n.pid),
    uid: count(n.uid),
    gid: count(n.gid),
    requests: count(n.requests),
    lastRequests: count(n.last_requests),
    tx: count(n.tx),
    rx: count(n.rx),
    cores: count(n.cores),
    load: count(n.load),
    weight: count(n.weight),
    backup: count(n.backup),
    proto: name(n.proto),
    wrr: count(n.wrr),
    inUse: count(n.ref),
    failures: count(n.failcnt),
    deathMark: flag(n.death_mark),
  };
}

function staticNode(value: unknown, index: number): StaticNode {
  const n = fields(value);
  return { name: text(n.name) ?? `#${index + 1}`, hits: count(n.hits), failedAt: positive(n.grace) };
}
