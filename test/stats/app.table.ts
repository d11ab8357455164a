import { expect } from 'vitest';
import type { Sent } from './captures.ts';
import {
  as,
  type Check,
  compare,
  each,
  emptyIsUnknown,
  fromMicroseconds,
  nothing,
  SERVER,
  type Table,
  yesOrNo,
  zeroIsUnknown,
} from './table.ts';

const CORE: Table = {
  id: as('id'),
  requests: as('requests'),
  static_requests: as('staticRequests'),
  routed_requests: as('routedRequests'),
  offloaded_requests: as('offloadedRequests'),
  write_errors: as('writeErrors'),
  read_errors: as('readErrors'),
  in_request: as('inRequest', yesOrNo),
  // uWSGI ends the list with an empty string.
  vars: as('vars', (sent) => (sent as string[]).filter((line) => line !== '')),
  req_info: (sent, typed, path) => compare(sent, typed, { request_start: as('requestStart') }, path),
};

const APP: Table = {
  id: as('id'),
  modifier1: as('modifier1'),
  mountpoint: as('mountpoint'),
  startup_time: as('startupTime'),
  requests: as('requests'),
  exceptions: as('exceptions'),
  chdir: as('chdir', emptyIsUnknown),
};

const WORKER: Table = {
  // The place in the list identifies a worker; `each` compares by place.
  id: (_sent, typed, path) => expect(path).toContain(`[${Number(typed.id) - 1}]`),
  pid: as('pid', zeroIsUnknown),
  accepting: as('accepting', yesOrNo),
  requests: as('requests'),
  delta_requests: as('requestsSinceSpawn'),
  exceptions: as('exceptions'),
  harakiri_count: as('harakiris'),
  signals: as('signals'),
  signal_queue: as('signalQueue'),
  status: as('status'),
  rss: as('rss', zeroIsUnknown),
  vsz: as('vsz', zeroIsUnknown),
  uss: as('uss', zeroIsUnknown),
  pss: as('pss', zeroIsUnknown),
  running_time: as('runningTime', fromMicroseconds),
  last_spawn: as('lastSpawn', zeroIsUnknown),
  respawn_count: as('spawns'),
  tx: as('tx'),
  avg_rt: as('averageResponseTime', (sent, { requests, running_time }) =>
    requests === 0 || running_time === 0 ? null : Number(sent) / 1e6,
  ),
  apps: each('apps', APP),
  cores: each('cores', CORE),
};

const SOCKET: Table = {
  name: as('name'),
  proto: as('proto'),
  queue: as('queue', (sent, { max_queue }) => (max_queue === 0 ? null : sent)),
  max_queue: as('maxQueue', zeroIsUnknown),
  shared: as('shared', yesOrNo),
  can_offload: as('canOffload', yesOrNo),
};

const CACHE: Table = {
  name: as('name'),
  hash: as('hash'),
  hashsize: as('hashSize'),
  keysize: as('keySize'),
  max_items: as('maxItems'),
  blocks: as('blocks'),
  blocksize: as('blockSize'),
  items: as('items'),
  hits: as('hits'),
  miss: as('misses'),
  full: as('full'),
  last_modified_at: as('lastModified', zeroIsUnknown),
};

const CRON: Table = {
  minute: as('minute'),
  hour: as('hour'),
  day: as('day'),
  month: as('month'),
  week: as('week'),
  command: as('command'),
  unique: as('unique', yesOrNo),
  legion: as('legion', emptyIsUnknown),
  pid: as('pid', zeroIsUnknown),
  started_at: as('startedAt', zeroIsUnknown),
};

const LEGION: Table = {
  legion: as('name'),
  addr: as('address'),
  uuid: as('uuid'),
  valor: as('valor'),
  checksum: as('checksum'),
  quorum: as('quorum'),
  i_am_the_lord: as('isLord', yesOrNo),
  lord_valor: as('lordValor'),
  lord_uuid: as('lordUuid', emptyIsUnknown),
  nodes: as('nodes'),
  members: each('members', {
    name: as('name'),
    uuid: as('uuid'),
    valor: as('valor'),
    checksum: as('checksum'),
    last_seen: as('lastSeen', zeroIsUnknown),
  }),
};

const METRIC_TYPES = ['counter', 'gauge', 'absolute', 'alias'];

/** `"NAME":{...}` in the document, a row with the name in the snapshot. */
const metrics: Check = (sent, typed, path) => {
  const rows = Object.entries(sent as Sent).map(([name, metric]) => ({ name, metric: metric as Sent }));
  expect(typed.metrics, path).toEqual(
    rows.map(({ name, metric: { type, oid, value } }) => ({
      name,
      type: METRIC_TYPES[Number(type)],
      oid,
      value,
    })),
  );
};

/** `[{"NAME":HOLDER}]` in the document, rows in the snapshot. */
const locks: Check = (sent, typed, path) => {
  const pairs = (sent as Sent[]).flatMap((lock) => Object.entries(lock));
  expect(typed.locks, path).toEqual(pairs.map(([name, holder]) => ({ name, holder: holder || null })));
};

/** The fields of an app server. */
export const APP_SERVER: Table = {
  ...SERVER,
  listen_queue: as('listenQueue'),
  listen_queue_errors: as('listenQueueErrors'),
  signal_queue: as('signalQueue'),
  load: as('load'),
  workers: each('workers', WORKER),
  sockets: each('sockets', SOCKET),
  caches: each('caches', CACHE),
  spoolers: each('spoolers', {
    dir: as('dir'),
    pid: as('pid', zeroIsUnknown),
    tasks: as('tasks'),
    respawns: as('respawns'),
    running: as('running', yesOrNo),
  }),
  crons: each('crons', CRON),
  // uWSGI always writes 0 respawns.
  daemons: each('daemons', {
    cmd: as('command'),
    pid: as('pid', zeroIsUnknown),
    respawns: as('respawns', nothing),
  }),
  locks,
  metrics,
  legions: each('legions', LEGION),
};
