import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../src/demo/server.ts';
import { watch } from './session.ts';

it('asks the kernel for what takes long of the worker that is looked at, for as long as it is', async () => {
  const server = await startServer({ workers: 4, warm: false });
  onTestFinished(() => server.close());
  const asked: (number | null)[] = [];
  const terminal = watch(server.address, {
    view: { interval: 0.1, sort: { column: 'id', descending: false } },
    kernelOf: async (_snapshot, _clock, lookedAt) => {
      asked.push(lookedAt);
      return null;
    },
  });
  await terminal.untilText('WID');
  terminal.type('jj\r');
  await expect.poll(() => asked.at(-1)).toBe(2);
  expect(new Set(asked)).toEqual(new Set([null, 2]));
  terminal.type('\x1b');
  await expect.poll(() => asked.at(-1)).toBe(null);
  const length = asked.length;
  await sleep(300);
  expect(asked.slice(length).every((each) => each === null)).toBe(true);
});
