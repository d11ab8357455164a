import { afterEach, describe, expect, it, vi } from 'vitest';
import { initialView } from '../../src/commands/initial-view.ts';
import * as parse from '../../src/commands/options.ts';
import type { Answer } from '../../src/sources/answer.ts';
import { NotStatsError, TruncatedError } from '../../src/sources/errors.ts';
import { snapshotOf } from '../../src/sources/snapshot.ts';
import { NO_MASK } from '../../src/text/secrets.ts';
import { ASCII, UNICODE } from '../../src/views/glyphs.ts';
import { VIEWS } from '../../src/views/views.ts';
import { capture } from '../stats/captures.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a number', () => {
  const number = parse.number(0.1, 3600);

  it.each([
    ['1', 1],
    ['0.1', 0.1],
    ['.5', 0.5],
    ['3600', 3600],
    [' 2 ', 2],
    ['1e2', 100],
  ])('%j is accepted', (text, value) => {
    expect(number(text)).toBe(value);
  });

  it.each(['', ' ', 'x', '1s', '1,5', '0.09', '3600.1', '-1', 'NaN', 'Infinity', '0'])(
    '%j is rejected',
    (text) => {
      expect(() => number(text)).toThrow('a number from 0.1 to 3600');
    },
  );

  it('of seconds between reads may be 0, which means one read', () => {
    expect(parse.interval('0')).toBe(0);
    expect(parse.interval('0.0')).toBe(0);
    expect(parse.interval('0.1')).toBe(0.1);
    for (const text of ['', ' ', '0.05', 'x', '-0.1'])
      expect(() => parse.interval(text)).toThrow('from 0.1 to 3600');
  });
});

describe('a column', () => {
  it('is accepted by name and by title, in any case', () => {
    for (const { columns } of Object.values(VIEWS).flat()) {
      for (const { name, title } of columns) {
        for (const text of [name, name.toUpperCase(), ` ${name} `])
          expect(parse.columns(text)).toEqual([name]);
        expect(parse.columns(title.toLowerCase())).toHaveLength(1);
      }
    }
    expect(parse.columns('wid, REQ,harakiris')).toEqual(['id', 'requests', 'harakiris']);
  });

  it('that does not exist causes an error with all column names', () => {
    for (const text of ['bogus', 'id,', 'id,,rps'])
      expect(() => parse.columns(text)).toThrow('Unknown column');
    expect(() => parse.columns('')).toThrow('Expected names of columns, as in id,rps.');
    for (const [{ columns }] of Object.values(VIEWS))
      for (const { name } of columns) expect(() => parse.sort('bogus')).toThrow(name);
  });
});

describe('an order', () => {
  it('is the default of the column or the given one', () => {
    expect(parse.sort('rps')).toEqual({ column: 'rps', descending: true });
    expect(parse.sort('id')).toEqual({ column: 'id', descending: false });
    expect(parse.sort('WID:desc')).toEqual({ column: 'id', descending: true });
    expect(parse.sort('rps:asc')).toEqual({ column: 'rps', descending: false });
  });

  it.each(['rps:', 'rps:up', 'rps:asc:desc', 'rps:ASC'])('cannot be %j', (text) => {
    expect(() => parse.sort(text)).toThrow('asc or desc');
  });
});

describe('the initial view', () => {
  const options = {
    interval: 2,
    timeout: 4,
    cores: 'tree' as const,
    color: true,
    theme: 'dark' as const,
    settings: {},
    settingPath: null,
  };

  it('has the given options', () => {
    expect(initialView({ ...options, columns: ['id'], showSecrets: true })).toMatchObject({
      interval: 2,
      cores: 'tree',
      sort: null,
      columns: ['id'],
      mask: NO_MASK,
      frozenAt: null,
      help: null,
    });
  });

  it('masks secrets, also those with a given name', () => {
    const masked = initialView({ ...options, mask: parse.names('tenant, account_id') }).mask;
    expect(masked.text('/?token=a&x_tenant=b&ACCOUNT-ID=c&page=d')).toBe(
      '/?token=***&x_tenant=***&ACCOUNT-ID=***&page=d',
    );
    expect(initialView(options).mask.text('/?token=a&x_tenant=b')).toBe('/?token=***&x_tenant=b');
    for (const text of ['', ',', 'a,,b', ' ', 'a b', 'a=b', "a'"])
      expect(() => parse.names(text)).toThrow('Expected names');
  });

  it('has the paths of intentionally long requests', () => {
    expect(parse.long('/ws, /events/*')).toEqual(['/ws', '/events/*']);
    for (const text of ['', ',', '/ws,', 'ws', `/${'a'.repeat(256)}`])
      expect(() => parse.long(text)).toThrow('Expected paths');
    expect(initialView({ ...options, long: ['/ws'] }).long).toEqual(['/ws']);
  });

  it('uses characters beyond ASCII if the locale has them, unless --ascii is given', () => {
    vi.stubEnv('LC_ALL', 'C.UTF-8');
    expect(initialView(options).glyphs).toBe(UNICODE);
    expect(initialView({ ...options, ascii: true }).glyphs).toBe(ASCII);
    vi.stubEnv('LC_ALL', 'C');
    expect(initialView(options).glyphs).toBe(ASCII);
  });
});

describe('the snapshot of an answer', () => {
  const answer = (document: Buffer): Answer => ({
    document,
    bytes: document,
    time: 0,
    clock: 0,
    clockError: 0,
    origin: 'server',
    protocol: 'raw',
  });

  it('is the decoded document', () => {
    expect(snapshotOf('x', answer(capture('threads', 1))).kind).toBe('app');
  });

  it('fails for truncated and for other documents, with different errors', () => {
    const whole = capture('threads', 1);
    expect(() => snapshotOf('x', answer(whole.subarray(0, 900)))).toThrow(TruncatedError);
    expect(() => snapshotOf('x', answer(Buffer.from('{"a":1}')))).toThrow(NotStatsError);
    const http: Answer = { ...answer(Buffer.from('<html>')), protocol: 'http' };
    expect(() => snapshotOf('x', http)).toThrow("application's socket");
  });
});
