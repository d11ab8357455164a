import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { captureFile, statstop } from '../commands/run.ts';
import { exporterOf, type RunningExporter } from '../lab/exporter.ts';
import { parsed } from '../outputs/prometheus/parse.ts';
import { document, statsOf } from '../serve/stats.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

const folder = mkdtempSync(join(tmpdir(), 'statstop-export-'));
afterAll(() => rmSync(folder, { recursive: true }));
const FILE = captureFile('full');

const ran = async (...args: string[]) => {
  const { status, stdout, stderr } = await statstop(['export', ...args]);
  return { status, stdout: stdout.toString(), stderr };
};

describe('export --format', () => {
  it.each(['text', 'openmetrics'] as const)('%s prints the metrics once', async (format) => {
    const { status, stdout, stderr } = await ran(FILE, '--format', format);
    expect([status, stderr]).toEqual([0, '']);
    const families = parsed(stdout, format);
    expect(families.get('uwsgi_workers')?.samples).toEqual([
      { name: 'uwsgi_workers', labels: { stats_uri: FILE }, value: 2 },
    ]);
    expect([...families.keys()].filter((name) => name.startsWith('uwsgi_exporter_scrape'))).toEqual([]);
  });

  it('reads a server twice, so that there are findings', async () => {
    const stats = await statsOf((socket, read) => socket.end(document(read)));
    const { stdout } = await ran(stats.target, '--format', 'text', '--interval', '0.1');
    expect(parsed(stdout, 'text').get('uwsgi_requests_total')?.samples[0]?.value).toBe(stats.reads());
    expect(stats.reads()).toBeGreaterThanOrEqual(2);
  });

  it('prints the others if a server cannot be read, with status 0: uwsgi_target_up says it', async () => {
    const { status, stdout, stderr } = await ran(FILE, join(folder, 'missing'), '--format', 'text');
    expect([status, stderr]).toEqual([0, '']);
    const up = parsed(stdout, 'text').get('uwsgi_target_up')?.samples ?? [];
    expect(up.map(({ value }) => value)).toEqual([1, 0]);
  });

  it('--to replaces a file at once, and leaves no other file', async () => {
    const place = mkdtempSync(join(folder, 'to-'));
    const file = join(place, 'uwsgi.prom');
    writeFileSync(file, 'old\n', { mode: 0o600 });
    const inode = statSync(file).ino;
    const { status, stdout, stderr } = await ran(FILE, '--format', 'text', '--to', file);
    expect([status, stdout, stderr]).toEqual([0, '', '']);
    expect(parsed(readFileSync(file, 'utf8'), 'text').has('uwsgi_workers')).toBe(true);
    expect(statSync(file).ino).not.toBe(inode);
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(place)).toEqual(['uwsgi.prom']);
  });

  it('--to does not replace a link or a FIFO', async () => {
    const place = mkdtempSync(join(folder, 'kept-'));
    symlinkSync(FILE, join(place, 'link'));
    spawnSync('mkfifo', [join(place, 'fifo')]);
    for (const path of [join(place, 'link'), join(place, 'fifo')]) {
      const { status, stderr } = await ran(FILE, '--format', 'text', '--to', path);
      expect([status, stderr]).toEqual([
        1,
        `statstop: cannot write ${path}: it is not a regular file (folder ${dirname(path)})\n`,
      ]);
    }
    expect(readdirSync(place).sort()).toEqual(['fifo', 'link']);
  });
});

describe('a wrong command line', () => {
  it.each([
    [['--listen', '9117'], /^statstop: .*It is not host:port, as in 127\.0\.0\.1:9117\./],
    [['--listen', 'a:99999'], /It is not host:port/],
    [['--format', 'xml'], /text, openmetrics/],
    [['--to', 'x'], /^statstop: --to needs --format\n$/],
    [['--interval', '0'], /^statstop: export needs an interval from 0\.1 to 3600\n$/],
    [['--show-secrets'], /unknown option '--show-secrets'/],
    [['-'], /^statstop: standard input has one document only\. Use --format/],
    [['--probe-allow', ''], /'--probe-allow <pattern>' argument '' is invalid\. It is empty/],
    [['--group', 'none'], /there is no group 'none'/],
  ])('%j has status 2 and a message', async (args, message) => {
    const { status, stdout, stderr } = await ran(FILE, ...args);
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
  });

  it('with an address in use, or a folder that is missing, has status 1', async () => {
    const taken = createServer();
    onTestFinished(() => void taken.close());
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    const address = `127.0.0.1:${(taken.address() as AddressInfo).port}`;
    expect(await ran(FILE, '--listen', address)).toEqual({
      status: 1,
      stdout: '',
      stderr: `statstop: cannot listen on ${address}: the address is in use. Choose another one with --listen\n`,
    });
    const { status, stderr } = await ran(FILE, '--format', 'text', '--to', join(folder, 'no', 'x'));
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/cannot write .*: there is no such file or folder \(folder .*\)\n$/),
    ]);
  });
});

/** Waits until each server has been read, or has failed. The first scrape can be earlier. */
async function readOf(exporter: RunningExporter, connecting = 0): Promise<string> {
  return vi.waitFor(
    async () => {
      const { text } = await exporter.get();
      expect(text).toContain(`uwsgi_servers{state="connecting"} ${connecting}\n`);
      return text;
    },
    { timeout: TIMEOUT_MS, interval: 50 },
  );
}

