import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { fleetObservation } from '../../src/monitor/fleet.ts';
import { isObserved, type Observed } from '../../src/monitor/observation.ts';
import { checkJson } from '../../src/outputs/check.ts';
import { sampleJson } from '../../src/outputs/json.ts';
import { sampleText } from '../../src/outputs/text.ts';
import { createMask } from '../../src/text/secrets.ts';
import { HAPPENINGS, observedAfter } from '../monitor/happenings.ts';
import { NOW } from '../rates/builders.ts';
import { captured, fleetOf } from '../views/fleets.ts';
import { VIEW } from '../views/samples.ts';

function happened(): Observed {
  const observation = observedAfter(HAPPENINGS);
  if (!isObserved(observation)) throw new Error('no document');
  return observation;
}

const known = happened();
const MASK = createMask();
const TEXT = { ...VIEW, mask: MASK, width: null };

/** @param file the schema of the document */
function faultsOf(file: string, document: unknown): unknown[] {
  const schema = JSON.parse(readFileSync(new URL(`../../schema/${file}`, import.meta.url), 'utf8'));
  const validate = new Ajv2020({
    strict: true,
    strictTypes: false,
    formats: { 'date-time': true },
  }).compile(schema);
  validate(document);
  return validate.errors ?? [];
}

describe.each([
  ['--json', 'statstop.sample-1.json', sampleJson],
  ['check --json', 'statstop.check-1.json', checkJson],
] as const)('%s', (_, file, write) => {
  const document = JSON.parse(write(known, MASK));

  it('has the events, with times in ISO 8601 and masked secrets', () => {
    expect(document.events).toHaveLength(known.events.length);
    expect(document.events[0]).toEqual({
      id: 1,
      time: new Date((NOW + 2) * 1000).toISOString(),
      kind: 'harakiri',
      text: expect.stringMatching(/GET \/report\?token=\*\*\* for 30s on core 0$/),
      about: { view: 'workers', row: '1' },
    });
    const until = document.events.map((event: { until?: unknown }) => event.until);
    expect(until).toContain(null);
    expect(until).toContain(new Date((NOW + 9) * 1000).toISOString());
  });

  it('conforms to the schema, which allows no other fields', () => {
    expect(faultsOf(file, document)).toEqual([]);
    for (const name of ['id', 'time', 'kind', 'text', 'about']) {
      const [{ [name]: _, ...first }, ...others] = document.events;
      expect(faultsOf(file, { ...document, events: [first, ...others] })).not.toEqual([]);
    }
    const [first, ...others] = document.events;
    expect(faultsOf(file, { ...document, events: [{ ...first, x: 1 }, ...others] })).not.toEqual([]);
  });
});

describe('--once', () => {
  const KINDS = /^(harakiri|ended|restored|restart|respawn|reload): /;

  it('has the events that the findings do not show, below the findings', () => {
    const lines = sampleText(known, TEXT).trim().split('\n');
    expect(lines.slice(-4)).toEqual([
      'harakiri: worker 1 (pid 201) was killed; last seen: GET /report?token=*** for 30s on core 0',
      expect.stringMatching(/^ended: after 31s; at worst: request running for 30s/),
      'restored: after 7s without data',
      'restart: new master: pid 100 → 300; 1 worker',
    ]);
    expect(lines.at(-5)).toMatch(/^(warning|critical): /);
  });

  it('names the server of a fleet', () => {
    const fleet = fleetObservation(fleetOf({ ...known, target: '/run/shop' }));
    expect(sampleText(fleet, TEXT)).toContain('\nrestored: shop: after 7s without data\n');
  });

  it('has those of the last reading of a recording, and the time in the first line', () => {
    const fleet = fleetObservation(fleetOf({ ...known, target: '/run/shop' }, captured('threads')));
    for (const [observed, of] of [
      [known, ''],
      [fleet, 'shop: '],
    ] as const) {
      const lines = sampleText(observed, { ...TEXT, recorded: true })
        .trim()
        .split('\n');
      expect(lines[0]).toMatch(/ at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}/);
      expect(lines.filter((line) => KINDS.test(line))).toEqual([
        expect.stringMatching(new RegExp(`^restored: ${of}after 7s`)),
        expect.stringMatching(new RegExp(`^restart: ${of}new master`)),
      ]);
    }
  });

  it('has them in a table, too', () => {
    const text = sampleText(known, { ...TEXT, tab: 'events', columns: ['kind', 'lasted'] });
    expect(text).toMatch(/\nlost +6s\n/);
    expect(text).not.toMatch(/^harakiri: /m);
    expect(sampleText(known, { ...TEXT, tab: 'events' })).toMatch(
      / EVENT\n(.*\n)*.* restart .* new master: pid 100/,
    );
  });
});
