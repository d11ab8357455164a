import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fleetObservation } from '../../../src/monitor/fleet.ts';
import { nothingObserved, type Observation } from '../../../src/monitor/observation.ts';
import type { ExporterState } from '../../../src/outputs/prometheus/exporter-metrics.ts';
import { exposition, type Format, MOST_ROWS } from '../../../src/outputs/prometheus/exposition.ts';
import { METRICS } from '../../../src/outputs/prometheus/table.ts';
import { type Raised, raisedAfter } from '../../../src/serve/raised.ts';
import type { AppSnapshot, EmperorSnapshot, Snapshot } from '../../../src/stats/snapshot.ts';
import { createMask } from '../../../src/text/secrets.ts';
import { observing } from '../../monitor/observing.ts';
import { app, core, hostReading, NEVER_RAN, processReading, socket, worker } from '../../rates/builders.ts';
import { captured, fleetOf } from '../../views/fleets.ts';
import { parsed } from './parse.ts';
import { SHARED } from './shared.ts';

const mask = createMask();
const FORMATS: readonly Format[] = ['text', 'openmetrics'];

const EXPORTER: ExporterState = {
  version: '1.2.3',
  started: 1_795_335_000,
  scrapes: 3,
  scrapeErrors: 1,
  answered: 2,
  seconds: 0.25,
  cpuTime: 1.5,
  memory: 1e8,
};

/** The exposition of these servers, as text and as families by name. */
function exposed(servers: readonly Observation[], format: Format = 'text', given = {}) {
  const options = { mask, format, collectCores: true, ...given };
  const text = exposition(fleetObservation(fleetOf(...servers)), options);
  return { text, families: parsed(text, format) };
}

function serverOf(
  snapshot: Snapshot,
  given: Partial<Parameters<typeof observing>[1][0]> = {},
  target = '/run/a',
) {
  return observing(target, [{ snapshot, time: 1_795_335_000, clock: 50, ...given }]);
}

/** The values of a metric by its labels other than `stats_uri`. */
function valuesOf({ families }: ReturnType<typeof exposed>, name: string) {
  return (families.get(name)?.samples ?? []).map(({ labels: { stats_uri: _, ...labels }, value }) => [
    Object.values(labels).join(' '),
    value,
  ]);
}

describe('the metrics of uwsgi_exporter', () => {
  it.each(SHARED)('$name is a $type with its labels', ({ name, type, labels }) => {
    expect(METRICS.find((metric) => metric.name === name)).toMatchObject({ type, labels, isShared: true });
  });

  it('are marked, and no others', () => {
    const marked = METRICS.filter(({ isShared }) => isShared).map(({ name }) => name);
    expect(marked.sort()).toEqual(SHARED.map(({ name }) => name).sort());
  });
});

describe('the table', () => {
  it('has names with units, and each name once', () => {
    const names = METRICS.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    for (const { name, unit, type, isShared } of METRICS) {
      expect(name).toMatch(/^(uwsgi|process)(_[a-z]+)+$/);
      if (unit !== null) expect(name).toMatch(new RegExp(`_${unit}(_total)?$`));
      if (!isShared) expect([name, type === 'counter']).toEqual([name, name.endsWith('_total')]);
    }
  });

  it('has a sentence about each metric', () => {
    for (const { help } of METRICS) expect(help).toMatch(/^(uWSGI|[A-Z]).*\.$/);
  });
});

