import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { skipWithout } from '../lab/available.ts';
import { startLoad } from '../lab/load.ts';
import { serverOf } from '../lab/server.ts';
import { startUwsgi } from '../lab/uwsgi.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** Tests of the test servers themselves: they leave nothing behind, and their load generator counts correctly. */
describe.skipIf(skipWithout())('the test servers', () => {
  test('stop() leaves no process and no folder', async () => {
    for (const options of [{ processes: 3 }, { emperor: true }]) {
      const server = await startUwsgi(options);
      expect(processesOf(server.folder).length).toBeGreaterThan(1);
      await server.stop();
      await vi.waitFor(() => expect(processesOf(server.folder)).toEqual([]), TIMEOUT_MS);
      expect(existsSync(server.folder)).toBe(false);
    }
  });

  test('a killed test run leaves no server', async () => {
    const script = await bundle();
    const run = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void run.kill('SIGKILL'));
    const [folder] = (await once(createInterface(run.stdout), 'line')) as [string];
    expect(processesOf(folder).length).toBeGreaterThan(1);
    run.kill('SIGKILL');
    await vi.waitFor(() => expect(processesOf(folder)).toEqual([]), TIMEOUT_MS);
    await vi.waitFor(() => expect(existsSync(folder)).toBe(false), TIMEOUT_MS);
  });

  test('a server that cannot start fails with its log', async () => {
    const starting = startUwsgi({ args: ['--wsgi-file', 'missing.py'] });
    const message = await starting.then(() => '', String);
    expect(message).toContain('uWSGI ended at once');
    expect(message).toContain('failed to open python file missing.py');
    const folder = /\S+\/lab-\w+/.exec(message)?.[0] ?? '';
    expect(folder).toContain(tmpdir());
    expect(existsSync(folder)).toBe(false);
  });

  test('the load has its count, its rate and its number of connections', async () => {
    const server = await serverOf({ processes: 4 });
    const counted = startLoad({ to: server.http, path: '/', connections: 3, count: 25, seconds: 600 });
    await counted.finished;
    expect(counted.outcomes).toHaveLength(25);

    const start = SYSTEM_CLOCK.monotonic();
    const paced = startLoad({
      to: server.http,
      path: (index) => `/bytes/${index}`,
      connections: 4,
      rate: 50,
      seconds: 0.99,
    });
    await paced.finished;
    // Request 0 is sent at once, and request 49 after 0.98 s.
    expect(paced.outcomes.map(({ bytes }) => bytes).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, index) => index),
    );
    expect(paced.between(start, Number.POSITIVE_INFINITY)).toHaveLength(50);
    expect(paced.between(0, start)).toEqual([]);
    // A timer may be early by less than a millisecond, because of rounding.
    for (const { at, bytes } of paced.outcomes) expect(at - start).toBeGreaterThan(bytes / 50 - 0.002);
  });
});

/** Pids of the processes with that server folder in their environment. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`LAB_FOLDER=${folder}`);
      } catch {
        return false;
      }
    });
}

const SCRIPT = `
  import { startUwsgi } from './uwsgi.ts';
  const server = await startUwsgi({ processes: 2 });
  console.log(server.folder);
  setInterval(() => {}, 1000);
`;

/** Creates a script that starts a server and waits to be killed. The script lies beside the folders of the server. */
async function bundle(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const outfile = join(folder, 'run.mjs');
  const lab = fileURLToPath(new URL('../lab/', import.meta.url));
  await build({
    stdin: { contents: SCRIPT, resolveDir: lab },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // The configurations are found relative to the source file.
    define: { 'import.meta.url': JSON.stringify(new URL('../lab/uwsgi.ts', import.meta.url).href) },
    outfile,
    logLevel: 'silent',
  });
  return outfile;
}
