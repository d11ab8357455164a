import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SettingError, settingsOf, type Table } from '../../src/settings/settings.ts';
import { BINDINGS } from '../../src/views/bindings.ts';
import { VIEWS } from '../../src/views/views.ts';

/** The path and the reason of a rejected table. */
function refused(table: Table): { path: string; message: string } {
  try {
    settingsOf(table);
  } catch (error) {
    if (error instanceof SettingError) return { path: error.path.join('.'), message: error.message };
    throw error;
  }
  expect.fail('the table was accepted');
}

describe('a setting file', () => {
  it('may be empty', () => {
    expect(settingsOf({})).toEqual({});
    expect(settingsOf({ views: {}, keys: {}, thresholds: {} })).toEqual({
      views: {},
      keys: {},
      thresholds: {},
    });
  });

  it('sets every setting', () => {
    const file = {
      interval: 2.5,
      cores: 'tree',
      split: 'off',
      theme: 'light',
      tracebacker: '/run/app.tb',
      mask: ['tenant', 'account_id'],
      long: ['/events/*', '/ws'],
      thresholds: { 'long-request': 0.5, 'too-long-request': 7 },
      views: { workers: { columns: ['WID', 'rps'], sort: 'RPS:asc' }, vassals: { sort: 'vassal' } },
      keys: { quit: ['x', 'f10'], help: 'f2' },
    };
    expect(settingsOf(file)).toEqual({
      interval: 2.5,
      cores: 'tree',
      split: 'off',
      theme: 'light',
      tracebacker: '/run/app.tb',
      mask: ['tenant', 'account_id'],
      long: ['/events/*', '/ws'],
      thresholds: { longRequest: 0.5, tooLongRequest: 7 },
      views: {
        workers: { columns: ['id', 'rps'], sort: { column: 'rps', descending: false } },
        vassals: { sort: { column: 'vassal', descending: false } },
      },
      keys: { quit: ['x', 'f10'], help: ['f2'] },
    });
  });

  it('sets all columns of every view that has columns', () => {
    for (const { name, columns } of Object.values(VIEWS).flat()) {
      if (columns.length === 0) continue;
      const names = columns.map((column) => column.name);
      const views = { [name]: { columns: names.toReversed(), sort: names[0] } };
      expect(settingsOf({ views }).views?.[name]?.columns).toEqual(names.toReversed());
    }
  });

  it('sets the keys of every binding', () => {
    const keys = Object.fromEntries(BINDINGS.map(({ name, keys }) => [name, [...keys]]));
    expect(settingsOf({ keys }).keys).toEqual(keys);
  });
});

