import { describe, expect, it } from 'vitest';
import { decode } from '../../src/stats/decode.ts';
import {
  BIG,
  DEPTH,
  type DOCUMENT_FAULTS,
  LONG,
  QUOTED,
  RELOAD_EVERY,
  WIDE_URI,
} from './faults/document-faults.ts';
import { readOnce, serve, snapshotOf } from './wire.ts';

type Name = keyof typeof DOCUMENT_FAULTS;

/** The text of a document with a fault. */
async function textOf(fault: Name, options: { kind?: 'emperor'; minified?: boolean } = {}): Promise<string> {
  const server = await serve({ fault, ...options });
  return (await readOnce(server)).document.toString();
}

const LAYOUTS = [{ minified: false }, { minified: true }];

describe('faults of requests', () => {
  const varsOf = async (fault: Name) => {
    const server = await serve({ fault });
    const { document } = await readOnce(server);
    const snapshot = await snapshotOf(server);
    const vars = snapshot.workers.flatMap(({ cores }) => cores.flatMap((core) => core.vars));
    return { document, snapshot, vars, uri: vars.find((each) => each.startsWith('REQUEST_URI=/search?q=')) };
  };

  it('control-chars sends ESC and BEL unchanged', async () => {
    const { document, snapshot, uri } = await varsOf('control-chars');
    expect(document.includes('\x1b]0;pwned\x07')).toBe(true);
    expect(() => JSON.parse(document.toString())).toThrow();
    expect(snapshot.repaired).toBe(true);
    expect(uri).toContain('\x1b[2J');
  });

  it('bad-utf8 has bytes that are not valid UTF-8', async () => {
    const { document, snapshot, uri } = await varsOf('bad-utf8');
    expect(document.includes(Buffer.of(0xff, 0xfe, 0xc3, 0x28))).toBe(true);
    expect(document.includes('\ue000')).toBe(false);
    expect(snapshot.repaired).toBe(true);
    expect(uri).toBe('REQUEST_URI=/search?q=\udcff\udcfe\udcc3(');
  });

  it('wide has characters of every problematic kind', async () => {
    const { document, snapshot, vars } = await varsOf('wide');
    expect(document.toString()).toContain(`"REQUEST_URI=${WIDE_URI}"`);
    expect(snapshot.repaired).toBe(false);
    expect(vars).toContain(`REQUEST_URI=${WIDE_URI}`);
    for (const kind of [
      /\p{Script=Han}/u,
      /\p{Script=Hangul}/u,
      /[\u{20000}-\u{2ffff}]/u,
      /\p{Emoji_Modifier}/u,
      /\p{Emoji}\u200d\p{Emoji}/u,
      /\p{Regional_Indicator}{2}/u,
      /\u202e[^\u202c]+\u202c/,
      /\u2066[^\u2069]+\u2069/,
      /\u200b.*\ufeff/,
      /\p{Mn}/u,
    ])
      expect(WIDE_URI).toMatch(kind);
  });

  it('long has a URI and headers of that length', async () => {
    const { document, snapshot, vars } = await varsOf('long');
    expect(snapshot.repaired).toBe(false);
    expect(document.length).toBeGreaterThan(3 * LONG);
    expect(vars.find((each) => each.startsWith('REQUEST_URI=/long/'))).toHaveLength(
      'REQUEST_URI='.length + LONG,
    );
    const headers = vars.filter((each) => each.startsWith('HTTP_'));
    expect(headers.length).toBeGreaterThan(2);
    for (const header of headers) expect(header.length).toBeGreaterThanOrEqual(LONG);
  });
});

