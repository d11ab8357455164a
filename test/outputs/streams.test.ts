import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { fleetObservation } from '../../src/monitor/fleet.ts';
import { nothingObserved, type Observation } from '../../src/monitor/observation.ts';
import { LINE, type LineOptions, lineHeading } from '../../src/outputs/line.ts';
import { NDJSON } from '../../src/outputs/ndjson.ts';
import { createMask } from '../../src/text/secrets.ts';
import { observed } from '../monitor/observing.ts';
import { app, appBetween, between, NOW, worker } from '../rates/builders.ts';
import { EMPEROR, router } from '../rates/routers.ts';
import { fleetOf } from '../views/fleets.ts';

const mask = createMask();
const busy = observed(appBetween(app([worker()]), app([worker({ requests: 30, exceptions: 2 })])));
const lost: Observation = {
  ...nothingObserved('/run/lost'),
  connection: {
    state: 'lost',
    since: null,
    why: 'connection refused',
    advice: 'Start it.',
    retryAt: NOW + 5,
  },
};

/** A validator of a schema. Its formats of times are checked by their patterns. */
function validator(name: string) {
  const schema = JSON.parse(readFileSync(new URL(`../../schema/${name}.json`, import.meta.url), 'utf8'));
  return new Ajv2020({ strict: true, strictTypes: false, formats: { 'date-time': true } }).compile(schema);
}

describe('--stream ndjson', () => {
  const lines = (servers: readonly Observation[], missed?: number) =>
    NDJSON.write(fleetObservation(fleetOf(...servers)), { mask, missed })
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));

  it.each([
    ['app server', busy],
    ['emperor', observed(between(null, EMPEROR))],
    ['router', observed(between(null, router({})))],
  ])('is a document for each reading of an %s, with name and missed readings', (_, server) => {
    const validate = validator('statstop.sample-1');
    const [document] = lines([{ ...server, target: '/run/shop' }], 3);
    expect(document).toMatchObject({ schema: 'statstop.sample/1', name: 'shop', missed: 3 });
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('is a document of its own for a server that cannot be read', () => {
    const validate = validator('statstop.lost-1');
    const [first, after] = lines([lost, { ...busy, target: '/run/after', connection: lost.connection }]);
    expect(first).toMatchObject({ schema: 'statstop.lost/1', name: 'lost', error: 'connection refused' });
    expect(first.retryAt).toBe(new Date((NOW + 5) * 1000).toISOString());
    expect(after).toMatchObject({ schema: 'statstop.lost/1', name: 'after' });
    for (const document of [first, after]) {
      validate(document);
      expect(validate.errors ?? []).toEqual([]);
    }
  });
});

describe('--line', () => {
  const lines = (servers: readonly Observation[], options: Partial<LineOptions> = {}) =>
    LINE.write(fleetObservation(fleetOf(...servers)), { mask, width: null, ...options })
      .split('\n')
      .slice(0, -1);
  const cellsOf = (line: string | undefined) => line?.split(/ +/);

  it('has a cell for each column of the heading, with the events of the interval', () => {
    const options = { mask, width: null, serverWidth: null };
    const titles = cellsOf(lineHeading(options).trim()) ?? [];
    const [line] = lines([busy], options);
    const cells = Object.fromEntries((cellsOf(line) ?? []).map((cell, at) => [titles[at], cell]));
    expect(cells).toMatchObject({ BUSY: '0/1', CORES: '0/1', EXC: '2', HC: '0', RSS: '64.0M', CPU: '-' });
    expect(Object.keys(cells)).toEqual(titles);
  });

  it('has a column for the server, and words for a server without workers or document', () => {
    const [emperor, gone] = lines([{ ...observed(between(null, EMPEROR)), target: '/run/emperor' }, lost], {
      missed: 2,
    });
    expect(emperor).toMatch(/^\S+ emperor +\d+ vassals? {2}\(2 readings missed\)$/);
    expect(gone).toMatch(/^\S+ lost +lost: connection refused/);
    expect(emperor?.indexOf('vassal')).toBeLessThan(emperor?.indexOf('(2') ?? 0);
  });

  it('fits into the terminal', () => {
    for (const line of lines([busy, lost], { width: 40 })) expect(line.length).toBeLessThanOrEqual(40);
  });
});
