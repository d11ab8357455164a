import type { Member } from '../../monitor/observation.ts';
import { isTried } from '../../rates/blacklisted.ts';
import type { EmperorSample, RouterSample } from '../../rates/sample.ts';
import type { BlacklistEntry, RouterNode, StaticNode, Subscription, Vassal } from '../../stats/snapshot.ts';
import { type AnyGroup, group, sampleOf } from './metric.ts';

const emperors = group<Member, EmperorSample>({
  prefix: 'uwsgi_emperor_',
  labels: [],
  rows: (member) => sampleOf(member, 'emperor'),
  labelsOf: () => [],
  metrics: [
    {
      name: 'vassals',
      type: 'gauge',
      help: 'Vassals of the emperor.',
      value: ({ snapshot }) => snapshot.vassals.length,
    },
    {
      name: 'blacklisted_vassals',
      type: 'gauge',
      help: 'Vassals that failed to start and are tried again.',
      value: ({ snapshot, time }) => snapshot.blacklist.filter((entry) => isTried(entry, time)).length,
    },
  ],
});

const vassals = group<Member, Vassal>({
  prefix: 'uwsgi_vassal_',
  labels: ['vassal'],
  rows: (member) => sampleOf(member, 'emperor').flatMap(({ snapshot }) => snapshot.vassals),
  labelsOf: ({ id }) => [id],
  metrics: [
    {
      name: 'running',
      type: 'gauge',
      help: 'Whether the vassal has a process. An on-demand vassal has none while it sleeps.',
      value: ({ pid }) => pid !== null,
    },
    {
      name: 'accepting',
      type: 'gauge',
      help: 'Whether the vassal has said that it accepts requests.',
      value: ({ accepting }) => accepting,
    },
    {
      name: 'loyal',
      type: 'gauge',
      help: 'Whether the vassal has proved to run well.',
      value: ({ loyal }) => loyal,
    },
    {
      name: 'start_time_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Unix time of the last start of the vassal.',
      value: ({ lastRun }) => lastRun,
    },
    {
      name: 'reloads_total',
      type: 'counter',
      help: 'Reloads of the vassal, without a new process of the master.',
      value: ({ respawns }) => respawns,
    },
  ],
});

const blacklist = group<Member, BlacklistEntry>({
  prefix: 'uwsgi_vassal_',
  labels: ['vassal'],
  rows: (member) =>
    sampleOf(member, 'emperor').flatMap(({ snapshot, time }) =>
      snapshot.blacklist.filter((entry) => isTried(entry, time)),
    ),
  labelsOf: ({ id }) => [id],
  metrics: [
    {
      name: 'failed_starts',
      type: 'gauge',
      help: 'Failed starts of a blacklisted vassal after the first one.',
      value: ({ attempts }) => attempts,
    },
  ],
});

const routers = group<Member, RouterSample>({
  prefix: 'uwsgi_router_',
  labels: [],
  rows: (member) => sampleOf(member, 'router'),
  labelsOf: () => [],
  metrics: [
    {
      name: 'active_sessions',
      type: 'gauge',
      help: 'Sessions of clients that are open now.',
      value: ({ snapshot }) => snapshot.activeSessions,
    },
  ],
});

const subscriptions = group<Member, Subscription>({
  prefix: 'uwsgi_router_subscription_',
  labels: ['key'],
  rows: (member) => sampleOf(member, 'router').flatMap(({ snapshot }) => snapshot.subscriptions),
  labelsOf: ({ key }) => [key],
  metrics: [
    {
      name: 'hits_total',
      type: 'counter',
      help: 'Requests for the key.',
      value: ({ hits }) => hits,
    },
    {
      name: 'nodes',
      type: 'gauge',
      help: 'Nodes that have subscribed to the key.',
      value: ({ nodes }) => nodes.length,
    },
  ],
});

const nodes = group<Member, { key: string; node: RouterNode }>({
  prefix: 'uwsgi_router_node_',
  labels: ['key', 'node'],
  rows: (member) =>
    sampleOf(member, 'router').flatMap((sample) => sample.nodes.map(({ key, node }) => ({ key, node }))),
  labelsOf: ({ key, node }) => [key, node.name],
  metrics: [
    {
      name: 'requests_total',
      type: 'counter',
      help: 'Requests that the router has sent to the node.',
      value: ({ node }) => node.requests,
    },
    {
      name: 'transmitted_bytes_total',
      type: 'counter',
      unit: 'bytes',
      help: 'Bytes from the node to clients.',
      value: ({ node }) => node.tx,
    },
    {
      name: 'received_bytes_total',
      type: 'counter',
      unit: 'bytes',
      help: 'Bytes from clients to the node.',
      value: ({ node }) => node.rx,
    },
    {
      name: 'sessions',
      type: 'gauge',
      help: 'Sessions that use the node now.',
      value: ({ node }) => node.inUse,
    },
    {
      name: 'failures',
      type: 'gauge',
      help: 'Requests that failed at the node since the router last added it.',
      value: ({ node }) => node.failures,
    },
    {
      name: 'dead',
      type: 'gauge',
      help: 'Whether the router has marked the node as dead and sends no requests to it.',
      value: ({ node }) => node.deathMark,
    },
    {
      name: 'load',
      type: 'gauge',
      help: 'Load that the node has reported with its subscription.',
      value: ({ node }) => node.load,
    },
    {
      name: 'weight',
      type: 'gauge',
      help: 'Weight of the node for load balancing.',
      value: ({ node }) => node.weight,
    },
  ],
});

const staticNodes = group<Member, StaticNode>({
  prefix: 'uwsgi_router_static_node_',
  labels: ['node'],
  rows: (member) => sampleOf(member, 'router').flatMap(({ snapshot }) => snapshot.staticNodes),
  labelsOf: ({ name }) => [name],
  metrics: [
    {
      name: 'hits_total',
      type: 'counter',
      help: 'Requests that the router has sent to the node.',
      value: ({ hits }) => hits,
    },
    {
      name: 'last_failure_timestamp_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Unix time of the last failure of the node.',
      value: ({ failedAt }) => failedAt,
    },
  ],
});

/** The metrics of emperors and routers. */
export const OTHER_METRICS: readonly AnyGroup<Member>[] = [
  emperors,
  vassals,
  blacklist,
  routers,
  subscriptions,
  nodes,
  staticNodes,
];