describe('faults of the document', () => {
  it.each([
    ['no-brace', /^\n\t"version":/],
    ['bom', /^\xef\xbb\xbf\{\n/],
    ['nul', /\n\}\0$/],
    ['trailing-comma', /\},\n\t\],\n[\s\S]*\},\s*\],\s*"(?:\w+)":\[[\s\S]*,\n\}$/],
    ['quotes', /"cwd":"\/srv\/the "new", "old" shop",[\s\S]*"chdir":"\/srv\/the "new", "old" shop"\n/],
  ] as const)('%s is present and is repaired', async (fault, pattern) => {
    const server = await serve({ fault });
    const { document } = await readOnce(server);
    expect(document.toString('latin1')).toMatch(pattern);
    expect(() => JSON.parse(document.toString())).toThrow();
    expect(await snapshotOf(server)).toMatchObject({ repaired: true, workers: { length: 8 } });
  });

  it('trailing-comma adds commas and changes nothing else', async () => {
    for (const layout of LAYOUTS) {
      const text = await textOf('trailing-comma', layout);
      const commas = /,(?=\s*[\]}])/g;
      expect(text.match(commas)?.length).toBeGreaterThan(10);
      expect(() => JSON.parse(text)).toThrow();
      expect(JSON.parse(text.replace(commas, ''))).toHaveProperty('workers.length', 8);
    }
  });

  it('quotes are in the directory of the server and of each application', async () => {
    const { server, workers } = await snapshotOf(await serve({ fault: 'quotes' }));
    expect(server.cwd).toBe(QUOTED);
    for (const { apps } of workers) expect(apps).toMatchObject([{ chdir: QUOTED }]);
  });

  it('garbage precedes the document', async () => {
    const text = await textOf('garbage');
    expect(text).toMatch(/^\[uwsgi-master\] .*\n\{"level":"info"\}\n\{\n\t"version":/);
    expect(JSON.parse(text.slice(text.indexOf('{\n')))).toHaveProperty('workers');
  });

  it('attrs are pairs in the lists of an emperor', async () => {
    const text = await textOf('attrs', { kind: 'emperor' });
    expect(text).toMatch(/"attrs":\[\s*"\w+":"\w+",\s*"\w+":"\w+"\s*\]/);
    expect(() => JSON.parse(text)).toThrow();
    const plain = await readOnce(await serve({ kind: 'emperor' }));
    expect(JSON.parse(plain.document.toString())).toMatchObject({ vassals: { length: 6 } });
  });

  it('duplicate has fields twice', async () => {
    for (const layout of LAYOUTS) {
      const text = await textOf('duplicate', layout);
      expect(text).toMatch(/^\{"flavour":1,"flavour":\["sweet"\],/);
      const pairs = [...text.matchAll(/"requests":(\d+),"requests":(\d+)/g)];
      expect(pairs.length).toBeGreaterThan(8 * 2);
      for (const [, first, second] of pairs) expect(first).toBe(second);
      expect(text.match(/"requests":/g)).toHaveLength(2 * pairs.length);
      expect(JSON.parse(text)).toHaveProperty('workers.length', 8);
    }
  });

  it('deep has that nesting depth', async () => {
    const text = await textOf('deep');
    expect(text.match(/^\{"deep":\[+/)?.[0]).toHaveLength('{"deep":'.length + DEPTH);
    expect(JSON.parse(text)).toHaveProperty('deep');
    expect(JSON.parse(text.replace(/"deep":[[\]]+,/, ''))).toHaveProperty('workers.length', 8);
  });

  it('wrong-types changes all fields of the first worker and no others', async () => {
    for (const layout of LAYOUTS) {
      const { workers } = JSON.parse(await textOf('wrong-types', layout));
      const [wrong, right] = workers;
      const fields = Object.keys(right);
      expect(fields).toHaveLength(19);
      const kind = (value: unknown) => (Array.isArray(value) ? 'list' : typeof value);
      const likeRight = fields.filter((name) => kind(wrong[name]) === kind(right[name]));
      expect(likeRight).toEqual([]);
      expect(new Set(fields.map((name) => kind(wrong[name])))).toEqual(
        new Set(['string', 'object', 'list', 'boolean']),
      );
      for (const worker of workers.slice(1))
        for (const name of fields) expect(kind(worker[name])).toBe(kind(right[name]));
    }
  });

  it('proto has inherited names of objects in the document, the workers and the metrics', async () => {
    for (const layout of LAYOUTS) {
      const document = JSON.parse(await textOf('proto', layout));
      for (const each of [document, ...document.workers, document.metrics])
        for (const name of ['__proto__', 'constructor', 'toString'])
          expect(typeof Object.getOwnPropertyDescriptor(each, name)?.value).toBe('object');
      expect(document.workers).toHaveLength(8);
    }
  });

  it('u64 has numbers that are unknown', async () => {
    const server = await serve({ fault: 'u64' });
    const { document } = await readOnce(server);
    expect(document.toString().match(/:18446744073709551615\b/g)).toHaveLength(5);
    const { listenQueue, load, signalQueue, workers } = await snapshotOf(server);
    expect({ listenQueue, load, signalQueue }).toEqual({ listenQueue: null, load: null, signalQueue: null });
    expect(workers[0]).toMatchObject({ rss: null, vsz: null, requests: expect.any(Number) });
    expect(() => JSON.parse(document.toString())).not.toThrow();
  });

  it('big-integers has inexact numbers, and casts in many fields', async () => {
    const text = await textOf('big-integers');
    expect(BIG).toBe(9007199254740993n);
    expect(text.match(/"tx":9007199254740993\b/g)).toHaveLength(8);
    for (const name of ['running_time', 'last_spawn', 'avg_rt'])
      expect(text.match(new RegExp(`"${name}":18446744073709551615\\b`, 'g'))).toHaveLength(8);
    expect(decode(Buffer.from(text)).repaired).toBe(false);
  });

  it('reload resets the counters of the same master periodically', async () => {
    const server = await serve({ fault: 'reload', warm: true });
    const snapshots = [];
    for (let turn = 1; turn <= RELOAD_EVERY + 1; turn++) snapshots.push(await snapshotOf(server));
    const requests = snapshots.map(({ workers }) =>
      workers.reduce((total, worker) => total + (worker.requests ?? 0), 0),
    );
    const pids = new Set(snapshots.map(({ server: { pid } }) => pid));
    expect(pids.size).toBe(1);
    expect(requests[RELOAD_EVERY - 1]).toBe(0);
    for (const before of requests.slice(0, RELOAD_EVERY - 1)) expect(before).toBeGreaterThan(20_000);
    expect(requests[RELOAD_EVERY]).toBeLessThan(100);
    expect(snapshots[RELOAD_EVERY]?.workers[0]?.pid).not.toBe(snapshots[0]?.workers[0]?.pid);
  });
});
