import type { Observed, Subject } from '../monitor/observation.ts';
import type { Exporter } from '../outputs/exporter.ts';
import { FLEET_TEXT, TEXT, type TextOptions } from '../outputs/text.ts';
import { notOpened, opened } from '../views/updates/opening.ts';
import { filterError, viewOf } from '../views/views.ts';
import { initialView } from './initial-view.ts';
import { look } from './look.ts';
import { failIfAny } from './observe-all.ts';
import type { Chosen } from './options.ts';
import { composed, write } from './output.ts';
import { UsageError } from './usage-error.ts';

/** `--once`: prints one plain table and the findings, of one server or of all. */
export async function once(texts: readonly string[], options: Chosen): Promise<void> {
  const levels = options.settings.findings ?? {};
  const { observed, all, recorded } = await look(texts, { ...options, levels });
  if (all === null) return print(TEXT, observed, options, recorded);
  await print(FLEET_TEXT, all.observed, options, recorded);
  failIfAny(all);
}

/** @throws UsageError if no view has the columns, there is no such view, or the filter is wrong */
async function print<Of extends Subject>(
  exporter: Exporter<TextOptions, Of>,
  observed: Observed<Of>,
  options: Chosen,
  recorded: boolean,
): Promise<void> {
  const { kind } = observed.sample;
  const view = opened(initialView(options), kind);
  if (!view) throw new UsageError(notOpened(initialView(options), kind));
  if (viewOf({ sample: observed.sample, view }).isCharts)
    throw new UsageError('the charts are only in the live view. Use another --view with --once');
  const wrong = filterError({ sample: observed.sample, view });
  if (wrong !== null) throw new UsageError(`--filter ${view.filter}: ${wrong}`);
  const width = process.stdout.isTTY ? process.stdout.columns : null;
  const { header } = options;
  await write(composed(() => exporter.write(observed, { ...view, period: 'all', width, header, recorded })));
}
