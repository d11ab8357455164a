import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Source, SourceOptions } from './source.ts';

/** Message of the source process: first its address, then the number of polls so far. */
export type Message = { address: string } | { polls: number };

/**
 * Starts a source in a separate process, so that it does not affect the measurements.
 *
 * @param program the script that runs `serveParent`
 */
export async function forkSource(program: string, options: SourceOptions): Promise<Source> {
  const child = fork(program, ['--serve', JSON.stringify(options)]);
  const kill = () => child.kill();
  process.once('exit', kill);
  const [first]: Message[] = await once(child, 'message');
  if (!first || !('address' in first)) throw new Error('the source process sent no address');
  return {
    address: first.address,
    onPolls(listener) {
      child.on('message', (message: Message) => {
        if ('polls' in message) listener(message.polls);
      });
    },
    async close() {
      process.off('exit', kill);
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

/** Runs in the source process. */
export async function serveParent(
  options: SourceOptions,
  start: (options: SourceOptions) => Promise<Source>,
) {
  const source = await start(options);
  const tell = (message: Message) => process.send?.(message);
  source.onPolls((polls) => tell({ polls }));
  // The process ends with its parent.
  process.once('disconnect', () => process.exit());
  tell({ address: source.address });
}