describe('a wrong setting is rejected with its path', () => {
  const REFUSED: readonly (readonly [Table, string, RegExp])[] = [
    [{ intervall: 1 }, 'intervall', /Unknown setting.*interval, cores/],
    [{ interval: 0 }, 'interval', /from 0\.1 to 3600/],
    [{ interval: 3601 }, 'interval', /from 0\.1 to 3600/],
    [{ interval: Number.NaN }, 'interval', /from 0\.1 to 3600/],
    [{ interval: Number.POSITIVE_INFINITY }, 'interval', /from 0\.1 to 3600/],
    [{ interval: [] }, 'interval', /^Expected one value, not a list or a table\.$/],
    [{ interval: true }, 'interval', /from 0\.1 to 3600/],
    [{ split: true }, 'split', /^Expected one of on, off\.$/],
    [{ paths: [''] }, 'paths', /^Expected a text that is not empty\.$/],
    [
      { findings: { queue: { warning: 0.5, critical: 0.2 } } },
      'findings.queue',
      /critical level \(0\.2\) must not be less than the warning level \(0\.5\)/,
    ],
    [{ cores: 'some' }, 'cores', /off, merged, tree/],
    [{ theme: 'Dark' }, 'theme', /dark, light, mono/],
    [{ theme: {} }, 'theme', /./],
    [{ tracebacker: '' }, 'tracebacker', /a text/],
    [{ tracebacker: ['/run/app.tb'] }, 'tracebacker', /a text/],
    [{ mask: ['a', ''] }, 'mask', /./],
    [{ mask: [1] }, 'mask', /a text/],
    [{ thresholds: { longRequest: 1 } }, 'thresholds.longRequest', /long-request, too-long-request/],
    [{ thresholds: { 'long-request': -1 } }, 'thresholds.long-request', /from 0 to/],
    [{ thresholds: 3 }, 'thresholds', /a table/],
    [{ long: ['/ws', 'events'] }, 'long', /paths that begin with \/ or \*/],
    [{ long: `/${'*'.repeat(256)}` }, 'long', /at most 256 characters/],
    [{ thresholds: { 'long-request': 20 } }, 'thresholds', /greater than too-long-request/],
    [{ views: [] }, 'views', /a table/],
    [{ views: { worker: {} } }, 'views.worker', /Unknown setting.*workers, requests/],
    [{ views: { charts: {} } }, 'views.charts', /Unknown setting/],
    [{ views: { workers: 'rps' } }, 'views.workers', /a table/],
    [{ views: { workers: { sort: 'vassal' } } }, 'views.workers.sort', /Unknown column 'vassal'.*rps/],
    [{ views: { workers: { sort: 'rps:up' } } }, 'views.workers.sort', /asc or desc/],
    [{ views: { workers: { columns: [] } } }, 'views.workers.columns', /^Expected names of columns/],
    [{ views: { workers: { columns: ['id', 3] } } }, 'views.workers.columns', /a text/],
    [{ views: { workers: { column: ['id'] } } }, 'views.workers.column', /columns, sort/],
    [{ keys: { exit: 'x' } }, 'keys.exit', /Unknown setting.*quit, help/],
    [{ keys: { quit: true } }, 'keys.quit', /a text/],
    [{ keys: { quit: 'C-' } }, 'keys.quit', /'C-' is not a key/],
    [{ keys: { quit: 'F5' } }, 'keys.quit', /'F5' is not a key/],
    [{ keys: { quit: ' ' } }, 'keys.quit', /' ' is not a key/],
    [{ keys: { quit: '\u001b' } }, 'keys.quit', /is not a key/],
    [{ keys: { up: 'x', down: ['y', 'x'] } }, 'keys.down', /x is already the key of up/],
    [{ keys: { help: 'C-c' } }, 'keys.help', /C-c is already the key of quit/],
    [JSON.parse('{"__proto__": 1}'), '__proto__', /Unknown setting/],
    [{ constructor: 1 }, 'constructor', /Unknown setting/],
    [{ views: { workers: { toString: 1 } } }, 'views.workers.toString', /Unknown setting/],
  ];

  it.each(REFUSED)('%j', (table, path, message) => {
    expect(refused(table)).toEqual({ path, message: expect.stringMatching(message) });
  });

  it('the key that always quits, in any other binding', () => {
    for (const { name } of BINDINGS) {
      if (name === 'quit') continue;
      expect(refused({ keys: { [name]: 'C-c' } })).toMatchObject({ path: `keys.${name}` });
    }
  });

  it('one key for two bindings in one context, but not in two contexts', () => {
    expect(settingsOf({ keys: { toggle: 'u', freeze: 'u' } }).keys).toMatchObject({
      freeze: ['u'],
    });
    expect(refused({ keys: { toggle: 'u', restore: 'u' } }).path).toBe('keys.restore');
    expect(settingsOf({ keys: { up: ['u', 'u'] } }).keys).toMatchObject({ up: ['u', 'u'] });
  });
});

it('any file is accepted, or rejected with a path that exists in it', () => {
  const keys = fc.constantFrom(
    'interval',
    'views',
    'workers',
    'sort',
    'columns',
    'keys',
    'quit',
    'mask',
    '__proto__',
  );
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(true, 1, 0n, '', 'id', new Date(0), []),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(fc.dictionary(keys, values, { maxKeys: 4 }), (table) => {
      try {
        settingsOf(table);
      } catch (error) {
        expect(error).toBeInstanceOf(SettingError);
        const { path } = error as SettingError;
        expect(path.length).toBeGreaterThan(0);
        let at: unknown = table;
        for (const key of path) {
          expect(Object.hasOwn(at as object, key)).toBe(true);
          at = (at as Record<string, unknown>)[key];
        }
      }
    }),
  );
});
