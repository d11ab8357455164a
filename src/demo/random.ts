/**
 * A pseudorandom generator. The same seed gives the same numbers on every machine.
 * A counter advances in steps of the golden ratio. Two multiplications spread each step over all 32 bits.
 */
export class Random {
  private counter: number;

  /** @param seed any number; only its lowest 32 bits are used */
  constructor(seed: number) {
    this.counter = seed | 0;
  }

  /** A number from 0 (included) to 1 (excluded). */
  next(): number {
    return this.bits() / 2 ** 32;
  }

  /** An unsigned integer of 32 bits. */
  bits(): number {
    this.counter = (this.counter + 0x9e3779b9) | 0;
    let mixed = this.counter;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** A number from `low` to `high`, more often near `low`. The mean is a third of the way from `low` to `high`. */
  skewed(low: number, high: number): number {
    const at = this.next();
    return low + (high - low) * at * at;
  }

  /** The time between two independent events whose mean interval is `mean`. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[Math.floor(this.next() * items.length)] ?? items[0];
  }

  /** `length` hexadecimal digits. */
  hex(length: number): string {
    let digits = '';
    while (digits.length < length) digits += this.bits().toString(16).padStart(8, '0');
    return digits.slice(0, length);
  }
}