describe.each(FORMATS)('the format %s', (format) => {
  it('is valid for all captures, and has each family once', () => {
    const names = [
      'full',
      'emperor',
      'http-router',
      'http-router-to',
      'many',
      'mounts',
      'odd-cwd',
      'hostile',
    ];
    const { families } = exposed(
      names.map((name) => captured(name)),
      format,
      { exporter: EXPORTER },
    );
    const known = new Set(METRICS.map(({ name }) => name));
    const written = [...families.values()].flatMap(({ samples, type }) =>
      samples.map(({ name }) => (type === 'summary' ? name.replace(/_(sum|count)$/, '') : name)),
    );
    expect(written.filter((name) => !known.has(name))).toEqual([]);
    expect(families.size).toBeGreaterThan(60);
  });

  it('is valid, whatever the texts of a document are', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({
        unit: fc.constantFrom('"', '\\', '\n', '{', '}', ',', '=', '#', ' ', '\udc80', '\ud800', 'a'),
      }),
      fc.constantFrom('', 'le', '# EOF', 'a"} 1\nuwsgi_up 0', '\\', '\\n'),
    );
    const names = fc.array(text, { maxLength: 4 });
    fc.assert(
      fc.property(names, names, text, text, (some, others, target, version) => {
        const snapshot: AppSnapshot = {
          ...app([worker({ apps: others.map((chdir, id) => appOf(id % 2, some[id] ?? '', chdir)) })]),
          server: { version, pid: 1, uid: 0, gid: 0, cwd: '/' },
          sockets: [...some, ...others].map((name) => socket({ name, proto: others[0] ?? null })),
          caches: some.map(cacheOf),
          metrics: others.map((name) => ({ name, type: 'gauge', oid: null, value: 1 })),
        };
        const servers = [target, `${target}"`, `${target}\n`].map((name) => serverOf(snapshot, {}, name));
        const { families } = exposed(servers, format, { exporter: EXPORTER });
        // Servers whose targets look the same after cleaning remain distinct.
        const uris = (families.get('uwsgi_target_up')?.samples ?? []).map(({ labels }) => labels.stats_uri);
        expect(new Set(uris).size).toBe(new Set(servers.map((each) => each.target)).size);
        const values = [...families.values()].flatMap(({ samples }) =>
          samples.flatMap(({ labels }) => Object.values(labels)),
        );
        expect(Math.max(...values.map(({ length }) => length))).toBeLessThan(1000);
      }),
      { numRuns: 30 },
    );
  });
});

const appOf = (id: number, mountpoint: string, chdir: string) => ({
  id,
  modifier1: 0,
  mountpoint,
  startupTime: 1,
  requests: 2,
  exceptions: 0,
  chdir,
});

const cacheOf = (name: string) => ({
  name,
  hash: null,
  hashSize: null,
  keySize: null,
  maxItems: 20,
  blocks: null,
  blockSize: null,
  items: 3,
  hits: 5,
  misses: null,
  full: 0,
  lastModified: null,
});

describe('an unknown value', () => {
  it('is absent, and 0 is written', () => {
    const result = exposed([serverOf(app([worker({ rss: null, vsz: null, averageResponseTime: null })]))]);
    expect(valuesOf(result, 'uwsgi_worker_rss_bytes')).toEqual([]);
    expect(valuesOf(result, 'uwsgi_worker_average_response_time_seconds')).toEqual([]);
    expect(valuesOf(result, 'uwsgi_listen_queue_length')).toEqual([]);
    expect(valuesOf(result, 'uwsgi_worker_exceptions_total')).toEqual([['1', 0]]);
  });

  it('is that of cores and of what depends on them, if the server does not list cores', () => {
    const result = exposed([serverOf(app([worker({ cores: [] })]))]);
    for (const name of [
      'uwsgi_cores',
      'uwsgi_requests_in_flight',
      'uwsgi_timed_requests_total',
      'uwsgi_worker_cores',
    ])
      expect(result.families.has(name)).toBe(false);
  });

  it('has a value of the kernel instead, where it has one', () => {
    const snapshot = app([worker({ rss: null, vsz: null })], {
      sockets: [socket({ name: '/run/app.sock', proto: 'uwsgi' })],
    });
    const host = hostReading([processReading({ rss: 4096, vsz: 8192, cpuTime: 7 })], {
      queues: new Map([['/run/app.sock', { queue: 3, limit: 100 }]]),
      listenOverflows: 12,
    });
    const result = exposed([serverOf(snapshot, { host })]);
    expect(valuesOf(result, 'uwsgi_worker_rss_bytes')).toEqual([['1', 4096]]);
    expect(valuesOf(result, 'uwsgi_worker_cpu_seconds_total')).toEqual([['1', 7]]);
    expect(valuesOf(result, 'uwsgi_socket_queue_length')).toEqual([['/run/app.sock uwsgi', 3]]);
    expect(valuesOf(result, 'uwsgi_listen_queue_length')).toEqual([['', 3]]);
    expect(valuesOf(result, 'uwsgi_network_refused_connections_total')).toEqual([['', 12]]);
  });
});

