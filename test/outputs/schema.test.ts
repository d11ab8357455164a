import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { sampleJson } from '../../src/outputs/json.ts';
import { sampleOf } from '../../src/rates/rates.ts';
import type { Sample } from '../../src/rates/sample.ts';
import { createMask, NO_MASK } from '../../src/text/secrets.ts';
import { observed } from '../monitor/observing.ts';
import {
  app,
  appBetween,
  between,
  core,
  hostReading,
  processReading,
  reading,
  socket,
  worker,
} from '../rates/builders.ts';
import { EMPEROR, node, router, subscription } from '../rates/routers.ts';
import { NAMES } from '../stats/captures.ts';
import { vassal } from '../views/rows.ts';
import { firstSample, secondSample } from '../views/samples.ts';

const SCHEMA = JSON.parse(
  readFileSync(new URL('../../schema/statstop.sample-1.json', import.meta.url), 'utf8'),
);
// The format of times is checked by their pattern.
const validate = new Ajv2020({ strict: true, strictTypes: false, formats: { 'date-time': true } }).compile(
  SCHEMA,
);

/** The errors of the schema for a document. */
function faultsOf(document: unknown): string[] {
  validate(document);
  return (validate.errors ?? []).map(
    ({ instancePath, message }: ErrorObject) => `${instancePath} ${message}`,
  );
}

const printed = (sample: Sample, mask = createMask()) => JSON.parse(sampleJson(observed(sample), mask));

/** Servers with parts that no capture has. */
const MADE_UP: readonly (readonly [string, Sample])[] = [
  [
    'a server with unknown values',
    appBetween(
      null,
      app(
        [worker({ pid: null, requests: null, tx: null, cores: [core({ requests: null, inRequest: true })] })],
        {
          server: { version: null, pid: null, uid: null, gid: null, cwd: null },
        },
      ),
    ),
  ],
  [
    'a server on this host',
    sampleOf(
      'test',
      {
        ...reading(
          app([worker({ rss: 4096 })], { sockets: [socket({ name: '/a', queue: 1, maxQueue: 100 })] }),
        ),
        host: hostReading([processReading({ voluntarySwitches: 1, involuntarySwitches: 2, files: 3 })], {
          queues: new Map([['/a', { queue: 1, limit: 100 }]]),
        }),
      },
      null,
    ),
  ],
  [
    'a server on this host with some unknown values',
    sampleOf(
      'test',
      {
        ...reading(app([worker({ pid: null }), worker({ pid: 102 })])),
        host: hostReading([processReading(), processReading({ pid: 102, cpu: null })]),
      },
      null,
    ),
  ],
  [
    'a server on this host with a daemon and other children',
    sampleOf(
      'test',
      {
        ...reading(app([worker()], { daemons: [{ command: 'redis', pid: 7, respawns: null }] })),
        host: hostReading([], {
          children: new Map([
            [8, { ...processReading({ pid: 8 }), command: 'uWSGI mule 1' }],
            [9, { ...processReading({ pid: 9 }), command: null }],
          ]),
        }),
      },
      null,
    ),
  ],
  ['a server without workers', appBetween(null, app([]))],
  [
    'a server with times that are out of range',
    appBetween(
      null,
      app([worker({ lastSpawn: 9e18, cores: [core({ inRequest: true, requestStart: 9e18 })] })]),
    ),
  ],
  [
    'a reset',
    appBetween(
      app([worker({ requests: 10 })]),
      app([worker({ requests: 3, cores: [core({ requests: 3 })] })]),
    ),
  ],
  [
    'an emperor with attributes',
    between(null, { ...EMPEROR, vassals: [vassal({ attributes: [{ name: 'a', value: 'b' }] })] }),
  ],
  [
    'a router with nodes of both kinds',
    between(
      router({ subscriptions: [subscription('a', 1, [node('1')])] }),
      router({
        subscriptions: [subscription('a', 2, [node('1', { requests: 5000, lastCheck: 1_795_335_000 })])],
        staticNodes: [{ name: '2', hits: 1, failedAt: 1_795_335_000 }],
      }),
    ),
  ],
];

describe.each(NAMES)('--json of the captured server %s', (name) => {
  it('conforms to the schema, in a first and in a second sample, masked and unmasked', () => {
    for (const sample of [firstSample(name), secondSample(name)]) {
      for (const mask of [createMask(), NO_MASK]) expect(faultsOf(printed(sample, mask))).toEqual([]);
    }
  });
});

it.each(MADE_UP)('--json of %s conforms to the schema', (_what, sample) => {
  expect(faultsOf(printed(sample))).toEqual([]);
});

describe('the schema', () => {
  const documents = [
    ...NAMES.map((name) => printed(secondSample(name))),
    ...MADE_UP.map(([, sample]) => printed(sample)),
  ];

  it('requires every property except the lists that a server may not have', () => {
    const free = new Set<string>();
    for (const document of documents) {
      everywhere(document, (parent, name) => {
        const { [name]: taken } = parent;
        delete parent[name];
        if (faultsOf(document).length === 0) free.add(name);
        parent[name] = taken;
      });
    }
    const lists = [
      'caches',
      'children',
      'crons',
      'daemons',
      'legions',
      'locks',
      'metrics',
      'sockets',
      'spoolers',
    ];
    expect(lists).toEqual(expect.arrayContaining([...free]));
  });

  it('allows no other property', () => {
    const free = new Set<string>();
    for (const document of documents) {
      everywhere(document, (parent, name) => {
        parent.unheardOf = 1;
        if (faultsOf(document).length === 0) free.add(name);
        delete parent.unheardOf;
      });
    }
    expect([...free]).toEqual([]);
  });

  it('restricts the type of every value', () => {
    const free = new Set<string>();
    for (const document of documents) {
      everywhere(document, (parent, name) => {
        const { [name]: taken } = parent;
        parent[name] = typeof taken === 'object' && taken !== null ? 1 : { other: [] };
        if (faultsOf(document).length === 0) free.add(name);
        parent[name] = taken;
      });
    }
    expect([...free]).toEqual([]);
  });

  it('describes every value', () => {
    const silent: string[] = [];
    everywhere(SCHEMA.$defs, (parent, name) => {
      const { [name]: part } = parent;
      if (name === 'properties') {
        for (const [property, value] of Object.entries(part as Record<string, { description?: string }>))
          if (!value.description) silent.push(property);
      }
    });
    expect(silent).toEqual([]);
  });
});

type Parent = Record<string, unknown>;

/** Visits every property of every object, at any depth; of a list, only the first two entries. */
function everywhere(value: unknown, visit: (parent: Parent, name: string) => void): void {
  if (Array.isArray(value)) for (const each of value.slice(0, 2)) everywhere(each, visit);
  else if (typeof value === 'object' && value !== null) {
    for (const name of Object.keys(value)) {
      visit(value as Parent, name);
      everywhere((value as Parent)[name], visit);
    }
  }
}
