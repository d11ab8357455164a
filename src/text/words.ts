import { count, scaled } from './format.ts';

/** Formats numbers for sentences: findings, messages and plain text. For cells see `format`. */

const BYTES = [' B', ' KiB', ' MiB', ' GiB', ' TiB', ' PiB', ' EiB'];

/** Formats bytes with units in steps of 1024: `512 B`, `2.1 MiB`. */
export function bytes(value: number): string {
  return scaled(value, 1024, BYTES);
}

/**
 * Formats a number with its noun: `1 request`, `1,204 requests`, `- requests` if the number is unknown.
 *
 * @param noun singular of a noun whose plural ends in `s`
 */
export function plural(number: number | null, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** Formats a ratio (1 is 100%) as a percentage: `1.4%`, `14%`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
}