describe('rows', () => {
  it('are left out for workers that never ran', () => {
    const result = exposed([serverOf(app([worker(), NEVER_RAN, NEVER_RAN]))]);
    expect(valuesOf(result, 'uwsgi_worker_requests_total')).toEqual([['1', 10]]);
    expect(valuesOf(result, 'uwsgi_workers')).toEqual([['', 3]]);
  });

  it('of sockets of one name and protocol are one', () => {
    const two = [socket({ queue: 1, maxQueue: 100 }), socket({ queue: 2, maxQueue: 100 })];
    const result = exposed([serverOf(app([worker()], { sockets: two }))]);
    expect(valuesOf(result, 'uwsgi_socket_queue_length')).toEqual([[':80 http', 1]]);
    expect(valuesOf(result, 'uwsgi_exporter_omitted_rows')).toEqual([['', 1]]);
  });

  it('of cores are written only on request', () => {
    const server = serverOf(app([worker({ cores: [core(), core({ id: 1 })] })]));
    expect(valuesOf(exposed([server]), 'uwsgi_worker_core_requests_total')).toHaveLength(2);
    const { families } = exposed([server], 'text', { collectCores: false });
    expect([...families.keys()].filter((name) => name.startsWith('uwsgi_worker_core_'))).toEqual([]);
  });

  it('are limited, and the number of the others is written', () => {
    const caches = Array.from({ length: MOST_ROWS + 7 }, (_, at) => cacheOf(`cache ${at}`));
    const result = exposed([serverOf(app([worker()], { caches }))]);
    expect(valuesOf(result, 'uwsgi_cache_items')).toHaveLength(MOST_ROWS);
    expect(valuesOf(result, 'uwsgi_exporter_omitted_rows')).toEqual([['', 7]]);
  });
});

const failed: Observation = {
  ...serverOf(app([worker()]), {}, '/run/lost'),
  connection: { state: 'lost', since: 1, why: 'connection refused', advice: 'Start it.', retryAt: 2 },
};

