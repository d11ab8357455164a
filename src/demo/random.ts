/**
 * Numbers that look random and are the same for the same seed, on every machine.
 * A counter goes in steps of the golden ratio; two multiplications spread each step over all 32 bits.
 */
export class Random {
  private counter: number;

  /** @param seed any number; its lowest 32 bits count */
  constructor(seed: number) {
    this.counter = seed | 0;
  }

  /** From 0 up to 1, never 1. */
  next(): number {
    return this.bits() / 2 ** 32;
  }

  /** A whole number of 32 bits, not negative. */
  bits(): number {
    this.counter = (this.counter + 0x9e3779b9) | 0;
    let mixed = this.counter;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** From `low` to `high`, most of them near `low`; the mean is a third of the way up. */
  skewed(low: number, high: number): number {
    const at = this.next();
    return low + (high - low) * at * at;
  }

  /** Waiting times between events that know nothing of each other. */
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
