import type { Observed, Subject } from '../monitor/observation.ts';
import type { Exporter } from '../outputs/exporter.ts';
import { FLEET_TEXT, TEXT, type TextOptions } from '../outputs/text.ts';
import { notOpened, opened } from '../views/updates/opening.ts';
import { filterError } from '../views/views.ts';
import { initialView } from './initial-view.ts';
import { failIfAny, observeAll } from './observe-all.ts';
import { observeTarget } from './observe-target.ts';
import type { Chosen } from './options.ts';
import { composed, write } from './output.ts';
import { targetsOf } from './targets.ts';
import { UsageError } from './usage-error.ts';

/** `--once`: prints one plain table and the findings, of one server or of all. */
export async function once(texts: readonly string[], options: Chosen): Promise<void> {
  const selected = await targetsOf(texts);
  const look = { ...options, levels: options.settings.findings ?? {} };
  const [only, ...others] = selected;
  if (only && others.length === 0) return print(TEXT, await observeTarget(only.target, look), options);
  const all = await observeAll(selected, look);
  await print(FLEET_TEXT, all.observed, options);
  failIfAny(all);
}

/** @throws UsageError if no view has the columns, or the filter is wrong */
async function print<Of extends Subject>(
  exporter: Exporter<TextOptions, Of>,
  observed: Observed<Of>,
  options: Chosen,
): Promise<void> {
  const { kind } = observed.sample;
  const view = opened(initialView(options), kind);
  if (!view) throw new UsageError(notOpened(initialView(options), kind));
  const wrong = filterError({ sample: observed.sample, view });
  if (wrong !== null) throw new UsageError(`--filter ${view.filter}: ${wrong}`);
  const width = process.stdout.isTTY ? process.stdout.columns : null;
  await write(composed(() => exporter.write(observed, { ...view, width, header: options.header })));
}
