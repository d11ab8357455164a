import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../src/targets/configuration/error.ts';
import { type ConfigurationText, statsServers } from '../../../src/targets/configuration/resolve.ts';
import type { Surroundings } from '../../../src/targets/configuration/surroundings.ts';
import { configuration, surroundings } from './fake.ts';

// test/e2e/uwsgi-configurations compares the addresses of all forms with a real uWSGI.

const ini = (...lines: string[]) => configuration(['[uwsgi]', ...lines].join('\n'));

/** The address, and the place of the option. */
function found(text: ConfigurationText, from: Surroundings = surroundings()) {
  return statsServers(text, from).map(({ part, option, place: { file, line }, address, folder }) => {
    const where =
      address.family === 'tcp' ? `${address.host}:${address.port}` : `${folder}|${Object.values(address)[1]}`;
    return [part, option, `${file}:${line}`, where];
  });
}

describe('the stats servers of a configuration', () => {
  it('are named with option, file and line, the app server first', () => {
    const text = ini('http-stats = :1718', 'include = base.ini', '', 'emperor-stats-server = /run/e.stats');
    const from = surroundings({ 'base.ini': '; comment\n[uwsgi]\nstats = app.stats\nchdir = run\n' });
    expect(found(text, from)).toEqual([
      ['app', 'stats', 'base.ini:3', 'run|app.stats'],
      ['emperor', 'emperor-stats-server', 'uwsgi.ini:5', '|/run/e.stats'],
      ['http', 'http-stats', 'uwsgi.ini:2', '127.0.0.1:1718'],
    ]);
  });

  it('of an emperor begin with its own, because the app server has no workers', () => {
    const parts = found(ini('stats = :1', 'emperor = /etc/uwsgi', 'emperor-stats = :2')).map(
      ([part]) => part,
    );
    expect(parts).toEqual(['emperor', 'app']);
  });

  it('of all routers are found', () => {
    const routers = ['fastrouter', 'forkptyrouter', 'http', 'rawrouter', 'sslrouter'];
    for (const end of ['stats', 'stats-server']) {
      const parts = found(ini(...routers.map((name, at) => `${name}-${end} = :${at + 1}`))).map(
        ([part]) => part,
      );
      expect([...parts].sort()).toEqual(routers);
    }
  });

  it('can be in the environment, unless the file sets another', () => {
    const from = surroundings({}, { environment: { UWSGI_STATS: ':1717', UWSGI_RELOADS: '1' } });
    expect(found(ini('master = true'), from)).toEqual([['app', 'stats', 'UWSGI_STATS:0', '127.0.0.1:1717']]);
    expect(found(ini('stats = :1718'), from)).toEqual([['app', 'stats', 'uwsgi.ini:2', '127.0.0.1:1718']]);
  });

  it.each([
    ['0.0.0.0:1717', '127.0.0.1:1717'],
    ['[::]:1717', '::1:1717'],
    ['[::1]:1717', '::1:1717'],
    ['web1:1717 ; the port', 'web1:1717'],
    ['@app', '|app'],
    ['\\0app', '|app'],
  ])('%s is %s', (value, address) => {
    expect(found(ini(`stats = ${value}`))[0]?.[3]).toBe(address);
  });

  it('use abstract sockets with abstract-socket', () => {
    const [server] = statsServers(ini('stats = /run/a', 'abstract-socket = true'), surroundings());
    expect(server?.address).toEqual({ family: 'abstract', name: '/run/a' });
  });

  it('after `else` are those of the other case', () => {
    const text = ini('if-env = STAGE', 'stats = :1', 'else =', 'stats = :2', 'endif =');
    expect(found(text)[0]?.[3]).toBe('127.0.0.1:2');
    const from = surroundings({}, { environment: { STAGE: 'live' } });
    expect(found(text, from)[0]?.[3]).toBe('127.0.0.1:1');
  });
});

