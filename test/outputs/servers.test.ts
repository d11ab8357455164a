import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { Server } from '../../src/host/server.ts';
import { noteOf, serversJson, serversText } from '../../src/outputs/servers.ts';
import { createMask } from '../../src/text/secrets.ts';
import { server } from './found-servers.ts';

const NONE = { sockets: [] } as const;
const unreachable = (name: string, why: 'network' | 'path' | 'shared'): Partial<Server> => ({
  sockets: [{ name, inode: '7', target: null, why }],
});

describe('the table of servers', () => {
  it('has one line per server, with its target', () => {
    const all = [
      server(),
      server({ name: 'b', pid: 7, user: { id: 33, name: null }, kind: null, ...NONE, missing: 'none' }),
    ];
    expect(serversText(all, createMask()).split('\n')).toEqual([
      'NAME  PID  USER  KIND  STATS            NOTE',
      'shop   40  root  app   /run/shop.stats',
      'b       7  33    -     -                add to its configuration: stats = /run/b.stats',
      '',
    ]);
  });

  it('has no column for notes without a note', () => {
    expect(serversText([server()], createMask())).toMatch(/^NAME +PID +USER +KIND +STATS\n/);
  });

  it('is only the heading without servers', () => {
    expect(serversText([], createMask())).toBe('NAME  PID  USER  KIND  STATS\n');
  });
});

describe('the note of a server', () => {
  it.each<[string | null, Partial<Server>]>([
    [null, {}],
    ['add to its configuration: stats = /run/shop.stats', { ...NONE, missing: 'none' }],
    [
      'add to its configuration: emperor-stats = /run/shop.stats',
      { ...NONE, missing: 'none', kind: 'emperor' },
    ],
    ['add to its configuration: stats = /run/a..bc.stats', { ...NONE, missing: 'none', name: 'a/../b\nc' }],
    ['add to its configuration: stats = /run/uwsgi.stats', { ...NONE, missing: 'none', name: '$()' }],
    ['no permission: sudo statstop servers', { ...NONE, missing: 'permission', name: '; reboot' }],
    ['stats socket not certain: give the address of its option stats', { ...NONE, missing: 'unclear' }],
    [
      'in another network namespace: nsenter -t 40 -n statstop 127.0.0.1:1717',
      unreachable('127.0.0.1:1717', 'network'),
    ],
    ['in another network namespace: nsenter -t 40 -n statstop :1717', unreachable('0.0.0.0:1717', 'network')],
    [
      "in another network namespace: nsenter -t 40 -n statstop '@a'\\''; b'",
      unreachable("@a'; b@", 'network'),
    ],
    ['no socket at /run/a: its file was removed or replaced', unreachable('/run/a', 'path')],
    ['another process listens at :1717, too', unreachable(':1717', 'shared')],
  ])('%s', (expected, changes) => {
    expect(noteOf(server(changes))).toBe(expected);
  });
});

const SCHEMA = JSON.parse(
  readFileSync(new URL('../../schema/statstop.servers-1.json', import.meta.url), 'utf8'),
);
const validate = new Ajv2020({ strict: true, strictTypes: false, formats: { 'date-time': true } }).compile(
  SCHEMA,
);

it.each<[string, Partial<Server>]>([
  ['a server', {}],
  [
    'a server without stats',
    { ...NONE, missing: 'none', kind: null, vassalOf: 3, partOf: 4, isElsewhere: null },
  ],
  ['a server that is elsewhere', { ...unreachable(':1', 'network'), isElsewhere: true, ownPid: 1 }],
])('the JSON of %s conforms to its schema, which allows nothing else', (_, changes) => {
  const document = JSON.parse(serversJson([server(changes)], createMask()));
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  for (const parent of [document, document.servers[0], document.servers[0].user]) {
    for (const name of Object.keys(parent)) {
      const { [name]: taken } = parent;
      delete parent[name];
      expect([name, validate(document)]).toEqual([name, false]);
      parent[name] = taken;
    }
    parent.unheardOf = 1;
    expect(validate(document)).toBe(false);
    delete parent.unheardOf;
  }
});

it('the JSON has no secret of a command line', () => {
  const found = server({
    command: ['uwsgi', '--set-ph', 'x', '--cache-password', 'kX9vQ2mT7wZ4pL8sB3nR6yHd'],
  });
  expect(serversJson([found], createMask())).not.toContain('kX9vQ2mT7wZ4pL8sB3nR6yHd');
});
