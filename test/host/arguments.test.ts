import { describe, expect, it } from 'vitest';
import {
  configurationNames,
  isEmperor,
  nameOf,
  roleOf,
  settingsIn,
  settingsOf,
} from '../../src/host/arguments.ts';

const words = (line: string) => line.split(' ');

describe('options of a command line', () => {
  it.each([
    ['--stats /run/a.stats', [['stats', '/run/a.stats']]],
    ['--stats=/run/a=b', [['stats', '/run/a=b']]],
    [
      '-stats :1717 --master',
      [
        ['stats', ':1717'],
        ['master', ''],
      ],
    ],
    ['--master app.ini', [['master', 'app.ini']]],
    ['app.ini', []],
    ['-- -', []],
  ])('%s', (line, expected) => {
    expect(settingsOf(words(line)).map(({ name, value }) => [name, value])).toEqual(expected);
  });
});

describe('names of configuration files', () => {
  it.each([
    ['--ini a.ini --yaml=/b.yml -x c.xml', ['a.ini', '/b.yml', 'c.xml']],
    ['app.ini', ['app.ini']],
    ['/etc/shop.ini:production', ['/etc/shop.ini']],
    ['--master app.json', []],
    ['--wsgi-file app.py --socket x.ini', []],
    ['--ini emperor://a.ini --ini - --ini', []],
    ['--ini a.ini --ini a.ini', ['a.ini']],
  ])('%s', (line, expected) => {
    expect(configurationNames(words(line))).toEqual(expected);
  });
});

describe('settings in a configuration', () => {
  it.each([
    ['ini', '[uwsgi]\nmaster = true\n# stats = /no\nstats = /run/%n.stats\n'],
    ['yaml', 'uwsgi:\n  master: true\n  stats: /run/%n.stats\n'],
    ['a quoted yaml', "uwsgi:\n  - stats: '/run/%n.stats'\n"],
    ['json', '{"uwsgi": {\n  "master": true,\n  "stats": "/run/%n.stats"\n}}'],
    ['xml', '<uwsgi>\n  <master/>\n  <stats>/run/%n.stats</stats>\n</uwsgi>'],
  ])('%s', (_, text) => {
    const stats = settingsIn(text).filter((each) => roleOf(each) !== null);
    expect(stats).toEqual([{ name: 'stats', value: '/run/%n.stats' }]);
  });
});

it('knows the options that make a stats socket', () => {
  const role = (name: string) => roleOf({ name, value: '' });
  expect(['stats', 'stats-server'].map(role)).toEqual(['app', 'app']);
  expect(['http-ss', 'rawrouter-stats', 'sslrouter-stats-server'].map(role)).toEqual(Array(3).fill('router'));
  expect(role('emperor-stats')).toBe('emperor');
  expect(role('zerg-server')).toBe('zerg');
  expect(['stats-http', 'stats-push', 'socket', 'emperor'].map(role)).toEqual(Array(4).fill(null));
  expect(isEmperor(settingsOf(words('--emperor vassals')))).toBe(true);
  expect(isEmperor(settingsOf(words('--emperor-stats x')))).toBe(false);
});

describe('the name of a server', () => {
  it.each([
    [['/etc/default.ini', '/etc/apps/shop.ini'], ['uwsgi'], '/run/x.stats', 'shop'],
    [['/srv/shop/uwsgi.ini'], ['uwsgi'], null, 'shop'],
    [['/uwsgi.ini'], ['uwsgi'], null, 'uwsgi'],
    [[], ['shop-uWSGI master'], '/run/x.stats', 'shop'],
    [[], ['uWSGI master'], '/run/x.stats', 'x'],
    [[], ['shopmaster'], '/run/x.stats', 'shopmaster'],
    [[], ['uwsgi', '--stats', '@shop'], '@shop@', 'shop'],
    [[], ['uwsgi', '--stats', ':1717'], '0.0.0.0:1717', '0.0.0.0:1717'],
    [[], ['/usr/bin/uwsgi'], null, 'uwsgi'],
    [[], [], null, 'uwsgi'],
  ])('%j %j %s: %s', (files, command, socket, expected) => {
    expect(nameOf(files, command, socket)).toBe(expected);
  });
});
