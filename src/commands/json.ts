import { sampleJson } from '../outputs/json.ts';
import { parseTarget } from '../targets/parse.ts';
import { type Chosen, maskOf } from './options.ts';
import { composed, write } from './output.ts';
import { readSample } from './read-sample.ts';

/** `--json`: one sample as a JSON document. */
export async function json(target: string, options: Chosen): Promise<void> {
  const sample = await readSample(parseTarget(target), options);
  await write(composed(() => `${sampleJson(sample, maskOf(options))}\n`));
}
