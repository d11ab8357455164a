import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { skipWithout } from '../lab/available.ts';
import { exporterOf, type RunningExporter } from '../lab/exporter.ts';
import { HOLDS_REQUESTS, holdRequest } from '../lab/held.ts';
import { serverOf } from '../lab/server.ts';
import { parsed } from '../outputs/prometheus/parse.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

const WAIT = { timeout: TIMEOUT_MS, interval: 300 };

/** The values of a metric of one server, by its other labels. */
async function valuesOf(exporter: RunningExporter, name: string, target: string) {
  const { text } = await exporter.get();
  const samples = parsed(text, 'text').get(name)?.samples ?? [];
  return new Map(
    samples
      .filter(({ labels }) => labels.stats_uri === target)
      .map(({ labels: { stats_uri: _, ...others }, value }) => [Object.values(others).join(' '), value]),
  );
}

describe.skipIf(skipWithout())('the exporter without a target', () => {
  it('has the servers of this machine, as they start and end', async () => {
    const exporter = await exporterOf([], { STATSTOP_TARGET: '' });
    const server = await serverOf({ processes: 2 });
    const isUp = () => valuesOf(exporter, 'uwsgi_target_up', server.target);
    await vi.waitFor(async () => expect(await isUp()).toEqual(new Map([['', 1]])), WAIT);
    await server.stop();
    await vi.waitFor(async () => expect(await isUp()).toEqual(new Map()), WAIT);
    expect(exporter.errors()).toBe('');
  });

  it('keeps its servers without free file descriptors, says so, and then finds others', async () => {
    const exporter = await exporterOf(['--interval', '0.5'], { STATSTOP_TARGET: '' });
    const limitTo = (most: string) =>
      execFileSync('prlimit', ['--pid', String(exporter.child.pid), `--nofile=${most}:`]);
    const first = await serverOf({ processes: 1 });
    const isUp = async ({ target }: { target: string }) =>
      (await valuesOf(exporter, 'uwsgi_target_up', target)).get('');
    await vi.waitFor(async () => expect(await isUp(first)).toBe(1), WAIT);
    limitTo('8');
    const second = await serverOf({ processes: 1 });
    const failing = /^statstop: servers that start or end are not noticed: too few free file descriptors/m;
    await vi.waitFor(() => expect(exporter.errors()).toMatch(failing), WAIT);
    limitTo('1024');
    await vi.waitFor(async () => expect([await isUp(first), await isUp(second)]).toEqual([1, 1]), WAIT);
    expect(exporter.errors().split('\n')).toEqual([
      expect.stringMatching(failing),
      'statstop: the search for servers continues',
      '',
    ]);
  });
});

describe.skipIf(skipWithout())('a real server', () => {
  it('has a finding while a request is stuck, and values of the kernel', async () => {
    const server = await serverOf({ processes: 2, args: HOLDS_REQUESTS });
    holdRequest(server.http, Buffer.from('/held?token=hunter2hunter2'));
    const settings = join(server.folder, 'settings.toml');
    writeFileSync(settings, '[findings]\nstuck = { warning = 2, critical = 3600 }\n');
    const exporter = await exporterOf([server.target, '--config', settings]);
    await vi.waitFor(async () => {
      const findings = await valuesOf(exporter, 'uwsgi_finding', server.target);
      expect([findings.get('stuck warning'), findings.get('stuck critical')]).toEqual([1, 0]);
    }, WAIT);
    await vi.waitFor(async () => {
      const age = await valuesOf(exporter, 'uwsgi_oldest_request_age_seconds', server.target);
      expect(age.get('')).toBeGreaterThanOrEqual(2);
      // uWSGI says 0 for all of these: the socket is a unix socket, and memory-report is not set.
      const limits = await valuesOf(exporter, 'uwsgi_socket_max_queue_length', server.target);
      expect([...limits.values()]).toEqual([100, 100]);
      const memory = await valuesOf(exporter, 'uwsgi_worker_rss_bytes', server.target);
      expect([...memory.values()].every((bytes) => bytes > 2 ** 20)).toBe(true);
      const cpu = await valuesOf(exporter, 'uwsgi_worker_cpu_seconds_total', server.target);
      expect([memory.size, cpu.size]).toEqual([2, 2]);
    }, WAIT);
    expect((await exporter.get()).text).not.toContain('hunter2');
  });
});
