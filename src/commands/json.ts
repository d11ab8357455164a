import { isObserved } from '../monitor/observation.ts';
import { JSON_EXPORTER, JSON_LINE } from '../outputs/json.ts';
import { look } from './look.ts';
import { failIfAny } from './observe-all.ts';
import { type Chosen, maskOf } from './options.ts';
import { composed, write } from './output.ts';

/** `--json`: prints one sample as a JSON document, or one line with a document for each of several servers. */
export async function json(texts: readonly string[], options: Chosen): Promise<void> {
  const mask = maskOf(options);
  const { observed, all } = await look(texts, options);
  if (all === null) return write(composed(() => JSON_EXPORTER.write(observed, { mask })));
  const known = all.observed.sample.members.map(({ observation }) => observation).filter(isObserved);
  await write(composed(() => known.map((observed) => JSON_LINE.write(observed, { mask })).join('')));
  failIfAny(all);
}
