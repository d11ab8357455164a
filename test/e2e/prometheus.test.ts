import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { expressions } from '../../scripts/contrib/dashboard.ts';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { freePort } from '../lab/addresses.ts';
import { skipWithout } from '../lab/available.ts';
import { everything } from '../lab/everything.ts';
import { exporterOf, type RunningExporter } from '../lab/exporter.ts';
import { answerOf } from '../lab/inside.ts';
import { startLoad } from '../lab/load.ts';
import { type Prometheus, prometheusOf, promtool, skipWithoutPrometheus } from '../lab/prometheus.ts';
import { serverOf } from '../lab/server.ts';
import { parsed } from '../outputs/prometheus/parse.ts';
import { SHARED } from '../outputs/prometheus/shared.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

const RULES = fileURLToPath(new URL('../../contrib/prometheus/statstop.rules.yml', import.meta.url));

/** Seconds between two scrapes: less than the interval of the exporter, so that each scrape reads. */
const SCRAPE = 2;
/** The window of `rate`, in seconds. */
const WINDOW = 12;

const WAIT = { timeout: TIMEOUT_MS, interval: 300 };

describe.skipIf(skipWithout('router') || skipWithoutPrometheus())('a real Prometheus', () => {
  it('sees real servers under load as their clients do', async () => {
    const server = await everything();
    const emperor = await serverOf({ emperor: true });
    const router = await routerOf();
    const targets = [`all=${server.target}`, `emperor=${emperor.target}`, `router=${router}`];
    const exporter = await exporterOf(['--collect-cores', ...targets]);
    const prometheus = await prometheusOf(`${exporter.host}:${exporter.port}`, {
      scrape: SCRAPE,
      rules: RULES,
    });
    await server.ask('/set/pages/a');
    await server.ask('/get/pages/a');
    const load = startLoad({ to: server.http, path: '/sleep/0.01', connections: 4, rate: 40, seconds: 3600 });

    await allShared(exporter);
    silent(await exporter.get());
    await agrees(prometheus, server.target, load);
    await load.stop();

    await vi.waitFor(async () => {
      const empty: string[] = [];
      for (const [title, expression] of expressions())
        if ((await prometheus.query(withVariables(expression))).length === 0) empty.push(title);
      expect(empty).toEqual([]);
    }, WAIT);
    await vi.waitFor(async () => expect(await prometheus.alerts()).toContain('UwsgiBlacklist'), WAIT);

    await server.stop();
    await vi.waitFor(async () => {
      const up = await prometheus.query('uwsgi_target_up');
      const states = up.map(({ labels, value }) => [labels.stats_uri === server.target, value]);
      expect(states.sort()).toEqual([
        [false, 1],
        [false, 1],
        [true, 0],
      ]);
      expect((await prometheus.query('uwsgi_up')).map(({ value }) => value)).toEqual([0]);
      expect(await prometheus.query(`uwsgi_workers{stats_uri="${server.target}"}`)).toEqual([]);
      expect(await prometheus.alerts()).toContain('UwsgiTargetDown');
    }, WAIT);
    expect(exporter.errors()).toBe('');
  });
});

/** A router with one node that has answered a request. @returns its stats socket */
async function routerOf(): Promise<string> {
  const [http, subscriptions, node] = [await port(), await port(), await port()];
  const router = await serverOf({
    processes: 1,
    args: [
      ...['--plugin', 'http', '--http', `127.0.0.1:${http}`, '--http-stats-server', 'router.stats'],
      ...['--http-subscription-server', `127.0.0.1:${subscriptions}`],
    ],
  });
  const subscription = `server=127.0.0.1:${subscriptions},key=shop.example,addr=127.0.0.1:${node}`;
  await serverOf({
    processes: 1,
    args: ['--socket', `127.0.0.1:${node}`, '--subscribe-freq', '1', '--subscribe2', subscription],
  });
  const ask = () => answerOf({ host: '127.0.0.1', port: http }, '/', { host: 'shop.example' });
  await vi.waitFor(async () => expect(await ask()).toBe('hello\n'), WAIT);
  return `${router.folder}/router.stats`;
}

