import { Random } from '../../src/demo/random.ts';

/**
 * The random numbers of one thing in one case. Each has its own, so that a case is the same whatever was drawn before
 * it, and a case that is repeated alone too.
 */
export function randomOf(seed: number, number: number, what: string): Random {
  let mixed = seed;
  for (const part of [number, ...Buffer.from(what)])
    mixed = new Random(mixed ^ Math.imul(part + 1, 0x85ebca6b)).bits();
  return new Random(mixed);
}

/** One of the items. @throws RangeError when there are none */
export function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  if (items.length === 0) throw new RangeError('nothing to choose from');
  return items[Math.floor(random.next() * items.length)] as Item;
}

/** Places of the items that fit. */
export function placesOf<Item>(items: readonly Item[], fits: (item: Item) => boolean): number[] {
  return items.flatMap((item, place) => (fits(item) ? [place] : []));
}

/** Random bytes, a character each. */
export function randomBytes(random: Random, length: number): string {
  return Array.from({ length }, () => String.fromCharCode(random.integer(0, 255))).join('');
}
