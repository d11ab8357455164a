import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { startFleet } from '../demo/fleet.ts';
import { startServer } from '../demo/server.ts';
import type { Keeper } from '../terminal/effects.ts';
import type { Ending } from '../terminal/loop.ts';
import { ENDING_SIGNALS } from '../terminal/signals.ts';
import { clean } from '../text/clean.ts';
import { reasonOf } from '../text/reason.ts';
import { leave, watch } from './live.ts';
import type { Chosen } from './options.ts';
import { write } from './output.ts';
import { UsageError } from './usage-error.ts';

/** Options of `statstop demo`, including those of the view. */
export interface DemoOptions extends Chosen {
  serve?: boolean;
  address?: string;
  workers?: number;
  threads?: number;
  rate?: number;
  seed?: number;
  http?: boolean;
  emperor?: boolean;
  servers?: number;
}

/** Choices in the demo must not change the settings of the real view. */
const KEEPER: Keeper = {
  question: async () => null,
  save: async () => 'the demo does not write settings',
};

/** `statstop demo`: starts one or more built-in stats servers and shows them in the live view. */
export async function demo(options: DemoOptions): Promise<void> {
  const { addresses, close } = await start(options);
  const view = { keeper: KEEPER, instead: 'Use --serve, and give the printed address to statstop --once.' };
  const show = () => (options.serve ? serve(addresses) : watch(addresses, options, view));
  await leave(show().finally(close));
}

/** What is running, and how to stop it. */
interface Started {
  addresses: readonly string[];
  close(): Promise<void>;
}

async function start(options: DemoOptions): Promise<Started> {
  const { servers, address, emperor } = options;
  if (servers !== undefined && servers > 1 && (address !== undefined || emperor))
    throw new UsageError(`--servers cannot be used with ${emperor ? '--emperor' : '--address'}`);
  const { workers, threads: cores, rate, seed, http } = options;
  const traffic = { workers, cores, rate, seed, http };
  try {
    if (servers !== undefined && servers !== 1) return await startFleet({ ...traffic, servers });
    const server = await startServer({ ...traffic, address, kind: emperor ? 'emperor' : 'app' });
    return { addresses: [server.address], close: () => server.close() };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const isOfSystem = error instanceof Error && 'code' in error;
    if (!isOfSystem || address === undefined) throw new UsageError(`demo: ${reasonOf(error)}`);
    throw new UsageError(`demo: cannot listen on ${address}: ${reasonAt(address, error)}`);
  }
}

/** Node.js reports a missing folder of a socket as EACCES, and each file in its place as EADDRINUSE. */
function reasonAt(address: string, error: Error & { code?: unknown }): string {
  if (error.code === 'EACCES' && !existsSync(dirname(address))) return 'its folder does not exist';
  if (error.code === 'EADDRINUSE' && existsSync(address)) return 'it exists already';
  return reasonOf(error);
}

async function serve(addresses: readonly string[]): Promise<Ending> {
  const ended = new Promise<Ending>((resolve) => {
    // A second signal must not end the process before its sockets are removed.
    for (const signal of ENDING_SIGNALS) process.on(signal, resolve);
  });
  await write(addresses.map((address) => `${clean(address)}\n`).join(''));
  return ended;
}
