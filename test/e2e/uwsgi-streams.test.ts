import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { command, NO_SETTINGS, ROOT, shell, statstop } from '../commands/run.ts';
import { skipWithout } from '../lab/available.ts';
import { ask } from '../lab/load.ts';
import { startUwsgi, type Uwsgi } from '../lab/uwsgi.ts';
import { TIMEOUT_MS } from '../timeouts.ts';

/** `--stream`, `--line` and `check --state` with a real server that fails, ends and returns. */

interface Streaming {
  child: ChildProcess;
  /** The complete lines so far. */
  lines(): string[];
}

function streaming(...args: string[]): Streaming {
  const [program = '', ...words] = command();
  const child = spawn(program, [...words, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, TZ: 'UTC', ...NO_SETTINGS },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  return { child, lines: () => text.split('\n').slice(0, -1) };
}

describe.skipIf(skipWithout())('a real server', () => {
  let server: Uwsgi;
  beforeAll(async () => {
    server = await startUwsgi({ args: ['--harakiri', '1'] });
  }, TIMEOUT_MS);
  afterAll(() => server?.stop());

  it('is streamed to the end of the reader, with status 0', async () => {
    const { status, stdout } = await shell(
      `$STATSTOP --stream ndjson -i 0.2 shop=${server.target} | head -n 3; exit \${PIPESTATUS[0]}`,
    );
    const documents = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([status, documents.length]).toEqual([0, 3]);
    expect(documents[2]).toMatchObject({ schema: 'statstop.sample/1', name: 'shop', missed: 0 });
    const times = documents.map(({ time }) => time);
    expect(new Set(times).size).toBe(3);
    expect(times).toEqual(times.toSorted());
  });

  it('has one line for each reading in --line, and the error of a server that is not there', async () => {
    const absent = join(server.folder, 'absent.stats');
    const both = [`shop=${server.target}`, `gone=${absent}`];
    const { status, stdout, stderr } = await statstop(['--line', '--count', '2', '-i', '0.2', ...both]);
    const [heading, ...lines] = stdout.toString().trim().split('\n');
    expect(heading).toMatch(/^TIME +SERVER +RPS +RESP /);
    expect(lines.map((line) => line.split(/ +/)[1]).toSorted()).toEqual(['gone', 'gone', 'shop', 'shop']);
    expect([status, stderr]).toEqual([1, expect.stringContaining(`statstop: ${absent}: no such socket`)]);
  });

  it('is lost, returns with other counters, and check --state reports all of it', async () => {
    const state = join(server.folder, 'state');
    const check = async () => {
      const { status, stdout } = await statstop([
        'check',
        '--json',
        '-i',
        '0.2',
        '--state',
        state,
        server.target,
      ]);
      const { changes, findings } = JSON.parse(stdout.toString());
      return { status, changes, rules: findings.map(({ rule }: { rule: string }) => rule) };
    };
    const { child, lines } = streaming('--stream', 'csv', '-i', '0.2', server.target);
    const last = (name: string) => lines().at(-1)?.split(',')[lines()[0]?.split(',').indexOf(name) ?? -1];
    expect((await check()).changes).toBeUndefined();

    await ask(server.http, '/boom');
    await ask(server.http, '/sleep/60');
    await expect
      .poll(async () => (await statstop(['--json', '-i', '0', server.target])).stdout.toString())
      .toMatch(/"harakiris": [1-9]/);
    const after = await check();
    expect(after.changes).toMatchObject({ restarted: null, harakiris: 1 });
    expect(after.rules).toEqual(expect.arrayContaining(['new-harakiri']));
    expect([after.changes.exceptions, after.changes.respawns]).toEqual([1, 1]);

    // It has no stats socket while it loads the application.
    await server.restart({ importSeconds: 1 });
    await expect.poll(() => last('state')).toBe('live');
    await expect.poll(() => lines().some((line) => line.includes(',lost,'))).toBe(true);
    await expect.poll(() => last('rps')).toMatch(/^\d/);
    const restarted = await check();
    expect(restarted.changes).toMatchObject({ restarted: 'restart', harakiris: 0 });
    expect(restarted.rules).toContain('new-restart');
    expect((await check()).rules).not.toContain('new-restart');

    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
    const columns = lines().map((line) => line.replace(/"[^"]*"/g, '').split(',').length);
    expect(new Set(columns).size).toBe(1);
  });
});
