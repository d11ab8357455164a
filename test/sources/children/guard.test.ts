import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { TIMEOUT_MS } from '../../timeouts.ts';
import { expectNoProcess, processesWith } from '../processes.ts';
import { folder } from '../servers.ts';

const GUARD = fileURLToPath(new URL('../../../src/sources/children/guard.ts', import.meta.url));

function end(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** A process that guards the groups of two others. `text` is the rest of its program. */
async function guarding(mark: string, text: string) {
  const where = folder();
  const outfile = join(where, 'guarding.mjs');
  const removed = join(where, 'removed');
  mkdirSync(removed);
  writeFileSync(join(removed, 'socket'), '');
  const contents = `
    import { spawn } from 'node:child_process';
    import { guard } from ${JSON.stringify(GUARD)};
    const script = "trap '' TERM; sleep ${mark} & sleep ${mark}; :";
    const start = () => spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' });
    const first = start(), second = start();
    guard(first.pid, ${JSON.stringify(removed)});
    const release = guard(second.pid);
    first.unref();
    second.unref();
    process.on('message', () => {});
    process.send([first.pid, second.pid]);
    ${text}`;
  await build({
    stdin: { contents, resolveDir: '/', loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  const child = spawn(process.execPath, [outfile], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  const [[first, second]] = (await once(child, 'message')) as [[number, number]];
  for (const group of [first, second]) onTestFinished(() => end(group));
  await vi.waitFor(() => expect(processesWith(mark).length).toBeGreaterThanOrEqual(4), TIMEOUT_MS);
  return { child, ended, removed, second };
}

describe('the guard of a process', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'ends its groups and removes their folder after %s',
    async (signal) => {
      const mark = `299.3${signal.length}${process.pid}`;
      const { child, ended, removed } = await guarding(mark, 'setInterval(() => {}, 1000);');
      child.kill(signal);
      await ended;
      await expectNoProcess(mark);
      await vi.waitFor(() => expect(existsSync(removed)).toBe(false), TIMEOUT_MS);
    },
  );

  it('does not keep the process alive, and ends no group that was released', async () => {
    const mark = `299.40${process.pid}`;
    const { child, ended, removed, second } = await guarding(
      mark,
      "release(); process.once('message', () => process.disconnect());",
    );
    child.send('go on');
    expect(await ended).toEqual([0, null]);
    await vi.waitFor(() => expect(existsSync(removed)).toBe(false), TIMEOUT_MS);
    const left = processesWith(mark);
    expect(left.map(({ pid }) => pid)).toContain(second);
    end(second);
    await expectNoProcess(mark);
  });
});
