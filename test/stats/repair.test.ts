import { describe, expect, it } from 'vitest';
import { decode } from '../../src/stats/decode.ts';
import { repair } from '../../src/stats/repair.ts';
import { capture } from './captures.ts';

/** A small document of an app server. Tests change `cwd` and the fields after it. */
function server(cwd: string, rest = '"load":3'): string {
  return `{\n\t"version":"2.0.21",\n\t"cwd":"${cwd}",\n\t${rest},\n\t"workers":[\n\t\t{\n\t\t\t"id":1,\n\t\t\t"requests":7\n\t\t}\n\t]\n}`;
}

describe('a single defect', () => {
  it.each([
    ['a byte order mark', `\ufeff${server('/srv')}`],
    ['NULs around the document', `\0\0${server('/srv')}\0\n\0`],
    ['no opening brace', server('/srv').slice(1)],
    ['no opening brace and no line break', server('/srv').slice(3)],
    ['a comma before }', server('/srv').replace('"requests":7', '"requests":7,')],
    ['a comma before ]', server('/srv').replace('\t\t}\n\t]', '\t\t},\n\n\t]')],
    ['a comma before the end', server('/srv').replace(/\n}$/, ',\n}')],
  ])('is repaired: %s', (_what, text) => {
    const good = JSON.parse(server('/srv'));
    expect(repair(text)).toEqual(good);
    expect(decode(Buffer.from(text))).toMatchObject({
      kind: 'app',
      repaired: true,
      workers: [{ requests: 7 }],
    });
  });

  it.each([...'\0\x01\x07\b\t\n\f\r\x1b\x1f'])(
    'does not change a raw control character in a string: %j',
    (char) => {
      expect(repair(server(`/srv${char}x`))).toEqual({ ...JSON.parse(server('')), cwd: `/srv${char}x` });
    },
  );

  it('with pairs in a list makes each pair an object', () => {
    const text =
      '{"vassals":[{"id":"a.ini","attrs":[\n\t"owner":"ann","x y":"","n":3\n\t],"respawns":2}],"blacklist":[]}';
    expect(repair(text)).toEqual({
      vassals: [{ id: 'a.ini', attrs: [{ owner: 'ann' }, { 'x y': '' }, { n: 3 }], respawns: 2 }],
      blacklist: [],
    });
    expect(decode(Buffer.from(text))).toMatchObject({
      kind: 'emperor',
      repaired: true,
      vassals: [
        {
          attributes: [
            { name: 'owner', value: 'ann' },
            { name: 'x y', value: '' },
            { name: 'n', value: '3' },
          ],
          respawns: 2,
        },
      ],
    });
  });
});

/** Directories and names that uWSGI writes unescaped. */
const ODD_VALUES = ['/srv/a","b', '/srv/a": b', '","', '"} x'];
/** Texts for keys and lists, where fewer defects can be recognized. */
const ODD = [
  '/srv/my "app"',
  '"',
  '""',
  '"quoted"',
  '/srv/a" b',
  '/srv/{"a"}',
  '/srv/["a"]',
  '/srv/x\\',
  '/srv/x\\\\\\',
  '\\',
  'C:\\dir',
  '/srv/a "b"\\new\\bin',
  '/srv/a "b"\\',
  '/srv/a \\x "b"',
  '/srv/\\u12 "é"',
];

describe.each([...ODD, ...ODD_VALUES])('the unescaped text %j', (odd) => {
  it.each([
    ['cwd', `{"version":"2","cwd":"${odd}","pid":7}`, { version: '2', cwd: odd, pid: 7 }],
    ['cwd on several lines', `{\n\t"cwd":"${odd}",\n\t"pid":7\n}`, { cwd: odd, pid: 7 }],
    ['mountpoint', `{"a":[{"mountpoint":"${odd}","n":0}]}`, { a: [{ mountpoint: odd, n: 0 }] }],
    ['cache name', `{"a":[{"name":"${odd}","hash":"djb33x"}]}`, { a: [{ name: odd, hash: 'djb33x' }] }],
    ['the last value of the document', `{"pid":1,"cwd":"${odd}"}`, { pid: 1, cwd: odd }],
    [
      'the last value of an object',
      `{"a":[{"id":0,"chdir":"${odd}"}],"n":1}`,
      { a: [{ id: 0, chdir: odd }], n: 1 },
    ],
    [
      'the last value of an object on several lines',
      `{\n"a":[\n\t{\n\t\t"chdir":"${odd}"\n\t},\n\t{\n\t\t"chdir":"${odd}"\n\t}\n]\n}`,
      { a: [{ chdir: odd }, { chdir: odd }] },
    ],
    ['attribute', `{"attrs":["a":"${odd}","b":"${odd}"],"n":1}`, { attrs: [{ a: odd }, { b: odd }], n: 1 }],
  ])('is read as %s', (_place, text, meant) => {
    expect(repair(text)).toEqual(meant);
  });
});

