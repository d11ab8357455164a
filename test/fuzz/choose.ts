import { Random } from '../../src/demo/random.ts';

/**
 * The random numbers for one purpose in one case. Each purpose has its own sequence, so that a case does not depend on
 * other draws. A repeated single case is therefore the same.
 */
export function randomOf(seed: number, number: number, what: string): Random {
  let mixed = seed;
  for (const part of [number, ...Buffer.from(what)])
    mixed = new Random(mixed ^ Math.imul(part + 1, 0x85ebca6b)).bits();
  return new Random(mixed);
}

/**
 * Returns one of the items.
 *
 * @throws RangeError for an empty list
 */
export function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  if (items.length === 0) throw new RangeError('the list is empty');
  return items[Math.floor(random.next() * items.length)] as Item;
}

/** The positions of the items that fit. */
export function placesOf<Item>(items: readonly Item[], fits: (item: Item) => boolean): number[] {
  return items.flatMap((item, place) => (fits(item) ? [place] : []));
}

/** Random bytes, one character per byte. */
export function randomBytes(random: Random, length: number): string {
  return Array.from({ length }, () => String.fromCharCode(random.integer(0, 255))).join('');
}
