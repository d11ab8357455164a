import { sampleText } from '../outputs/text.ts';
import { parseTarget } from '../targets/parse.ts';
import { notOpened, opened } from '../views/updates/opening.ts';
import { filterError } from '../views/views.ts';
import { UsageError } from './failure.ts';
import { type Chosen, initialView } from './options.ts';
import { composed, write } from './output.ts';
import { readSample } from './read-sample.ts';

/** `--once`: one plain table, and what was found. */
export async function once(target: string, options: Chosen): Promise<void> {
  const sample = await readSample(parseTarget(target), {
    ...options,
    levels: options.settings.findings ?? {},
  });
  const view = opened(initialView(options), sample.kind);
  if (!view) throw new UsageError(notOpened(initialView(options), sample.kind));
  const wrong = filterError({ sample, view });
  if (wrong !== null) throw new UsageError(`--filter ${view.filter}: ${wrong}`);
  const width = process.stdout.isTTY ? process.stdout.columns : null;
  await write(composed(() => sampleText(sample, { ...view, width, header: options.header })));
}
