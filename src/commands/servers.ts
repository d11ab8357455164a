import { discover } from '../host/discover.ts';
import { serversJson, serversText } from '../outputs/servers.ts';
import { type Chosen, maskOf } from './options.ts';
import { composed, write } from './output.ts';

/** `statstop servers`: prints the uWSGI servers of this machine. The exit status is 1 if no server is found. */
export async function servers(options: Chosen): Promise<void> {
  const found = await discover();
  if (found.length === 0) process.exitCode = 1;
  const mask = maskOf(options);
  await write(composed(() => (options.json ? serversJson : serversText)(found, mask)));
}
