import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../src/demo/server.ts';
import { SYSTEM_CLOCK } from '../../src/sources/source.ts';
import { hostReading, processReading } from '../rates/builders.ts';
import { watch } from './session.ts';

it('the loop requests the slow values of the worker in the detail view, only while it is open', async () => {
  const server = await startServer({ workers: 4, warm: false });
  onTestFinished(() => server.close());
  const asked: (number | null)[] = [];
  const terminal = watch(server.address, {
    view: { interval: 0.1, sort: { column: 'id', descending: false } },
    hostOf: async (_snapshot, _clock, lookedAt) => {
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

const HOST = hostReading([processReading({ cpu: 0.42 })], { clock: SYSTEM_CLOCK.monotonic() });

it('the loop shows the host values together with their document', async () => {
  const server = await startServer({ workers: 4, warm: false });
  onTestFinished(() => server.close());
  const terminal = watch(server.address, {
    view: { interval: 3600 },
    hostOf: async (_snapshot, clock) => {
      await sleep(50);
      return { ...HOST, clock };
    },
  });
  await terminal.untilText(/CPU +42%/);
});

it('the loop shows the first document before its host values, and adds them without another document', async () => {
  const server = await startServer({ workers: 4, warm: false });
  onTestFinished(() => server.close());
  const terminal = watch(server.address, {
    view: { interval: 3600 },
    hostOf: async (_snapshot, clock) => {
      await terminal.untilText('WID');
      return { ...HOST, clock };
    },
  });
  await terminal.untilText(/CPU +42%/);
});

it('neither the loop nor the keys wait for a host reading that never ends', async () => {
  const server = await startServer({ workers: 4, warm: false });
  onTestFinished(() => server.close());
  const terminal = watch(server.address, { view: { interval: 0.5 }, hostOf: () => new Promise(() => {}) });
  await terminal.untilText('WID');
  terminal.type('h');
  await terminal.untilText('Esc Close');
  expect(terminal.text()).not.toContain('CPU');
});

it('the last host reading is shown for a limited time', async () => {
  const server = await startServer({ workers: 4, warm: false });
  onTestFinished(() => server.close());
  let asked = 0;
  const seen: boolean[] = [];
  const said = performance.now();
  const terminal = watch(server.address, {
    view: { interval: 0.2 },
    hostOf: (snapshot, clock) => {
      asked += 1;
      // A host reading is valid for three seconds.
      if (asked > 2 && performance.now() < said + 2000) seen.push(/CPU +42%/.test(terminal.text()));
      const master = processReading({ pid: snapshot.server.pid ?? 0 });
      return asked === 1 ? Promise.resolve({ ...HOST, clock, master }) : new Promise(() => {});
    },
  });
  await terminal.untilText(/CPU +42%/);
  await terminal.untilText(/CPU +- /);
  expect(seen.every(Boolean)).toBe(true);
});

it('a failed read stays on the screen although an earlier host reading ends after it', async () => {
  const server = await startServer({ workers: 4, warm: false });
  let asked = 0;
  const terminal = watch(server.address, {
    view: { interval: 0.1 },
    hostOf: async () => {
      asked += 1;
      if (asked < 3) return null;
      // The next read fails, and before this host reading ends.
      await server.close();
      await terminal.untilText('no data');
      return null;
    },
  });
  await terminal.untilText('no data');
  const end = performance.now() + 300;
  while (performance.now() < end) {
    expect(terminal.text()).toContain('no data');
    await sleep(5);
  }
});
