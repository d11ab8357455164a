import type { Snapshot } from '../../../src/stats/snapshot.ts';
import { numbersOf } from '../fields.ts';
import type { Case, Check } from '../oracle.ts';

/**
 * No number is wrong. Of a document of which only strings changed, or that is defective as uWSGI's are, every one is
 * as before; of any other one, each stands in the bytes under its name. What JavaScript cannot count is unknown.
 */
export const keepsNumbers: Check = (given) => {
  const { outcome, trial } = given;
  if ('error' in outcome) return null;
  return uncountable(outcome.snapshot) ?? (trial.damage.kind === 'none' ? changed(given) : invented(given));
};

/** From here on there are whole numbers that cannot be told from their neighbours. */
function uncountable(snapshot: Snapshot): string | null {
  for (const { path, value, origin } of numbersOf(snapshot)) {
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
      return `${path} is ${String(value)}: no number of a counter`;
    if (value > Number.MAX_SAFE_INTEGER / origin.scale)
      return `${path} is ${value}: more than can be counted, and not null`;
  }
  return null;
}

function changed({ outcome, original }: Case): string | null {
  if ('error' in outcome) return null;
  const [before, after] = [flat(original), flat(outcome.snapshot)];
  for (const [path, value] of before) {
    // A name that was empty is unknown, and has become one.
    if (value === null && after.get(path) === TEXT) continue;
    if (after.get(path) !== value) return `${path} was ${value}, is ${after.get(path)}`;
  }
  const more = [...after.keys()].find((path) => !before.has(path) && !path.includes('.attributes'));
  return more === undefined ? null : `${more} is there, and was not before`;
}

const TEXT = 'a text';

/** Everything but the texts, by its path: numbers, flags, what is unknown, and how long lists are. */
function flat(value: unknown, path = '', out = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value === 'string') out.set(path, TEXT);
  else if (typeof value !== 'object' || value === null) out.set(path, value);
  else
    for (const [key, each] of Object.entries(value))
      if (key !== 'repaired') flat(each, `${path}.${key}`, out);
  return out;
}

const BLANK = '[\\s\\0\\ufeff]*';
/** A pair of a name and a number that nothing follows that would be of it. */
const PAIR = new RegExp(`"(\\w+)"${BLANK}:${BLANK}(-?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?)(?![\\w.+-])`, 'g');

function invented({ outcome, trial: { bytes } }: Case): string | null {
  if ('error' in outcome) return null;
  const written = new Map<string, Set<number>>();
  for (const [, key = '', number = ''] of bytes.toString('utf8').matchAll(PAIR)) {
    const values = written.get(key) ?? new Set();
    written.set(key, values.add(Number(number)));
  }
  for (const { path, value, origin } of numbersOf(outcome.snapshot)) {
    const stands = [...(written.get(origin.key) ?? [])].some((each) => each / origin.scale === value);
    if (!stands) return `${path} is ${String(value)}: there is no such "${origin.key}" in the bytes`;
  }
  return null;
}