const port = () => freePort('127.0.0.1');

function withVariables(expression: string): string {
  return expression.replaceAll(/\$(?:instance|server)/g, '.*').replaceAll('$__rate_interval', `${WINDOW}s`);
}

/** Checks that a real server has each metric of uwsgi_exporter, with its type and labels, in both formats. */
async function allShared(exporter: RunningExporter): Promise<void> {
  for (const format of ['text', 'openmetrics'] as const) {
    const accept = format === 'text' ? 'text/plain' : 'application/openmetrics-text; version=1.0.0';
    await vi.waitFor(async () => {
      const families = parsed((await exporter.get('/metrics', { accept })).text, format);
      const missing = SHARED.filter(({ name, type, labels }) => {
        // OpenMetrics has no counters without `_total`.
        const ofType =
          format === 'openmetrics' && type === 'counter' && !name.endsWith('_total') ? 'unknown' : type;
        const family = families.get(format === 'openmetrics' ? name.replace(/_total$/, '') : name);
        const [sample] = family?.samples ?? [];
        return family?.type !== ofType || Object.keys(sample?.labels ?? {}).join() !== labels.join();
      });
      expect(missing).toEqual([]);
    }, WAIT);
  }
}

/** The counters of uwsgi_exporter whose names are against the conventions, and are kept for its dashboards. */
const COUNTERS = ['uwsgi_cache_full', 'uwsgi_cache_hits', 'uwsgi_cache_misses'];

function silent({ text }: { text: string }): void {
  const { output } = promtool(['check', 'metrics'], text);
  expect(output.trim().split('\n').sort()).toEqual(
    COUNTERS.map((name) => `${name} counter metrics should have "_total" suffix`),
  );
  expect(promtool(['check', 'rules', RULES])).toMatchObject({
    status: 0,
    output: expect.not.stringMatching(/FAILED|lint/i),
  });
}

/** Checks `rate()` against the requests that the clients counted between the reads of the first and the last scrape. */
async function agrees(
  prometheus: Prometheus,
  target: string,
  load: ReturnType<typeof startLoad>,
): Promise<void> {
  const began = SYSTEM_CLOCK.wall();
  const of = `{stats_uri="${target}"}`;
  const offset = SYSTEM_CLOCK.wall() - SYSTEM_CLOCK.monotonic();
  const { rate, counted, requests } = await vi.waitFor(async () => {
    const now = SYSTEM_CLOCK.wall();
    expect(now - began).toBeGreaterThan(WINDOW + SCRAPE);
    const [reads] = await prometheus.query(`uwsgi_target_last_read_timestamp_seconds${of}[${WINDOW}s]`, now);
    const [values] = await prometheus.query(`uwsgi_requests_total${of}[${WINDOW}s]`, now);
    const [rate] = await prometheus.query(`rate(uwsgi_requests_total${of}[${WINDOW}s])`, now);
    const [first, last] = [reads?.points[0], reads?.points.at(-1)];
    const [from, to] = [values?.points[0], values?.points.at(-1)];
    if (!first || !last || !from || !to || !rate) throw new Error('not scraped yet');
    expect(reads?.points.length).toBeGreaterThanOrEqual(WINDOW / SCRAPE - 1);
    // On a busy machine a scrape can be late: then look again.
    expect(Math.abs(1 - (last[1] - first[1]) / (to[0] - from[0]))).toBeLessThan(0.01);
    // So it is if Prometheus extrapolates over a late scrape.
    expect(Math.abs(rate.value / ((to[1] - from[1]) / (to[0] - from[0])) - 1)).toBeLessThan(0.01);
    const counted = load.between(first[1] - offset, last[1] - offset).length / (last[1] - first[1]);
    return { rate: rate.value, counted, requests: to[1] - from[1] };
  }, WAIT);
  expect(requests).toBeGreaterThan(100);
  expect(Math.abs(rate / counted - 1)).toBeLessThan(0.02);
}
