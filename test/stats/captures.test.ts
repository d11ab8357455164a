import { describe, expect, it } from 'vitest';
import { DecodeError, decode } from '../../src/stats/decode.ts';
import type { AppSnapshot } from '../../src/stats/snapshot.ts';
import { asBytes, capture, kindOf, meant, NAMES, nameOf, VERSIONS } from './captures.ts';
import { compareDocument } from './tables.ts';

/** Captures that are not valid JSON. */
const DEFECTIVE = ['hostile', 'odd-cwd', 'odd-mount', 'routers'];

const KINDS: Readonly<Record<string, string>> = {
  emperor: 'emperor',
  'http-router': 'router',
  'http-router-to': 'router',
  fastrouter: 'router',
  rawrouter: 'router',
  routers: 'router',
};

describe.each(NAMES)('capture %s', (name) => {
  it.each([1, 2] as const)('read %i is decoded without loss', (read) => {
    const bytes = capture(name, read);
    const snapshot = decode(bytes);
    expect(snapshot.kind).toBe(KINDS[kindOf(name)] ?? 'app');
    expect(snapshot.repaired).toBe(DEFECTIVE.includes(kindOf(name)));
    compareDocument(meant(bytes), asBytes(snapshot));
  });
});

describe.each(VERSIONS)('the captures of uWSGI %s', (version) => {
  const read = (kind: string) => capture(nameOf(version, kind), 1);
  const kinds = NAMES.filter((name) => nameOf(version, kindOf(name)) === name).map(kindOf);

  it('are complete and have that version', () => {
    expect(kinds.length).toBeGreaterThanOrEqual(26);
    expect(kinds).toEqual(expect.arrayContaining(['hostile', ...Object.keys(KINDS)]));
    for (const kind of kinds) {
      const { server } = decode(read(kind));
      expect([kind, server.version]).toEqual([kind, `${version}-debian`]);
    }
  });

  it('show that workers that never ran share an id and are distinguished by their place', () => {
    const ids = (meant(read('cheaper')).workers as { id: number }[]).map(({ id }) => id);
    expect(ids.filter((id) => id === 0).length).toBeGreaterThan(1);
    const snapshot = decode(read('cheaper'));
    expect(snapshot.kind === 'app' && snapshot.workers.map(({ id }) => id)).toEqual(ids.map((_, i) => i + 1));
  });

  it('keep the bytes of the URL from a client', () => {
    const snapshot = decode(read('hostile'));
    const uris =
      snapshot.kind === 'app'
        ? snapshot.workers.flatMap(({ cores }) => cores.flatMap(({ vars }) => vars[2] ?? []))
        : [];
    expect(uris.map((uri) => uri.replace(/^REQUEST_URI=\/\w+\/\d+/, '')).sort()).toEqual([
      '?bad=\udcff\udcfe\udcc3(\udcf0\udc9f\udc98',
      '?c1=\u009b31m\u202e\u200b',
      '?q=\x1b]0;pwned\x07\x1b[2J{red-fg}{/}%1b%00',
    ]);
  });
});

describe('documents of other versions', () => {
  const read = (document: unknown) => decode(Buffer.from(JSON.stringify(document)));

  it('1.x: missing fields are unknown', () => {
    const worker = {
      id: 1,
      pid: 7,
      requests: 5,
      status: 'idle',
      rss: 0,
      running_time: 1000,
      avg_rt: 200,
      apps: [{ id: 0 }],
    };
    const { workers, sockets, listenQueue, ...rest } = read({
      version: '1.4.10',
      workers: [worker],
    }) as AppSnapshot;
    expect(rest.server).toEqual({ version: '1.4.10', pid: null, uid: null, gid: null, cwd: null });
    expect([sockets, listenQueue]).toEqual([[], null]);
    expect(workers[0]).toMatchObject({
      requests: 5,
      runningTime: 0.001,
      accepting: null,
      harakiris: null,
      signals: null,
      spawns: null,
      tx: null,
      cores: [],
      apps: [{ startupTime: null, requests: null, mountpoint: null }],
    });
  });

  it('a router without addresses: its other lists do not count as addresses', () => {
    const subscriptions = [{ key: 'a', nodes: [{}] }];
    expect(read({ active_sessions: 3, subscriptions, static_nodes: [] })).toMatchObject({
      kind: 'router',
      plugin: null,
      addresses: [],
      activeSessions: 3,
      cheap: null,
      subscriptions: [{ key: 'a', hits: null, nodes: [{ name: '#1', requests: null }] }],
    });
  });
});

describe('another document', () => {
  it.each([
    ['an empty document', ''],
    ['a word', 'hello'],
    ['a web page', '<!doctype html><title>It works</title>'],
    ['a list', '[1,2]'],
    ['a number', '1'],
    ['an empty object', '{}'],
    ['other JSON', '{"status":"ok","pid":1}'],
    ['workers that are not a list', '{"workers":4}'],
    ['two documents', '{"workers":[]}{"workers":[]}'],
    ['text after a document', '{"workers":[]} bye'],
  ])('is refused: %s', (_what, text) => {
    expect(() => decode(Buffer.from(text))).toThrow(DecodeError);
  });

  it('is read from a view into a larger buffer', () => {
    const all = Buffer.from('xx{"workers":[],"version":"é"}yy');
    const view = new Uint8Array(all.buffer, all.byteOffset + 2, all.length - 4);
    expect(decode(view)).toMatchObject({ kind: 'app', repaired: false, server: { version: 'é' } });
  });
});
