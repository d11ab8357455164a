import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oldestRequest, requestsInFlight } from '../../src/rates/in-flight.ts';
import { longKind, matches } from '../../src/rates/long.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { AppSample } from '../../src/rates/sample.ts';
import { decode } from '../../src/stats/decode.ts';
import { costOf } from '../cost.ts';
import { foundAfter } from '../insights/looks.ts';
import { app, appBetween, core, NOW, worker } from './builders.ts';

describe('a request is long on purpose', () => {
  it.each([
    [['HTTP_UPGRADE=websocket'], 'websocket'],
    [['HTTP_UPGRADE=h2c, WebSocket'], 'websocket'],
    [['HTTP_ACCEPT=text/event-stream'], 'events'],
    [['HTTP_ACCEPT=application/json, Text/Event-Stream;q=0.9'], 'events'],
    [['REQUEST_URI=/events/7?last=3'], 'pattern'],
    [['REQUEST_URI=', 'PATH_INFO=/events/7'], 'pattern'],
    // The headers of the client take precedence over the patterns of the user.
    [['REQUEST_URI=/events/7', 'HTTP_ACCEPT=text/event-stream'], 'events'],
    [['HTTP_UPGRADE=websockets'], null],
    [['HTTP_ACCEPT=text/html, */*'], null],
    [['HTTP_ACCEPT=x/text/event-stream'], null],
    [['REQUEST_URI=/search?q=/events/7'], null],
    [['HTTP_REFERER=/events/7'], null],
    [[], null],
  ])('with %j: %s', (vars, kind) => {
    expect(longKind(vars, ['/events/*', '/ws'])).toBe(kind);
  });
});

describe('a pattern', () => {
  it.each([
    ['/ws', '/ws', true],
    ['/ws', '/ws/', false],
    ['/ws', '/wss', false],
    ['*', '', true],
    ['/events/*', '/events/', true],
    ['/events/*', '/events', false],
    ['*/stream', '/a/stream', true],
    ['/a*b*c', '/abc', true],
    ['/a*b*c', '/acb', false],
    // The two ends may not share characters.
    ['/aa*aa', '/aaa', false],
    ['/.*', '/x', false],
    ['/a**b', '/ab', true],
  ])('%s, for %s: %s', (pattern, text, matched) => {
    expect(matches(pattern, text)).toBe(matched);
  });

  it('matches like the equivalent regular expression', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 12 });
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 6 });
    fc.assert(
      fc.property(patterns, words, (pattern, text) => {
        const same = new RegExp(`^${pattern.split('*').join('.*')}$`, 's');
        expect(matches(pattern, text)).toBe(same.test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('with many stars takes a bounded time for a long text', async () => {
    const text = 'a'.repeat(65_000);
    // A regular expression takes years for this pattern.
    const pattern = `${'*a'.repeat(100)}*b`;
    expect(await costOf(() => expect(matches(pattern, text)).toBe(false))).toBeLessThan(1000);
  });
});

const captured = () => decode(readFileSync('fixtures/cases/websocket.json'));

function sampleAt(seconds: number, patterns: string[] = []): AppSample {
  const sample = sampleOf('x', { snapshot: captured(), time: NOW + seconds, clock: seconds }, null, patterns);
  if (sample.kind !== 'app') throw new Error('not an app server');
  return sample;
}

describe('a WebSocket that has been open for minutes', () => {
  const at = 1_795_861_995 + 300 - NOW;

  it('counts as a busy and long core, and not as the oldest request', () => {
    const sample = sampleAt(at);
    expect(sample.totals).toMatchObject({ coresBusy: 1, coresLong: 1, cores: 8 });
    expect(oldestRequest(sample)).toBeNull();
    expect(requestsInFlight(sample)).toMatchObject([{ age: 300, long: 'websocket', uri: '/ws' }]);
  });

  it('is not a finding', () => {
    const rules = foundAfter([{ seconds: at, snapshot: captured() }]).map(({ rule }) => rule);
    expect(rules).toEqual([]);
  });
});

describe('a request beside one that is long on purpose', () => {
  const events = core({
    inRequest: true,
    requestStart: NOW - 500,
    vars: ['REQUEST_URI=/feed', 'HTTP_ACCEPT=text/event-stream'],
  });
  const slow = core({ id: 1, inRequest: true, requestStart: NOW - 20, vars: ['REQUEST_URI=/slow'] });
  const snapshot = app([worker({ cores: [events, slow, core({ id: 2 })] })]);

  it('is the oldest one and the only finding', () => {
    expect(oldestRequest(appBetween(null, snapshot))?.uri).toBe('/slow');
    const [stuck] = foundAfter([{ seconds: 0, snapshot }]);
    expect(stuck).toMatchObject({ rule: 'stuck', text: 'request running for 20s on 1:1: /slow' });
  });

  it('does not count if its worker has ended', () => {
    const gone = app([worker({ pid: null, alive: false, cores: [events] })]);
    expect(appBetween(null, gone).totals.coresLong ?? 0).toBe(0);
  });

  it('has an unknown count if the cores are unknown', () => {
    expect(appBetween(null, app([worker({ cores: [] })])).totals.coresLong).toBeNull();
  });
});
