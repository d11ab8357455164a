import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Source, SourceOptions } from './source.ts';

/** From the process of the source: its address first, then how many polls it has had. */
export type Message = { address: string } | { polls: number };

/** A source in a process of its own, so that nothing of it is measured. @param program what runs `serveParent` */
export async function forkSource(program: string, options: SourceOptions): Promise<Source> {
  const child = fork(program, ['--serve', JSON.stringify(options)]);
  const kill = () => child.kill();
  process.once('exit', kill);
  const [first]: Message[] = await once(child, 'message');
  if (!first || !('address' in first)) throw new Error('the source did not say where it listens');
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

/** What that process does. */
export async function serveParent(
  options: SourceOptions,
  start: (options: SourceOptions) => Promise<Source>,
) {
  const source = await start(options);
  const tell = (message: Message) => process.send?.(message);
  source.onPolls((polls) => tell({ polls }));
  // Without a parent there is nothing to do.
  process.once('disconnect', () => process.exit());
  tell({ address: source.address });
}
