import { TEXT } from '../outputs/text.ts';
import { notOpened, opened } from '../views/updates/opening.ts';
import { filterError } from '../views/views.ts';
import { observeTarget } from './observe-target.ts';
import { type Chosen, initialView } from './options.ts';
import { composed, write } from './output.ts';
import { firstTarget } from './resolve-target.ts';
import { UsageError } from './usage-error.ts';

/** `--once`: prints one plain table and the findings. */
export async function once(target: string, options: Chosen): Promise<void> {
  const observed = await observeTarget(await firstTarget(target), {
    ...options,
    levels: options.settings.findings ?? {},
  });
  const { kind } = observed.sample;
  const view = opened(initialView(options), kind);
  if (!view) throw new UsageError(notOpened(initialView(options), kind));
  const wrong = filterError({ sample: observed.sample, view });
  if (wrong !== null) throw new UsageError(`--filter ${view.filter}: ${wrong}`);
  const width = process.stdout.isTTY ? process.stdout.columns : null;
  await write(composed(() => TEXT.write(observed, { ...view, width, header: options.header })));
}
