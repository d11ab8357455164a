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

/** Starts a process that runs a program with `guarded`, and returns its first message. */
async function running(program: string) {
  const outfile = join(folder(), 'guarding.mjs');
  await build({
    stdin: {
      contents: `import { spawn } from 'node:child_process';\nimport { guarded } from ${JSON.stringify(GUARD)};\n${program}`,
      resolveDir: '/',
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  const child = spawn(process.execPath, [outfile], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  const [message] = await once(child, 'message');
  return { child, ended, message };
}

/** A process that guards the groups of two others. `text` is the rest of its program. */
async function guarding(mark: string, text: string) {
  const removed = join(folder(), 'removed');
  mkdirSync(removed);
  writeFileSync(join(removed, 'socket'), '');
  const { child, ended, message } = await running(`
    const script = "trap '' TERM; sleep ${mark} & sleep ${mark}; :";
    const start = () => spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' });
    const { child: first } = guarded(start, ${JSON.stringify(removed)});
    const { child: second, release } = guarded(start);
    first.unref();
    second.unref();
    process.on('message', () => {});
    process.send([first.pid, second.pid]);
    ${text}`);
  const [first, second] = message as [number, number];
  for (const group of [first, second]) onTestFinished(() => end(group));
  await vi.waitFor(() => expect(processesWith(mark).length).toBeGreaterThanOrEqual(4), TIMEOUT_MS);
  return { child, ended, removed, second };
}

const SIGNALS = ['SIGKILL', 'SIGTERM'] as const;

describe('the guard of a process', () => {
  it('is started before a group, so that no signal is in time to leave the group behind', async () => {
    const { child, message } = await running(`
      import { readFileSync } from 'node:fs';
      const children = () => readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim();
      guarded(() => {
        process.send(children());
        return {};
      });`);
    expect(message).toMatch(/^\d+$/);
    child.kill('SIGKILL');
  });

  it.each(SIGNALS)('ends its groups and removes their folder after %s', async (signal) => {
    const mark = `299.3${SIGNALS.indexOf(signal)}${process.pid}`;
    const { child, ended, removed } = await guarding(mark, 'setInterval(() => {}, 1000);');
    child.kill(signal);
    await ended;
    await expectNoProcess(mark);
    await vi.waitFor(() => expect(existsSync(removed)).toBe(false), TIMEOUT_MS);
  });

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
