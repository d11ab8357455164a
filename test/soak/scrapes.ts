import { setTimeout as sleep } from 'node:timers/promises';
import { watched } from '../../src/commands/watched.ts';
import { createMetricsServer, listen } from '../../src/serve/http.ts';
import { Pool } from '../../src/serve/pool.ts';
import { exporterRoutes } from '../../src/serve/routes.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { createMask } from '../../src/text/secrets.ts';
import { type Measure, measure } from './measure.ts';
import type { Source } from './source.ts';

/** Kinds of scrapes, in turn. */
const SCRAPES: readonly { path: string; headers: Record<string, string> }[] = [
  { path: '/metrics', headers: { accept: 'text/plain', 'accept-encoding': 'gzip' } },
  { path: '/metrics', headers: { accept: 'application/openmetrics-text; version=1.0.0' } },
  { path: '/probe?target=127.0.0.1:1', headers: { 'x-prometheus-scrape-timeout-seconds': '0.6' } },
  { path: '/-/healthy', headers: {} },
  { path: '/nothing', headers: {} },
];

/** Scrapes an exporter in this process as often as this, while it reads a server repeatedly. */
export async function scrapes(count: number, looks: number, source: Source): Promise<Measure[]> {
  const fail = (error: Error) => {
    throw error;
  };
  const pool = new Pool({ timeoutSeconds: 60, interval: 0.01, observe: {}, fail });
  const watch = (text: string) => {
    const target = parseTarget(text);
    return watched({ server: { target: text, name: text }, target, bound: target }, 'soak');
  };
  pool.observe([watch(source.address)]);
  const routes = exporterRoutes({
    pool,
    allowed: ['127.0.0.1:*'],
    output: { mask: createMask(), collectCores: true },
    version: 'soak',
    watch: ({ text }) => pool.probe(watch(text)),
  });
  const server = createMetricsServer(routes, fail);
  const url = await listen(server, { host: '127.0.0.1', port: 0 });
  const measures: Measure[] = [];
  const every = Math.max(1, Math.floor(count / looks));
  for (let scrape = 1; scrape <= count; scrape += 1) {
    const { path, headers } = SCRAPES[scrape % SCRAPES.length] ?? { path: '/metrics', headers: {} };
    const response = await fetch(url + path, { headers });
    if (response.status !== 200 && path !== '/nothing') throw new Error(`${path}: ${response.status}`);
    await response.arrayBuffer();
    if (scrape % every === 0) {
      // Let the buffers of the last responses be freed.
      await sleep(10);
      measures.push(measure(scrape));
    }
  }
  pool.stop();
  server.close();
  return measures;
}
