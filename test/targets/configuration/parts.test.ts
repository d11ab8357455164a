import { describe, expect, it } from 'vitest';
import { jsonEntries } from '../../../src/targets/configuration/json.ts';
import { generalMagic, substituted } from '../../../src/targets/configuration/magic.ts';
import { calculated, replaced } from '../../../src/targets/configuration/placeholders.ts';
import { recognized } from '../../../src/targets/configuration/recognize.ts';
import { xmlEntries } from '../../../src/targets/configuration/xml.ts';
import { yamlEntries } from '../../../src/targets/configuration/yaml.ts';
import { capture, NAMES } from '../../stats/captures.ts';
import { surroundings } from './fake.ts';

describe('placeholders', () => {
  const known: Readonly<Record<string, string>> = { a: '1', b: 'x$(a)', empty: '', c1: 'inner' };
  const lookUp = (name: string) => known[name] ?? null;

  it.each([
    ['$(a)', '1'],
    ['/$(b)/', '/x1/'],
    ['$(no)-$(a)', '$(no)-1'],
    ['-$(c$(a))', '-inner'],
    ['$$(a) $a $() $(a', '$1 $a $() $(a'],
    // uWSGI continues at the second character.
    ['$(empty)$(a)', '$(a)'],
    ['-$(empty)$(a)', '-1'],
  ])('%s is %s', (text, value) => {
    expect(replaced(text, '$', lookUp)).toBe(value);
  });

  it.each([
    ['a', '1'],
    ['no', null],
    ['a a', '11'],
    ['2 * 1024', '2048'],
    ['a + 5 ++', '7'],
    ['5 - a --', '3'],
    ['7 / 2', '3'],
    ['7 / 0', '0'],
    ['no + 1', '1'],
    ['9223372036854775807 + 1', '-9223372036854775808'],
  ])('%%(%s) is %s', (text, value) => {
    expect(calculated(text, (key) => known[key])).toBe(value);
  });
});

it('variables of a file keep the numbers of its lines', () => {
  const magic = new Map([...generalMagic(surroundings()), ['n', 'two\nlines']]);
  const lines = substituted('a%h\nb%%%(c)%z\n%n\nd%\ne\nf', magic);
  expect(lines).toEqual([
    { text: 'aweb1', number: 1 },
    { text: 'b%%(c)', number: 2 },
    { text: 'two', number: 3 },
    { text: 'lines', number: 3 },
    { text: 'de', number: 4 },
    { text: 'f', number: 6 },
  ]);
});

const linesOf = (text: string) => text.split('\n').map((each, at) => ({ text: each, number: at + 1 }));
const pairs = (entries: readonly { key: string; value: string; line: number }[]) =>
  entries.map(({ key, value, line }) => `${line} ${key}=${value}`);

it('YAML: comments, quotation marks and lists', () => {
  const text = [
    'other: {stats: no}',
    "'uwsgi': # the server",
    '  a: 1 # one',
    '  b: "x # y" # two',
    "  c: 'it''s'",
    '  d: a#b',
    '  # stats: no',
    '  e: [1, "2, 3"]',
    '  f:',
    '  - g',
    '    - "h"',
    '  a: again',
    'stats: no',
  ].join('\n');
  expect(pairs(yamlEntries(linesOf(text), 'uwsgi'))).toEqual([
    '3 a=1',
    '4 b=x # y',
    "5 c=it's",
    '6 d=a#b',
    '8 e=1',
    '8 e=2, 3',
    '10 f=g',
    '11 f=h',
    '12 a=again',
  ]);
});

it('JSON: repeated keys, lists and comments, in order', () => {
  const text =
    '{"x": {"a": 1},\n"uwsgi": {"a": true, // {\n"b": ["\\u0041", 2], "a": null, "c": {"a": 3}, "d": [[4]]}}';
  expect(pairs(jsonEntries(text, 'uwsgi'))).toEqual(['2 a=1', '3 b=A', '3 b=2', '3 a=0']);
  for (const wrong of ['{"uwsgi": {]}', '{"uwsgi": {"a": }}', '{"uwsgi": {"a": "\u0001"}}', '{"a"; 1}', ''])
    expect(() => jsonEntries(wrong, 'uwsgi')).toThrow('JSON');
});

it('XML: children of the element, by their id', () => {
  const text =
    '<a>\n<uwsgi id="one"><s>1</s></uwsgi>\n<uwsgi id="two">\n<m/><s id="one">2</s><s>&lt;3</s></uwsgi></a>';
  expect(pairs(xmlEntries(text, 'two'))).toEqual(['4 m=1', '4 s=<3']);
  expect(pairs(xmlEntries(text, null))).toEqual(['2 s=1']);
  expect(xmlEntries('<a/>', null)).toEqual([]);
});

describe('a file is recognized', () => {
  it.each([
    ['a.ini', '[uwsgi]\nmaster = true', 'ini'],
    ['a.conf', '; comment\n[uwsgi]\n', 'ini'],
    ['a.ini', '[app:main]\nuse = egg:shop', 'ini'],
    ['a.yml', 'uwsgi:\n  master: true', 'yaml'],
    ['a', 'version: 1\nuwsgi:\n  master: true', 'yaml'],
    ['a.xml', '<uwsgi><master/></uwsgi>', 'xml'],
    ['a.conf', '<servers><uwsgi id="a"/></servers>', 'xml'],
    ['a.json', '{"other": {}, "uwsgi": {"master": true}}', 'json'],
    ['a.conf', '{"uwsgi": {}}', 'json'],
  ])('%s with %j as %s', (name, text, format) => {
    expect(recognized(name, text)).toEqual({ kind: 'configuration', format });
  });

  it.each(['4711', '4711\n', ' 4711\r\n'])('with %j as a pid file', (text) => {
    expect(recognized('app.pid', text)).toEqual({ kind: 'pid', pid: 4711 });
    expect(recognized('app.ini', text)).toEqual({ kind: 'pid', pid: 4711 });
  });

  it('but not documents of servers, whatever their name', () => {
    const keys = '{"version":"2.0.21","workers":[{"vars":["Q=\\"uwsgi\\": {"]}]}';
    for (const name of ['a.json', 'a.stats', 'a.ini', 'a']) {
      for (const captured of NAMES)
        expect([captured, recognized(name, capture(captured, 2).toString())]).toEqual([captured, null]);
      expect(recognized(name, keys)).toBeNull();
    }
    for (const text of ['', 'hello', '{}', '[]', '12345678901', '-1'])
      expect(recognized('a', text)).toBeNull();
  });
});
