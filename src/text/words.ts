import { count, scaled } from './format.ts';

/** Numbers as sentences say them: in findings, messages and plain text. */

const BYTES = [' B', ' KiB', ' MiB', ' GiB', ' TiB', ' PiB', ' EiB'];

/** Bytes, in steps of 1024: `512 B`, `2.1 MiB`. */
export function bytes(value: number): string {
  return scaled(value, 1024, BYTES);
}

/** `1 request`, `1,204 requests`, `- requests` where the number is unknown. @param noun one that takes an s */
export function plural(number: number | null, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** A share of 1 in percent: `1.4%`, `14%`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
}
