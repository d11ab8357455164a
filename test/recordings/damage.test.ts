import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TreeDecoder } from '../../src/recordings/decode.ts';
import { TreeEncoder } from '../../src/recordings/encode.ts';
import { RecordingError } from '../../src/recordings/error.ts';
import { frame, MAGIC } from '../../src/recordings/frames.ts';
import { packedHeader, packedJson } from '../../src/recordings/header.ts';
import { Player } from '../../src/recordings/player.ts';
import { eventsOf, opened, recordedFile, trafficEvents } from './files.ts';
import { documentEvent, recordAll } from './recorded.ts';

const EVENTS = trafficEvents(35);
const TIMES = EVENTS.map(({ time }) => time);
const HEADER = {
  version: 'test',
  run: 'one',
  interval: 1,
  options: {},
  servers: [{ id: 1, target: 'app', name: 'app', node: 'web1' }],
};

/** What reading throws; `undefined` if it works. Only a `RecordingError` may be thrown. */
function failureOf(bytes: Uint8Array): string | undefined {
  try {
    return eventsOf(opened(bytes)).problems[0]?.why;
  } catch (error) {
    if (error instanceof RecordingError) return error.message;
    throw error;
  }
}

describe('a file that ends anywhere', () => {
  it('can be read up to the last complete reading', () => {
    const file = recordedFile(EVENTS, false);
    expect(eventsOf(opened(file)).events.map(({ time }) => time)).toEqual(TIMES);
    const ends = opened(file).blocks.map(({ end }) => end);
    expect(ends.length).toBeGreaterThan(2);
    let last = 0;
    const cut = (size: number) => {
      if (size < (ends[0] ?? 0)) return;
      const { events, problems } = eventsOf(opened(file.subarray(0, size)));
      expect(problems).toEqual([]);
      expect(events.map(({ time }) => time)).toEqual(TIMES.slice(0, events.length));
      // All blocks that are complete.
      expect(events.length).toBeGreaterThanOrEqual(ends.filter((end) => end <= size).length * 10 - 10);
      last = Math.max(last, events.length);
    };
    fc.assert(fc.property(fc.integer({ min: 0, max: file.length - 1 }), cut), { numRuns: 25 });
    cut(file.length - 1);
    expect(last).toBe(TIMES.length - 1);
  });

  it('can be read with and without its index', () => {
    const closed = recordedFile(EVENTS);
    const open = recordedFile(EVENTS, false);
    expect(closed.subarray(0, open.length)).toEqual(open);
    const blocksOf = (bytes: Buffer) => opened(bytes).blocks.map(({ file: _, ...block }) => block);
    const [found, expected] = [blocksOf(closed), blocksOf(open)];
    // Only a closed file has the digest of its last block.
    expect(found.at(-1)?.end).toBeGreaterThan(open.length);
    expect(found.map((block) => ({ ...block, end: Math.min(block.end, open.length) }))).toEqual(expected);
  });
});

