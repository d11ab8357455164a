import { JSON_EXPORTER } from '../outputs/json.ts';
import { observeTarget } from './observe-target.ts';
import { type Chosen, maskOf } from './options.ts';
import { composed, write } from './output.ts';
import { firstTarget } from './resolve-target.ts';

/** `--json`: prints one sample as a JSON document. */
export async function json(target: string, options: Chosen): Promise<void> {
  const observed = await observeTarget(await firstTarget(target), options);
  await write(composed(() => JSON_EXPORTER.write(observed, { mask: maskOf(options) })));
}
