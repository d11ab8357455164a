import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { command } from '../commands/run.ts';
import { serve } from '../sources/servers.ts';

/** A document of a server that answers 100 requests per second. */
const document = () =>
  JSON.stringify({ pid: 1, workers: [{ id: 1, pid: 2, requests: Math.round(performance.now() / 10) }] });

it('no rate is shown if statstop was stopped while it waited for a document', async () => {
  let stall: (write: () => void) => void = () => {};
  const stalled = new Promise<() => void>((resolve) => {
    stall = resolve;
  });
  const server = await serve('unix', (socket, connection) => {
    if (connection === 0) socket.end(document());
    else stall(() => socket.end(document()));
  });
  const [program, ...words] = command();
  const child = spawn(program, [...words, server.target.text, '--json', '--interval', '0.5'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = buffer(child.stdout);
  const write = await stalled;
  child.kill('SIGSTOP');
  write();
  await sleep(1000);
  child.kill('SIGCONT');
  await once(child, 'close');
  const sample = JSON.parse((await output).toString());
  expect(sample).toMatchObject({ interval: null, totals: { rps: null } });
  expect(sample.totals.requestsDelta).toBeGreaterThan(0);
});

it('check reports no findings of the server if statstop was stopped at each read', async () => {
  let stop = () => {};
  const started = new Promise<void>((resolve) => {
    stop = resolve;
  });
  let child: ChildProcess | null = null;
  const server = await serve('unix', async (socket, connection) => {
    await started;
    if (connection > 0) child?.kill('SIGSTOP');
    socket.end(document());
    if (connection === 0) return;
    await sleep(1000);
    child?.kill('SIGCONT');
  });
  const [program, ...words] = command();
  const checked = spawn(program, [...words, 'check', server.target.text, '--interval', '0.5'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = checked;
  stop();
  const [output, [status]] = await Promise.all([buffer(checked.stdout), once(checked, 'close')]);
  expect([output.toString(), status]).toEqual([
    expect.stringMatching(/^UWSGI UNKNOWN - no measurement: this machine is too busy/),
    3,
  ]);
});
