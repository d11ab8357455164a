import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { command, NO_SETTINGS, ROOT } from '../commands/run.ts';
import { guard } from './guard.ts';

/** A running `statstop export`. It ends with the test. */
export interface RunningExporter {
  /** Such as `http://127.0.0.1:9117`. */
  url: string;
  host: string;
  port: number;
  child: ChildProcess;
  /** What it has written to standard error. */
  errors(): string;
  /** Fetches a path; `/metrics` if it is not given. */
  get(
    path?: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; type: string; text: string }>;
}

/** Starts `statstop export` on a free port. @throws Error with its messages if it ends */
export async function exporterOf(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<RunningExporter> {
  const [program, ...words] = command();
  const child = spawn(program, [...words, 'export', '--listen', '127.0.0.1:0', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...NO_SETTINGS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A separate process group, so that the guard can end it.
    detached: true,
  });
  if (child.pid === undefined) throw new Error('the exporter could not be started');
  const dismiss = guard(child.pid, join(tmpdir(), `lab-exporter-${child.pid}`));
  onTestFinished(async () => {
    const ended = child.exitCode !== null || child.signalCode !== null ? null : once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    dismiss();
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const lines = createInterface(child.stdout);
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    once(child, 'exit').then(() => ''),
  ]);
  const url = /^listening on (\S+)\/metrics$/.exec(first)?.[1];
  if (url === undefined) throw new Error(`the exporter ended: ${errors}`);
  return {
    url,
    host: '127.0.0.1',
    port: Number(new URL(url).port),
    child,
    errors: () => errors,
    async get(path = '/metrics', headers = {}) {
      const response = await fetch(url + path, { headers });
      const type = response.headers.get('content-type') ?? '';
      return { status: response.status, type, text: await response.text() };
    },
  };
}
