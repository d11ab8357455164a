import { isObserved } from '../monitor/observation.ts';
import { JSON_EXPORTER, JSON_LINE } from '../outputs/json.ts';
import { failIfAny, observeAll } from './observe-all.ts';
import { observeTarget } from './observe-target.ts';
import { type Chosen, maskOf } from './options.ts';
import { composed, write } from './output.ts';
import { targetsOf } from './targets.ts';

/** `--json`: prints one sample as a JSON document, or one line with a document for each of several servers. */
export async function json(texts: readonly string[], options: Chosen): Promise<void> {
  const selected = await targetsOf(texts);
  const mask = maskOf(options);
  const [only, ...others] = selected;
  if (only && others.length === 0) {
    const observed = await observeTarget(only.target, options);
    return write(composed(() => JSON_EXPORTER.write(observed, { mask })));
  }
  const all = await observeAll(selected, options);
  const known = all.observed.sample.members.map(({ observation }) => observation).filter(isObserved);
  await write(composed(() => known.map((observed) => JSON_LINE.write(observed, { mask })).join('')));
  failIfAny(all);
}
