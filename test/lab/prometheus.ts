import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { TIMEOUT_MS, TIMEOUT_SECONDS } from '../timeouts.ts';
import { freePort } from './addresses.ts';
import { skipping } from './available.ts';
import { guard } from './guard.ts';

/** Whether to skip tests that need Prometheus, for `describe.skipIf`. */
export function skipWithoutPrometheus(): boolean {
  const isThere = spawnSync('promtool', ['--version'], { stdio: 'ignore', timeout: TIMEOUT_MS }).status === 0;
  return (
    !isThere && skipping('tests with a real Prometheus', 'it is not installed (apt-get install prometheus)')
  );
}

/** Runs `promtool`. Returns its exit status and its whole output. */
export function promtool(args: readonly string[], input = ''): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, {
    input,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  return { status, output: stdout + stderr };
}

/** A series in a result. The value is that of the last point. */
export interface Series {
  labels: Readonly<Record<string, string>>;
  value: number;
  /** Unix seconds and value of each point of a range. */
  points: readonly (readonly [time: number, value: number])[];
}

/** A running Prometheus. It ends with the test. */
export interface Prometheus {
  /** Evaluates an expression, at a time in Unix seconds or now. */
  query(expression: string, time?: number): Promise<Series[]>;
  /** The names of the alerts that fire or are pending. */
  alerts(): Promise<string[]>;
}

/**
 * Starts Prometheus with a configuration.
 *
 * @param scrape seconds between two scrapes
 */
export async function prometheusOf(
  target: string,
  { scrape, rules }: { scrape: number; rules: string },
): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-prometheus-'));
  const port = await freePort('127.0.0.1');
  const config = {
    global: { scrape_interval: `${scrape}s`, evaluation_interval: '1s' },
    rule_files: [rules],
    scrape_configs: [{ job_name: 'uwsgi', static_configs: [{ targets: [target] }] }],
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const args = [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ];
  const child = spawn('prometheus', args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  if (child.pid === undefined) throw new Error('prometheus is not installed');
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const dismiss = guard(child.pid, folder);
  onTestFinished(async () => {
    const ended =
      child.exitCode === null ? new Promise((resolve) => child.once('exit', resolve)) : Promise.resolve();
    child.kill('SIGKILL');
    await ended;
    dismiss();
    rmSync(folder, { recursive: true, force: true });
  });
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return (await response.json()) as { data: unknown; error?: string };
  };
  for (const deadline = performance.now() + TIMEOUT_MS; ; await sleep(100)) {
    const isReady = await fetch(`http://127.0.0.1:${port}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) break;
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`prometheus was not ready in ${TIMEOUT_SECONDS} s: ${log}`);
  }
  return {
    async query(expression, time) {
      const at = time === undefined ? '' : `&time=${time}`;
      const { data, error } = await get(`/api/v1/query?query=${encodeURIComponent(expression)}${at}`);
      if (error !== undefined) throw new Error(`${expression}: ${error}`);
      return (data as { result: Result[] }).result.map(seriesOf);
    },
    async alerts() {
      const { data } = await get('/api/v1/alerts');
      return (data as { alerts: { labels: { alertname: string } }[] }).alerts.map(
        ({ labels }) => labels.alertname,
      );
    },
  };
}

interface Result {
  metric: Record<string, string>;
  value?: [number, string];
  values?: [number, string][];
}

function seriesOf({ metric, value, values = value ? [value] : [] }: Result): Series {
  const points = values.map(([time, text]) => [time, Number(text)] as const);
  return { labels: metric, value: points.at(-1)?.[1] ?? Number.NaN, points };
}