describe('a server that cannot be read', () => {
  it('is down, and its other values are absent', () => {
    const result = exposed([serverOf(app([worker()])), failed]);
    expect(result.families.get('uwsgi_target_up')?.samples).toEqual([
      { name: 'uwsgi_target_up', labels: { stats_uri: '/run/a' }, value: 1 },
      { name: 'uwsgi_target_up', labels: { stats_uri: '/run/lost' }, value: 0 },
    ]);
    expect(valuesOf(result, 'uwsgi_up')).toEqual([['', 0]]);
    expect(valuesOf(result, 'uwsgi_exporter_last_scrape_error')).toEqual([['', 1]]);
    expect(valuesOf(result, 'uwsgi_workers')).toEqual([['', 1]]);
    expect(valuesOf(result, 'uwsgi_servers')).toContainEqual(['lost', 1]);
    const findings = result.families.get('uwsgi_finding')?.samples ?? [];
    expect(findings.filter(({ labels }) => labels.stats_uri === '/run/lost')).toEqual([
      {
        name: 'uwsgi_finding',
        labels: { stats_uri: '/run/lost', rule: 'connection', severity: 'critical' },
        value: 1,
      },
    ]);
  });

  it('has its reason in a comment of the text format', () => {
    expect(exposed([failed]).text).toMatch(/^# not read: \/run\/lost: connection refused\. Start it\.\n/);
  });

  it('is neither up nor down before the first read', () => {
    const result = exposed([serverOf(app([worker()])), nothingObserved('/run/new')]);
    expect(valuesOf(result, 'uwsgi_target_up')).toEqual([['', 1]]);
    expect(valuesOf(result, 'uwsgi_up')).toEqual([]);
  });

  it('makes the whole not up if it is the only one that was left', () => {
    const none = exposition(fleetObservation(fleetOf()), { mask });
    expect(parsed(none, 'text').get('uwsgi_up')?.samples).toEqual([
      { name: 'uwsgi_up', labels: {}, value: 0 },
    ]);
  });
});

describe('a finding', () => {
  it('is counted by rule and severity, and is 0 without one', () => {
    const stuck = core({ inRequest: true, requestStart: 1_795_334_900 });
    const result = exposed([serverOf(app([worker({ status: 'busy', cores: [stuck] })]))]);
    const values = new Map(valuesOf(result, 'uwsgi_finding') as [string, number][]);
    expect(values.get('stuck critical')).toBe(1);
    expect(values.get('stuck warning')).toBe(0);
    expect(values.get('connection critical')).toBe(0);
    expect(values.get('memory-report hint')).toBe(0);
  });
});

describe('findings that have begun', () => {
  const target = '/run/a';
  const of = (given: Partial<Observation>) => ({ ...serverOf(app([worker()])), ...given });
  const finding = (severity: 'warning' | 'critical', subject = '') => ({
    ...{ rule: 'cache-full', subject, severity, since: 1, text: '', advice: '', about: null },
  });
  const one = of({ findings: [finding('warning')] });
  const lost = of({ connection: failed.connection, findings: [finding('warning')] });

  it('are counted once by rule and severity, and again after they ended', () => {
    const steps = [
      of({}),
      one,
      one,
      of({ findings: [finding('critical')] }),
      of({ findings: [finding('critical'), finding('critical', 'b')] }),
      of({}),
      one,
      lost,
      lost,
      one,
    ];
    const [first] = steps;
    let raised: Raised = new Map();
    for (const [at, now] of steps.entries()) raised = raisedAfter(raised, steps[at - 1] ?? first ?? now, now);
    const result = exposed([one], 'text', { raised: new Map([[target, raised]]) });
    const values = new Map(valuesOf(result, 'uwsgi_findings_total') as [string, number][]);
    expect(values.get('cache-full warning')).toBe(2);
    expect(values.get('cache-full critical')).toBe(2);
    expect(values.get('connection critical')).toBe(1);
    expect(values.get('stuck warning')).toBe(0);
  });

  it('are absent in an output that is printed once', () => {
    expect(valuesOf(exposed([one]), 'uwsgi_findings_total')).toEqual([]);
  });
});

describe('labels', () => {
  it('contain no secret and no pid of a container', () => {
    const token = 'kX9vQ2mT7wZ4pL8sB3nR6yHd';
    const vassal = `shop-${token}.ini`;
    const emperor = {
      kind: 'emperor',
      server: { version: '2.0.21', pid: 1, uid: 0, gid: 0, cwd: '/' },
      repaired: false,
      monitors: [],
      tyrant: false,
      throttle: 1,
      vassals: [],
      blacklist: [{ id: vassal, throttle: 1, attempts: 2, firstAttempt: 1, lastAttempt: null }],
    } satisfies EmperorSnapshot;
    const { text, families } = exposed([serverOf(emperor, {}, '/proc/4711/root/run/a.stats')]);
    expect(text).not.toContain(token);
    expect(families.get('uwsgi_target_up')?.samples[0]?.labels).toEqual({ stats_uri: '/run/a.stats' });
  });
});
