import { sampleText } from '../outputs/text.ts';
import { parseTarget } from '../targets/parse.ts';
import { initialView, type Options } from './options.ts';
import { write } from './output.ts';
import { readSample } from './read-sample.ts';

/** `--once`: one plain table. */
export async function once(target: string, options: Options): Promise<void> {
  const sample = await readSample(parseTarget(target), options);
  const width = process.stdout.isTTY ? process.stdout.columns : null;
  await write(sampleText(sample, { ...initialView(options), width }));
}
