import { startServer } from '../demo/server.ts';
import type { Keeper } from '../terminal/effects.ts';
import type { Ending } from '../terminal/loop.ts';
import { ENDING_SIGNALS } from '../terminal/signals.ts';
import { clean } from '../text/clean.ts';
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
}

/** Choices in the demo must not change the settings of the real view. */
const KEEPS_NOTHING: Keeper = {
  question: async () => null,
  save: async () => 'the demo does not write settings',
};

/** `statstop demo`: starts a built-in stats server and shows it in the live view. */
export async function demo(options: DemoOptions): Promise<void> {
  const server = await start(options);
  const show = () =>
    options.serve ? serve(server.address) : watch([server.address], options, KEEPS_NOTHING);
  await leave(show().finally(() => server.close()));
}

async function start({ address, workers, threads, rate, seed, http, emperor }: DemoOptions) {
  const kind = emperor ? 'emperor' : 'app';
  try {
    return await startServer({
      address,
      workers,
      cores: threads,
      rate,
      seed,
      http,
      kind,
    });
  } catch (error) {
    throw error instanceof UsageError
      ? error
      : new UsageError(`demo: ${error instanceof Error ? error.message : error}`);
  }
}

async function serve(address: string): Promise<Ending> {
  const ended = new Promise<Ending>((resolve) => {
    for (const signal of ENDING_SIGNALS) process.once(signal, resolve);
  });
  await write(`${clean(address)}\n`);
  return ended;
}