describe('the exporter', () => {
  it('serves both formats, health and a page', async () => {
    const stats = await statsOf((socket, read) => socket.end(document(read)));
    const exporter = await exporterOf([`shop=${stats.target}`]);
    expect(await exporter.get('/-/healthy')).toMatchObject({ status: 200, text: 'healthy\n' });
    expect(await exporter.get('/')).toMatchObject({ status: 200, text: expect.stringContaining('/metrics') });
    await readOf(exporter);
    const text = await exporter.get('/metrics');
    expect(text.type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(parsed(text.text, 'text').get('uwsgi_server_info')?.samples[0]?.labels).toEqual({
      stats_uri: stats.target,
      name: 'shop',
      kind: 'app',
      version: '2.0.21',
    });
    const open = await exporter.get('/metrics', { accept: 'application/openmetrics-text; version=1.0.0' });
    expect(open.type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    const scrapes = parsed(open.text, 'openmetrics').get('uwsgi_exporter_scrapes')?.samples[0];
    expect(scrapes).toMatchObject({ name: 'uwsgi_exporter_scrapes_total', labels: {} });
    expect(scrapes?.value).toBeGreaterThan(2);
  });

  it('probes only targets that are allowed', async () => {
    const stats = await statsOf((socket, read) => socket.end(document(read)));
    const other = await statsOf((socket, read) => socket.end(document(read)));
    const exporter = await exporterOf([
      stats.target,
      '--probe-allow',
      other.target,
      '--probe-allow',
      '/nowhere/*',
    ]);
    const probe = (target: string) => exporter.get(`/probe?target=${encodeURIComponent(target)}`);
    const answer = await probe(other.target);
    expect(answer.status).toBe(200);
    expect(parsed(answer.text, 'text').get('uwsgi_target_up')?.samples).toEqual([
      { name: 'uwsgi_target_up', labels: { stats_uri: other.target }, value: 1 },
    ]);
    // The servers of the command line are not those of a probe, and the reverse.
    expect((await exporter.get('/metrics')).text).not.toContain(other.target);
    const file = join(folder, 'secret');
    writeFileSync(file, 'a secret');
    const mark = join(folder, 'ran');
    for (const target of [file, stats.target, `exec:touch ${mark}`, 'ssh://web1/run/a', '-', ''])
      expect(await probe(target)).toMatchObject({
        status: 400,
        text: expect.not.stringContaining('a secret'),
      });
    expect(readdirSync(folder)).not.toContain('ran');
    expect((await exporter.get('/probe')).status).toBe(400);
    const lost = await probe('/nowhere/a.stats');
    expect(parsed(lost.text, 'text').get('uwsgi_up')?.samples[0]?.value).toBe(0);
    const none = await exporterOf([stats.target]);
    expect((await none.get(`/probe?target=${stats.target}`)).status).toBe(403);
  });

  it('distinguishes probed targets that differ only in a secret', async () => {
    const exporter = await exporterOf([
      (await statsOf((socket, read) => socket.end(document(read)))).target,
      '--probe-allow',
      'exec:sh -c *',
    ]);
    const workersOf = async (file: string) => {
      const target = `exec:sh -c 'cat ${file}'`;
      const { text } = await exporter.get(`/probe?target=${encodeURIComponent(target)}`);
      return parsed(text, 'text')
        .get('uwsgi_requests_total')
        ?.samples.map(({ value }) => value);
    };
    for (const requests of [11, 22]) writeFileSync(join(folder, `${requests}.json`), document(requests));
    for (const requests of [11, 22, 11])
      expect(await workersOf(join(folder, `${requests}.json`))).toEqual([requests]);
  });

  it('answers before the scraper gives up, and without the server that hangs', async () => {
    const fast = await statsOf((socket, read) => socket.end(document(read)));
    const hung = await statsOf((socket) => socket.write('{'));
    const exporter = await exporterOf([fast.target, hung.target, '--timeout', '3600', '--probe-allow', '*']);
    expect(parsed(await readOf(exporter, 1), 'text').get('uwsgi_target_up')?.samples).toEqual([
      { name: 'uwsgi_target_up', labels: { stats_uri: fast.target }, value: 1 },
    ]);
    // Without the header a probe would wait for ten seconds.
    const probe = await exporter.get(`/probe?target=${hung.target}`, {
      'x-prometheus-scrape-timeout-seconds': '0.6',
    });
    expect(parsed(probe.text, 'text').get('uwsgi_target_up')?.samples ?? []).toEqual([]);
    expect(hung.reads()).toBe(1);
  });

  it('ends by SIGTERM', async () => {
    const exporter = await exporterOf([FILE]);
    const ended = once(exporter.child, 'exit');
    exporter.child.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
  });

  it('connects to a path, and never reads it as a file', async () => {
    const exporter = await exporterOf([FILE]);
    const text = await readOf(exporter);
    expect(parsed(text, 'text').get('uwsgi_up')?.samples[0]?.value).toBe(0);
    expect(text).toContain(`# not read: ${FILE}: it is a file, not the socket of a server. Use --format`);
  });
});
