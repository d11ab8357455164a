import { read } from '../client/read.ts';
import { parseTarget } from '../targets/parse.ts';
import type { Options } from './options.ts';
import { write } from './output.ts';

/** `--raw`: the bytes as they came, secrets, defects and HTTP's headers included. */
export async function raw(target: string, options: Options): Promise<void> {
  const { bytes } = await read(parseTarget(target), { timeoutSeconds: options.timeout });
  await write(bytes);
}