describe('a damaged byte', () => {
  it('of a time does not move a reading out of its block', () => {
    const file = recordedFile(EVENTS);
    const [block] = opened(file).blocks;
    const time = Buffer.alloc(8);
    time.writeDoubleLE(TIMES[2] ?? Number.NaN);
    const at = file.indexOf(time);
    expect(at).toBeGreaterThan(block?.at ?? Number.NaN);
    file.writeDoubleLE((TIMES[2] ?? 0) + 8, at);
    const { events, problems } = eventsOf(opened(file));
    expect(problems.map(({ why }) => why)).toEqual(['a time is damaged']);
    expect(events.map(({ time }) => time)).toEqual([...TIMES.slice(0, 2), ...TIMES.slice(10)]);
  });

  it('costs at most its block', () => {
    const file = recordedFile(EVENTS);
    const blocks = opened(file).blocks;
    fc.assert(
      fc.property(
        fc.integer({ min: MAGIC.length, max: file.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, by) => {
          const bytes = Buffer.from(file);
          bytes[at] = (bytes[at] ?? 0) ^ by;
          const { events } = eventsOf(opened(bytes));
          const damaged = blocks.find((block) => at >= block.at && at < block.end);
          const isElsewhere = (time: number) =>
            damaged === undefined || time < damaged.time || time > damaged.until;
          const times = events.map(({ time }) => time);
          expect(times.filter(isElsewhere)).toEqual(TIMES.filter(isElsewhere));
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('a hostile file', () => {
  const block = (...frames: Uint8Array[]) =>
    Buffer.concat([MAGIC, frame('block', 0, 1, packedHeader(HEADER)), ...frames]);
  const document = (raw: Uint8Array) => block(frame('document', 1, 2, deflateSync(raw)));

  it('is refused with a reason', () => {
    const tree = (value: unknown) => document(new TreeEncoder().encode(value));
    const read = { origin: 'server', time: 1, clock: 1, clockError: 0, repaired: false, host: null };
    expect(failureOf(tree({ ...read, document: { workers: [] } }))).toBeUndefined();
    const cases: Readonly<Record<string, Uint8Array>> = {
      'no recording': Buffer.from('{"workers":[]}'),
      'a newer format': Buffer.from('statstop recording 2\n'),
      'nothing but its name': MAGIC,
      'no header': Buffer.concat([MAGIC, frame('block', 0, 1, packedJson([1]))]),
      'no compressed data': block(frame('document', 1, 2, Buffer.from('x'))),
      'an unknown server': block(frame('document', 7, 2, deflateSync(Buffer.alloc(1)))),
      'another form': tree([1, 2]),
      'no document': tree(read),
      'a document of another program': tree({ ...read, document: { a: 1 } }),
      'a host of the wrong form': tree({ ...read, host: { clock: 'now' }, document: { workers: [] } }),
      'a failure of the wrong form': block(frame('failure', 1, 2, packedJson({ time: 1 }))),
      'a very long list': document(Buffer.from([0, 2, 0, 1, 1, 5, 5, 0xfe, 0xff, 0xff, 0xff, 0x0f])),
      'very much data': block(frame('document', 1, 2, deflateSync(Buffer.alloc(129 * 2 ** 20)))),
    };
    for (const [name, bytes] of Object.entries(cases)) expect(failureOf(bytes), name).toMatch(/^\w.{10,}/);
  });

  it('can be replayed if a checkpoint is damaged: the observation then begins with the last document', () => {
    const tree = (document: object) => {
      const read = { origin: 'server', time: 1, clock: 1, clockError: 0, repaired: false, host: null };
      return deflateSync(new TreeEncoder().encode({ ...read, document }));
    };
    const past = frame('past', 1, 1, tree({ workers: [] }));
    const next = frame('failure', 1, 2, packedJson({ time: 2, retryAt: 3, why: 'why', advice: '' }));
    for (const content of [Buffer.from('x'), deflateSync(Buffer.from([255]))]) {
      const recording = opened(block(past, frame('checkpoint', 1, 1, content), next));
      expect(new Player(recording).fleet.servers.get('app')?.sample?.kind).toBe('app');
    }
    const damaged = block(frame('past', 1, 1, tree({ a: 1 })), next);
    expect(new Player(opened(damaged)).nextTime).toBeNull();
  });

  it('of any bytes throws only a RecordingError', () => {
    const decode = (bytes: Uint8Array) => {
      try {
        new TreeDecoder().decode(Buffer.from(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(RecordingError);
      }
    };
    const valid = new TreeEncoder().encode({ a: [1, 'x', { b: null, vars: ['A=1', 'B=2'] }], c: 1.5 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), decode));
    fc.assert(
      fc.property(fc.nat(valid.length - 1), fc.nat(255), (at, value) => decode(valid.with(at, value))),
    );
  });
});

describe('a document that exceeds a limit of the format', () => {
  it.each([
    ['depth', { nested: JSON.parse(`${'['.repeat(150)}${']'.repeat(150)}`) }],
    ['names', { names: Array.from({ length: 25_000 }, (_, at) => ({ [`n${at}`]: 1 })) }],
  ])('is recorded as a failed read: %s', (_, extra) => {
    const [first, second, third] = trafficEvents(3);
    if (!first || !second || !third) throw new Error('there are three events');
    const document = { ...JSON.parse(Buffer.from(second.document).toString()), ...extra };
    const hostile = documentEvent(Buffer.from(JSON.stringify(document)), 1);
    const past = recordAll(new Map([['app', [first, hostile, third]]]));
    const kinds = [...past.items(0)].flatMap((item) => (item.kind === 'event' ? item.event.kind : []));
    expect(kinds).toEqual(['document', 'failure', 'document']);
  });
});

describe('a tree', () => {
  it('of any JSON is the same after writing and reading', () => {
    const encoder = new TreeEncoder();
    const decoder = new TreeDecoder();
    const json = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(json, (value) => {
        expect(decoder.decode(Buffer.from(encoder.encode(value)))).toEqual(value);
      }),
    );
    const odd = {
      vars: ['A=1', '=', 'B'],
      __proto__: null,
      text: '\udc80\ud800x',
      numbers: [Number.NaN, -0, 2 ** 60, 0.1, 1e-9],
    };
    expect(decoder.decode(Buffer.from(encoder.encode(odd)))).toEqual({ ...odd });
    for (const alike of [{}, { '': null }, { 'a\0b': 1 }, { a: 1, b: 2 }, [{}], [[]]])
      expect(decoder.decode(Buffer.from(encoder.encode(alike)))).toEqual(alike);
    const named = JSON.parse('{"__proto__":{"x":1},"constructor":2}');
    const again = decoder.decode(Buffer.from(encoder.encode(named))) as object;
    expect(Object.keys(again)).toEqual(['__proto__', 'constructor']);
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});
