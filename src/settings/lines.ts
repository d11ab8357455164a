import type { Table } from './settings.ts';

/** Maximum number of parses in the search for a line. Each line of a long value costs one parse. */
const MAX_PARSES = 30;

/**
 * Finds the line, from 1, on which a path of a TOML text begins: the line after the last valid part of the text without
 * it. The search uses the parser instead of a pattern, because a key can be spelled in several ways. `null` if the
 * search would take too long.
 *
 * @param parse throws if the text is not TOML
 * @param path keys, each in the table of the previous key
 */
export function lineOf(text: string, path: readonly string[], parse: (text: string) => Table): number | null {
  const lines = text.split('\n');
  let parses = 0;
  /** Whether the first `count` lines contain the path; `null` if they end within a value. */
  const has = (count: number): boolean | null => {
    parses += 1;
    try {
      return hasPath(parse(`${lines.slice(0, count).join('\n')}\n`), path);
    } catch {
      return null;
    }
  };
  let without = 0;
  let withIt = lines.length;
  while (without + 1 < withIt) {
    const middle = (without + withIt) >> 1;
    const place = nearestWhole(middle, without, withIt, (count) => (parses < MAX_PARSES ? has(count) : null));
    if (parses >= MAX_PARSES) return null;
    if (place === null) break;
    if (place.has) withIt = place.count;
    else without = place.count;
  }
  return without + 1;
}

/**
 * The number of lines nearest to the middle that does not cut a value in two, and whether these lines contain the path.
 */
function nearestWhole(
  middle: number,
  after: number,
  before: number,
  has: (count: number) => boolean | null,
): { count: number; has: boolean } | null {
  for (let count = middle; count > after; count -= 1) {
    const found = has(count);
    if (found !== null) return { count, has: found };
  }
  for (let count = middle + 1; count < before; count += 1) {
    const found = has(count);
    if (found !== null) return { count, has: found };
  }
  return null;
}

function hasPath(table: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  return typeof table === 'object' && table !== null && Object.hasOwn(table, key)
    ? hasPath((table as Table)[key], rest)
    : false;
}
