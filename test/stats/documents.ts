import fc from 'fast-check';
import type { Sent } from './captures.ts';

/** Random documents as uWSGI 2.1 writes them, with every field. */

const counter = fc.nat({ max: Number.MAX_SAFE_INTEGER });
/** With many zeros, which often mean "none". */
const number = fc.oneof(fc.constant(0), fc.nat({ max: 50 }), counter);
const flag = fc.constantFrom(0, 1);
const clock = fc.constantFrom(0, 1795335248, 1795335374);
const signed = fc.integer({ min: -60, max: 60 });

/** Random texts for the fields. The layout decides how they are written. */
export interface Texts {
  text: fc.Arbitrary<string>;
  key: fc.Arbitrary<string>;
  /** The name of an attribute of an emperor's vassal. */
  attribute: fc.Arbitrary<string>;
}

const anyKey = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', '', 'a"b', '\\'),
);

/** Any text that UTF-8 can encode. */
export const ANY_TEXT: Texts = {
  text: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'"\\,:{}[]\n\t\0nu/b0 ') }),
    fc.constantFrom('', '\\', '"', '{"a":{"b":"c"}}', '["a","b"]', '"},{"x":1', 'a","b":1,"c', '__proto__'),
  ),
  key: anyKey,
  attribute: anyKey,
};

export function appServer(texts: Texts): fc.Arbitrary<Sent> {
  const { text } = texts;
  return fc.record({
    version: text,
    listen_queue: number,
    listen_queue_errors: number,
    signal_queue: number,
    load: number,
    pid: number,
    uid: number,
    gid: number,
    cwd: text,
    daemons: few({ cmd: text, pid: number, respawns: fc.constant(0) }),
    locks: fc.array(fc.dictionary(texts.key, number, { minKeys: 1, maxKeys: 1 }), { maxLength: 3 }),
    caches: few({
      name: text,
      hash: text,
      hashsize: number,
      keysize: number,
      max_items: number,
      blocks: number,
      blocksize: number,
      items: number,
      hits: number,
      miss: number,
      full: number,
      last_modified_at: clock,
    }),
    metrics: fc.dictionary(
      texts.key,
      fc.record({ type: fc.constantFrom(0, 1, 2), oid: text, value: signed }),
      { maxKeys: 3 },
    ),
    sockets: few({
      name: text,
      proto: text,
      queue: number,
      max_queue: number,
      shared: flag,
      can_offload: flag,
    }),
    workers: fc.array(worker(texts), { maxLength: 3 }),
    spoolers: few({ dir: text, pid: number, tasks: number, respawns: number, running: flag }),
    crons: few({
      minute: signed,
      hour: signed,
      day: signed,
      month: signed,
      week: signed,
      command: text,
      unique: flag,
      legion: text,
      pid: fc.constantFrom(-1, 0, 4242),
      started_at: clock,
    }),
    legions: few({
      legion: text,
      addr: text,
      uuid: text,
      valor: number,
      checksum: number,
      quorum: number,
      i_am_the_lord: flag,
      lord_valor: number,
      lord_uuid: text,
      nodes: fc.array(text, { maxLength: 3 }),
      members: few({ name: text, uuid: text, valor: number, checksum: number, last_seen: clock }),
    }),
  });
}

function few(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Sent[]> {
  return fc.array(fc.record(fields), { maxLength: 2 });
}

function worker({ text }: Texts): fc.Arbitrary<Sent> {
  return fc.record({
    id: number,
    pid: number,
    accepting: flag,
    requests: number,
    delta_requests: number,
    exceptions: number,
    harakiri_count: number,
    signals: number,
    signal_queue: number,
    status: fc.constantFrom('idle', 'busy', 'cheap', 'pause', 'sig17'),
    rss: number,
    vsz: number,
    uss: number,
    pss: number,
    running_time: number,
    last_spawn: clock,
    respawn_count: number,
    tx: number,
    avg_rt: number,
    apps: few({
      id: number,
      modifier1: number,
      mountpoint: text,
      startup_time: number,
      requests: number,
      exceptions: number,
      chdir: text,
    }),
    cores: fc.array(fc.oneof(core(text, true), core(text, false)), { maxLength: 2 }),
  });
}

function core(text: fc.Arbitrary<string>, busy: boolean): fc.Arbitrary<Sent> {
  return fc.record({
    id: number,
    requests: number,
    static_requests: number,
    routed_requests: number,
    offloaded_requests: number,
    write_errors: number,
    read_errors: number,
    in_request: fc.constant(busy ? 1 : 0),
    vars: busy ? fc.array(text, { maxLength: 3 }).map((vars) => [...vars, '']) : fc.constant([]),
    req_info: fc.constant(busy ? { request_start: 1795335248 } : {}),
  });
}
