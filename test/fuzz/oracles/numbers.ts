import type { Snapshot } from '../../../src/stats/snapshot.ts';
import { numbersOf } from '../fields.ts';
import type { Case, Check } from '../oracle.ts';

/**
 * Numbers are correct. If only strings changed, or the defects are those of uWSGI, all numbers equal the original ones.
 * Otherwise each number is in the bytes under its key. Numbers that JavaScript cannot represent are unknown.
 */
export const keepsNumbers: Check = (given) => {
  const { outcome, trial } = given;
  if ('error' in outcome) return null;
  return uncountable(outcome.snapshot) ?? (trial.damage.kind === 'none' ? changed(given) : invented(given));
};

/** Finds a number outside the range of exact whole numbers. */
function uncountable(snapshot: Snapshot): string | null {
  for (const { path, value, origin } of numbersOf(snapshot)) {
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
      return `${path} is ${String(value)}: not a valid counter`;
    if (value > Number.MAX_SAFE_INTEGER / origin.scale)
      return `${path} is ${value}: more than can be counted exactly, and not null`;
  }
  return null;
}

function changed({ outcome, original }: Case): string | null {
  if ('error' in outcome) return null;
  const [before, after] = [flat(original), flat(outcome.snapshot)];
  for (const [path, value] of before) {
    // An empty name is unknown. The mutation has made it a text.
    if (value === null && after.get(path) === TEXT) continue;
    if (after.get(path) !== value) return `${path} was ${value}, is ${after.get(path)}`;
  }
  const more = [...after.keys()].find((path) => !before.has(path) && !path.includes('.attributes'));
  return more === undefined ? null : `${more} exists, and did not exist before`;
}

const TEXT = 'a text';

/** Everything except texts, by path: numbers, flags, unknown values, and lengths of lists. */
function flat(value: unknown, path = '', out = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value === 'string') out.set(path, TEXT);
  else if (typeof value !== 'object' || value === null) out.set(path, value);
  else
    for (const [key, each] of Object.entries(value))
      if (key !== 'repaired') flat(each, `${path}.${key}`, out);
  return out;
}

const BLANK = '[\\s\\0\\ufeff]*';
/** A key and a complete number. */
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
