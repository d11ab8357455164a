import fc from 'fast-check';
import type { Sent } from './captures.ts';
import type { Texts } from './documents.ts';

/** Random documents of the parents of app servers, as uWSGI 2.1 writes them. */

const number = fc.oneof(fc.constant(0), fc.nat());
const flag = fc.constantFrom(0, 1);
const clock = fc.constantFrom(0, 1795335248);

function server({ text }: Texts) {
  return { version: text, pid: number, uid: number, gid: number, cwd: text };
}

export function emperor(texts: Texts): fc.Arbitrary<Sent> {
  const { text } = texts;
  const vassal = fc.record({
    id: text,
    pid: fc.constantFrom(-1, 0, 4242),
    born: clock,
    last_mod: clock,
    last_heartbeat: clock,
    loyal: flag,
    ready: flag,
    accepting: flag,
    last_loyal: clock,
    last_ready: clock,
    last_accepting: clock,
    first_run: clock,
    last_run: clock,
    cursed: clock,
    zerg: flag,
    on_demand: text,
    suspended: flag,
    adopted: flag,
    uid: number,
    gid: number,
    monitor: text,
    // The intended structure. uWSGI writes the pairs without braces.
    attrs: fc.array(fc.dictionary(texts.attribute, text, { minKeys: 1, maxKeys: 1 }), { maxLength: 3 }),
    respawns: number,
  });
  const banned = fc.record({
    id: text,
    throttle_level: number,
    attempt: number,
    first_attempt: clock,
    last_attempt: clock,
  });
  return fc.record({
    ...server(texts),
    emperor: fc.array(text, { maxLength: 3 }),
    emperor_tyrant: flag,
    throttle_level: number,
    vassals: fc.array(vassal, { maxLength: 2 }),
    blacklist: fc.array(banned, { maxLength: 2 }),
  });
}

export function router(texts: Texts): fc.Arbitrary<Sent> {
  const { text } = texts;
  const counters = ['modifier1', 'modifier2', 'last_check', 'pid', 'uid', 'gid', 'requests', 'last_requests'];
  const more = ['tx', 'rx', 'cores', 'load', 'weight', 'backup', 'wrr', 'ref', 'failcnt', 'death_mark'];
  const numbers = Object.fromEntries([...counters, ...more].map((key) => [key, number]));
  const node = fc.record({ name: text, vassal: text, proto: text, ...numbers });
  const subscription = fc.record({
    key: text,
    hash: number,
    hits: number,
    sni_enabled: flag,
    algo: text,
    nodes: fc.array(node, { maxLength: 2 }),
  });
  const plugin = fc.constantFrom('http', 'fastrouter', 'rawrouter', 'sslrouter');
  const rest = fc.record({
    subscriptions: fc.array(subscription, { maxLength: 2 }),
    static_nodes: fc.array(fc.record({ name: text, hits: number, grace: clock }), { maxLength: 2 }),
    cheap: flag,
  });
  return fc
    .tuple(fc.record({ ...server(texts), active_sessions: number }), plugin, fc.array(text), rest)
    .map(([head, name, addresses, tail]) => ({ ...head, [name]: addresses, ...tail }));
}
