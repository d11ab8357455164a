import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { observeTarget } from '../../src/commands/observe-target.ts';
import { type DemoServer, type ServerOptions, startServer } from '../../src/demo/server.ts';
import type { Host, HostOptions } from '../../src/host/host.ts';
import { parseTarget } from '../../src/targets/parse.ts';
import { hostReading, processReading } from '../rates/builders.ts';
import { TIMEOUT_SECONDS } from '../timeouts.ts';
import { captureFile, ROOT } from './run.ts';

/** The created hosts, and the times of the reads. */
const asked = vi.hoisted(() => ({ hosts: [] as unknown[], clocks: [] as number[] }));

/** A host that knows every server. Each read returns different values. */
vi.mock('../../src/host/host.ts', () => ({
  createHost(options: HostOptions): Host {
    asked.hosts.push(options);
    return {
      async read({ workers }, clock) {
        asked.clocks.push(clock);
        const rss = asked.clocks.length * 2 ** 20;
        return hostReading(
          workers.map(({ pid }) => processReading({ pid: pid ?? 0, rss })),
          { clock },
        );
      },
    };
  },
}));

beforeEach(() => {
  asked.hosts = [];
  asked.clocks = [];
});

async function serverOf(options: ServerOptions = {}): Promise<DemoServer> {
  const server = await startServer({ workers: 2, warm: false, ...options });
  onTestFinished(() => server.close());
  return server;
}

const TIMEOUT = { timeout: TIMEOUT_SECONDS };

/** The host data of the first worker in the sample of an app server. */
async function readOf(target: string, interval: number) {
  const { sample } = await observeTarget(parseTarget(target), { interval, ...TIMEOUT });
  if (sample.kind !== 'app') return expect.fail(`unexpected kind ${sample.kind}`);
  return { interval: sample.interval, rss: sample.host?.processes.get(1)?.rss ?? null };
}

describe('a sample', () => {
  it('has the host data of its end; the host is also read at its beginning', async () => {
    const { address } = await serverOf();
    const { interval, rss } = await readOf(address, 0.2);
    expect(rss).toBe(2 * 2 ** 20);
    expect(asked.hosts).toEqual([{ target: parseTarget(address), whole: true }]);
    const [first = 0, second = 0] = asked.clocks;
    expect(asked.clocks).toHaveLength(2);
    // A machine that is too busy to know the times of the documents has no interval.
    expect([second - first, null]).toContain(interval);
  });

  it('of a server that waits for a request covers the whole interval, although the first response is late', async () => {
    const { address } = await serverOf({ http: true });
    const INTERVAL = 1;
    // A machine that is too busy to know the times of the documents has no interval.
    let interval: number | null = null;
    while (interval === null) interval = (await readOf(address, INTERVAL)).interval;
    // Without the jitter and the maximum error of a rate.
    expect(interval).toBeGreaterThan(0.85 * INTERVAL);
  });

  it('of one read has the host data of that read', async () => {
    const { address } = await serverOf();
    expect(await readOf(address, 0)).toEqual({ interval: null, rss: 2 ** 20 });
  });

  it('of a file has no host data, and no host is created', async () => {
    expect(await readOf(`${ROOT}${captureFile('threads')}`, 0.2)).toEqual({ interval: null, rss: null });
    expect(asked.hosts).toEqual([]);
  });

  it('of an emperor has no host data, and no host is created', async () => {
    const { address } = await serverOf({ kind: 'emperor' });
    const { sample } = await observeTarget(parseTarget(address), { interval: 0, ...TIMEOUT });
    expect(sample.kind).toBe('emperor');
    expect(asked.hosts).toEqual([]);
  });
});

it('a longer observation reads the host data repeatedly and has those of its end', async () => {
  const { address } = await serverOf();
  const { sample } = await observeTarget(parseTarget(address), { interval: 0.1, seconds: 0.3, ...TIMEOUT });
  if (sample.kind !== 'app') return expect.fail(`unexpected kind ${sample.kind}`);
  const { length } = asked.clocks;
  expect(length).toBeGreaterThan(2);
  expect(sample.host?.processes.get(1)?.rss).toBe(length * 2 ** 20);
  expect(asked.hosts).toEqual([{ target: parseTarget(address), whole: false }]);
});
