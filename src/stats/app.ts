import {
  count,
  type Fields,
  fields,
  flag,
  integer,
  list,
  microseconds,
  name,
  positive,
  text,
} from './fields.ts';
import type {
  App,
  AppSnapshot,
  Cache,
  Core,
  Cron,
  Daemon,
  Legion,
  LegionMember,
  Lock,
  Metric,
  Socket,
  Spooler,
  Worker,
} from './snapshot.ts';

/** Returns the parts that only the document of an app server has. */
export function appSnapshot(document: Fields): Omit<AppSnapshot, 'server' | 'repaired'> {
  return {
    kind: 'app',
    listenQueue: count(document.listen_queue),
    listenQueueErrors: count(document.listen_queue_errors),
    signalQueue: count(document.signal_queue),
    load: count(document.load),
    workers: list(document.workers).map(worker),
    sockets: list(document.sockets).map(socket),
    caches: list(document.caches).map(cache),
    spoolers: list(document.spoolers).map(spooler),
    crons: list(document.crons).map(cron),
    daemons: list(document.daemons).map(daemon),
    locks: list(document.locks).flatMap(lock),
    metrics: Object.entries(fields(document.metrics)).map(metric),
    legions: list(document.legions).map(legion),
  };
}

function worker(value: unknown, index: number): Worker {
  const w = fields(value);
  const requests = count(w.requests);
  // Before the first timed request there is no average, and uWSGI writes 0. It does not time static files.
  const runningTime = microseconds(w.running_time);
  const pid = positive(w.pid);
  const status = text(w.status) ?? 'unknown';
  return {
    id: index + 1,
    pid,
    alive: w.pid === undefined ? status !== 'cheap' : pid !== null,
    status,
    accepting: flag(w.accepting),
    requests,
    requestsSinceSpawn: count(w.delta_requests),
    exceptions: count(w.exceptions),
    harakiris: count(w.harakiri_count),
    signals: count(w.signals),
    signalQueue: count(w.signal_queue),
    rss: positive(w.rss),
    vsz: positive(w.vsz),
    uss: positive(w.uss),
    pss: positive(w.pss),
    runningTime,
    lastSpawn: positive(w.last_spawn),
    spawns: count(w.respawn_count),
    tx: count(w.tx),
    averageResponseTime: requests === 0 || runningTime === 0 ? null : microseconds(w.avg_rt),
    apps: list(w.apps).map(app),
    cores: list(w.cores).map(core),
  };
}

function app(value: unknown): App {
  const a = fields(value);
  return {
    id: count(a.id),
    modifier1: count(a.modifier1),
    mountpoint: text(a.mountpoint),
    startupTime: count(a.startup_time),
    requests: count(a.requests),
    exceptions: count(a.exceptions),
    chdir: name(a.chdir),
  };
}

const NO_VARS: readonly string[] = [];

function core(value: unknown, index: number): Core {
  const c = fields(value);
  const inRequest = flag(c.in_request) === true;
  return {
    id: count(c.id) ?? index,
    requests: count(c.requests),
    staticRequests: count(c.static_requests),
    routedRequests: count(c.routed_requests),
    offloadedRequests: count(c.offloaded_requests),
    writeErrors: count(c.write_errors),
    readErrors: count(c.read_errors),
    inRequest,
    vars: inRequest ? list(c.vars).filter(isVariable) : NO_VARS,
    requestStart: inRequest ? positive(fields(c.req_info).request_start) : null,
  };
}

/** uWSGI ends the list with an empty string. */
function isVariable(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function socket(value: unknown): Socket {
  const s = fields(value);
  const maxQueue = positive(s.max_queue);
  return {
    name: text(s.name),
    proto: text(s.proto),
    queue: maxQueue === null ? null : count(s.queue),
    maxQueue,
    shared: flag(s.shared),
    canOffload: flag(s.can_offload),
  };
}

function cache(value: unknown): Cache {
  const c = fields(value);
  return {
    name: text(c.name),
    hash: text(c.hash),
    hashSize: count(c.hashsize),
    keySize: count(c.keysize),
    maxItems: count(c.max_items),
    blocks: count(c.blocks),
    blockSize: count(c.blocksize),
    items: count(c.items),
    hits: count(c.hits),
    misses: count(c.miss),
    full: count(c.full),
    lastModified: positive(c.last_modified_at),
  };
}

function spooler(value: unknown): Spooler {
  const s = fields(value);
  return {
    dir: text(s.dir),
    pid: positive(s.pid),
    tasks: count(s.tasks),
    waiting: null,
    respawns: count(s.respawns),
    running: flag(s.running),
  };
}

function cron(value: unknown): Cron {
  const c = fields(value);
  return {
    minute: integer(c.minute),
    hour: integer(c.hour),
    day: integer(c.day),
    month: integer(c.month),
    week: integer(c.week),
    command: text(c.command),
    unique: flag(c.unique),
    legion: name(c.legion),
    pid: positive(c.pid),
    startedAt: positive(c.started_at),
  };
}

function daemon(value: unknown): Daemon {
  const d = fields(value);
  // core/master_utils.c writes `respawns ? 0 : respawns`, which is always 0.
  return { command: text(d.cmd), pid: positive(d.pid), respawns: null };
}

/** Each lock is an object with one pair: its name and its holder. */
function lock(value: unknown): Lock[] {
  return Object.entries(fields(value))
    .slice(0, 1)
    .map(([name, holder]) => ({ name, holder: positive(holder) }));
}

const METRIC_TYPES = ['counter', 'gauge', 'absolute', 'alias'] as const;

function metric([name, value]: [string, unknown]): Metric {
  const m = fields(value);
  return {
    name,
    type: METRIC_TYPES[count(m.type) ?? -1] ?? null,
    oid: text(m.oid),
    value: integer(m.value),
  };
}

function legion(value: unknown): Legion {
  const l = fields(value);
  return {
    name: text(l.legion),
    address: text(l.addr),
    uuid: text(l.uuid),
    valor: count(l.valor),
    checksum: count(l.checksum),
    quorum: count(l.quorum),
    isLord: flag(l.i_am_the_lord),
    lordValor: count(l.lord_valor),
    lordUuid: name(l.lord_uuid),
    nodes: list(l.nodes).filter((node) => typeof node === 'string'),
    members: list(l.members).map(legionMember),
  };
}

function legionMember(value: unknown): LegionMember {
  const m = fields(value);
  return {
    name: text(m.name),
    uuid: text(m.uuid),
    valor: count(m.valor),
    checksum: count(m.checksum),
    lastSeen: positive(m.last_seen),
  };
}