describe('an error names the line or the variable', () => {
  const CASES: readonly (readonly [string, ConfigurationText, string])[] = [
    [
      'no stats',
      ini('master = true'),
      'uwsgi.ini: it has no `stats`. Add `stats = /run/app.stats` to [uwsgi], or give the address',
    ],
    [
      'no stats in a section',
      configuration('[live]\nmaster = true', { section: 'live' }),
      'uwsgi.ini: it has no `stats` in section live. Add `stats = /run/app.stats` to [live]',
    ],
    ['an emperor', ini('emperor = /etc'), 'it has no `emperor-stats`. Add `emperor-stats = /run/app.stats`'],
    [
      'YAML',
      configuration('uwsgi:\n  master: true', { name: 'uwsgi.yml', format: 'yaml' }),
      'uwsgi.yml: it has no `stats`. Add `stats: /run/app.stats` below `uwsgi:`',
    ],
    [
      'JSON',
      configuration('{"uwsgi": {}}', { format: 'json' }),
      'Add `"stats": "/run/app.stats"` to "uwsgi"',
    ],
    ['XML', configuration('<uwsgi/>', { format: 'xml' }), 'Add `<stats>/run/app.stats</stats>` to <uwsgi>'],
    [
      'a variable',
      ini('', 'stats = :$(PORT)'),
      'uwsgi.ini:3: $(PORT) is not set. Set it, or give the address',
    ],
    ['an option', ini('stats = /run/%(name).stats'), 'uwsgi.ini:2: %(name) is not set'],
    ['a variable in chdir', ini('stats = a', 'chdir = $(HOME)'), 'uwsgi.ini:3: $(HOME) is not set'],
    ['a missing file', ini('stats = :@(port.txt)'), 'uwsgi.ini:2: cannot read @(port.txt). Give the address'],
    [
      'a command',
      ini('stats = :@(exec://echo 1717)'),
      'uwsgi.ini:2: statstop does not run or load @(exec://echo 1717). Give the address',
    ],
    ['the time of the start', ini('stats = /run/%t.stats'), 'uwsgi.ini:2: only the running server knows %t'],
    [
      'a plugin',
      ini('if-plugin = python', 'stats = :1', 'endif ='),
      'uwsgi.ini:3: `stats` depends on `if-plugin`, which only the running server knows',
    ],
    ['no port', ini('stats = localhost:'), 'uwsgi.ini:2: `stats = localhost:` is not an address'],
    [
      'a comment that is part of the address',
      ini('stats = /run/a ; or :1717'),
      'is not an address. Use a path or host:port. uWSGI takes the whole line as the value, so a comment needs its own',
    ],
    ['no value', ini('stats ='), 'uwsgi.ini:2: `stats = ` is not an address'],
    [
      'a missing include',
      ini('include = base.ini'),
      'uwsgi.ini:2: cannot read base.ini: there is no such file or folder',
    ],
    [
      'an include of a URL',
      ini('ini = http://web1/a.ini'),
      'uwsgi.ini:2: statstop does not load http://web1/a.ini',
    ],
    ['an include of another kind', ini('include = a.lua'), 'uwsgi.ini:2: uWSGI cannot load a.lua'],
    [
      'a condition in a condition',
      ini('if-not-env = A', 'if-env = B'),
      'does not accept `if-env` within `if-not-env`',
    ],
    [
      'a placeholder with itself',
      ini('name = x%(name)', 'stats = %(name)'),
      'uwsgi.ini:2: %(name) contains itself',
    ],
    ['two of them', ini('a = %(b)', 'b = /%(a)', 'stats = %(a)'), 'contains itself'],
    [
      'invalid JSON',
      configuration('{"uwsgi": {', { format: 'json' }),
      'cannot read it as JSON: it is not valid JSON',
    ],
    ['invalid XML', configuration('<uwsgi>', { format: 'xml' }), 'uwsgi.ini: cannot read it as XML: '],
    [
      'a shell',
      ini(`stats = :\${PORT}`),
      'uwsgi.ini:2: `stats` is filled in by a shell. Give the file that it makes',
    ],
    [
      'ERB',
      ini('stats = <%= @stats %>'),
      'uwsgi.ini:2: `stats` is filled in by ERB. Give the file that it makes',
    ],
    ['Jinja', ini('stats = {{ stats }}'), 'uwsgi.ini:2: `stats` is filled in by Jinja'],
    [
      'Jinja elsewhere',
      ini('{% include "stats.ini" %}'),
      'uwsgi.ini: no `stats` found, and Jinja fills in parts of this file',
    ],
  ];

  it.each(CASES)('%s', (_what, text, message) => {
    expect(() => statsServers(text, surroundings())).toThrow(ConfigurationError);
    expect(() => statsServers(text, surroundings())).toThrow(message);
  });

  it('but not values that do not matter', () => {
    const text = ini(
      'listen = $(BACKLOG)',
      'spare = @(exec://date)',
      'logo = {{ a }}',
      'name = %t',
      'stats = :1717',
    );
    expect(found(text)).toEqual([['app', 'stats', 'uwsgi.ini:6', '127.0.0.1:1717']]);
  });
});

describe('only what the address needs is read', () => {
  it('opens no file of another option', () => {
    const read: string[] = [];
    const from = surroundings({ port: '1717\n', other: '' });
    const text = ini('listen = @(other)', 'port = @(port)', 'stats = :%(port)');
    const reading = {
      ...from,
      read(path: string) {
        read.push(path);
        return from.read(path);
      },
    };
    expect(found(text, reading)[0]?.[3]).toBe('127.0.0.1:1717');
    expect(read).toEqual(['port']);
  });

  it('ends for files that load each other, and for loops', () => {
    const files = { 'uwsgi.ini': '[uwsgi]\ninclude = uwsgi.ini\n' };
    expect(() => statsServers(ini('include = uwsgi.ini'), surroundings(files))).toThrow(
      'uwsgi.ini:2: more than 20 files load each other',
    );
    const wide = { 'wide.ini': `[uwsgi]\n${'a = b\n'.repeat(100)}` };
    const times = ini('for-times = 999999999', 'include = wide.ini', 'endfor =');
    expect(() => statsServers(times, surroundings(wide))).toThrow('sets more than 5000 options');
  });
});