describe.each(ODD)('the unescaped text %j', (odd) => {
  it.each([
    [
      'lock name',
      `{"a":[\n{\n"cache_${odd}":0\n},\n{\n"rpc":5\n}\n]}`,
      { a: [{ [`cache_${odd}`]: 0 }, { rpc: 5 }] },
    ],
    ['an element of a list', `{"emperor":["/a","${odd}","/b"],"n":1}`, { emperor: ['/a', odd, '/b'], n: 1 }],
    ['the last element of a list', `{"emperor":[\n"${odd}"\n],\n\t"n":1}`, { emperor: [odd], n: 1 }],
  ])('is read as %s', (_place, text, meant) => {
    expect(repair(text)).toEqual(meant);
  });
});

describe('several defects', () => {
  it('of a whole document are repaired', () => {
    const text = server(
      '/srv/my "app"\\',
      '"caches":[{"name":"a"b","blocks":4,}],"crons":[{"command":"curl -d {\\"a\\":{\\"b\\":1}} \x1b[2J"}]',
    );
    expect(repair(`\ufeff${text.slice(1)}\0`)).toEqual({
      version: '2.0.21',
      cwd: '/srv/my "app"\\',
      caches: [{ name: 'a"b', blocks: 4 }],
      crons: [{ command: 'curl -d {"a":{"b":1}} \x1b[2J' }],
      workers: [{ id: 1, requests: 7 }],
    });
  });

  it('of two captures are repaired: a hostile client and a directory with quotes', () => {
    const text = capture('hostile', 1).toString('latin1');
    const both = Buffer.from(text.replace('"/srv/app"', '"/srv/my "app"\\"').slice(1), 'latin1');
    const [plain, odd] = [decode(capture('hostile', 1)), decode(both)];
    expect(odd).toEqual({ ...plain, server: { ...plain.server, cwd: '/srv/my "app"\\' } });
  });

  it('are not confused with text that uWSGI escapes', () => {
    const nested = '{"a":{"b":"c"}}';
    const text = `{"cwd":"/my "app"","crons":[{"command":${JSON.stringify(nested)},"unique":0}],"cmd":${JSON.stringify(nested)}}`;
    expect(repair(text)).toEqual({ cwd: '/my "app"', crons: [{ command: nested, unique: 0 }], cmd: nested });
  });
});

describe('keys', () => {
  it('that occur twice have the last value, as in JSON', () => {
    expect(repair('{"a":1,"b":2,"a":3,}')).toEqual({ a: 3, b: 2 });
  });

  it('that objects inherit are ordinary keys', () => {
    const text = '{"__proto__":{"workers":[]},"constructor":1,"toString":{"__proto__":5},}';
    const document = repair(text);
    expect(Object.keys(document)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(document.workers).toBeUndefined();
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
    expect(repair('{"attrs":["__proto__":"x"]}')).toEqual({ attrs: [JSON.parse('{"__proto__":"x"}')] });
    expect(() => decode(Buffer.from(text))).toThrow('not from a uWSGI stats server');
    expect(({} as Record<string, unknown>).workers).toBeUndefined();
  });
});

describe('nesting', () => {
  const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)},}`;

  it('of ten times the depth of uWSGI is read', () => {
    expect(JSON.stringify(repair(nested(60)))).toBe(`{"a":${'['.repeat(60)}${']'.repeat(60)}}`);
  });

  it.each([200, 100_000])('of depth %i is refused without a crash', (depth) => {
    expect(() => repair(nested(depth))).toThrow(SyntaxError);
    expect(() => decode(Buffer.from(nested(depth)))).toThrow('nested too deep');
  });
});

describe('an error contains the position', () => {
  it.each([
    ['{"a":1 "b":2}', 'expected a comma or } at character 7'],
    ['{"a" 1}', 'cut off after 7 characters'],
    ['{"a":}', 'expected a value at character 5'],
    ['{"a":nope}', 'expected a value at character 5'],
    ['{1:2}', 'expected a name at character 1'],
    ['{"a":1,,"b":2}', 'expected a name at character 7'],
    ['{"a":[1 2]}', 'expected a comma or ] at character 8'],
    ['{"a":1}}', 'unexpected text after the document at character 7'],
    ['{"a":[1}', 'expected a comma or ] at character 7'],
    ['"a"', 'cut off'],
    ['hello', 'not a stats document: expected { at the beginning'],
    ['', 'cut off after 0 characters'],
  ])('%s', (text, message) => {
    expect(() => repair(text)).toThrow(SyntaxError);
    expect(() => repair(text)).toThrow(message);
  });
});

// Quadratic time would be minutes, so the test would time out.
describe('long input is read in time', () => {
  const blanks = ' '.repeat(200_000);

  it.each([
    ['blanks after a bracket', `{"workers":[],"cwd":"x"}${blanks}x`],
    ['blanks after a list', `{"workers":["\x01"]${blanks}x`],
    ['blanks and NULs', `{"workers":[],"cwd":"\x01"}${' \0'.repeat(100_000)}x`],
    ['quotes', `{"cwd":"\x01${'"'.repeat(200_000)}","workers":[]}x`],
    ['quotes and blanks', `{"cwd":"\x01${'" '.repeat(100_000)}","workers":[]}x`],
  ])('%s', (_what, text) => {
    expect(() => repair(text)).toThrow(SyntaxError);
  });
});
