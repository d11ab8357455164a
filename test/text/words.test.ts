import { expect, it } from 'vitest';
import { bytes, percent, plural } from '../../src/text/words.ts';

it.each([
  [0, '0 B'],
  [1, '1 B'],
  [1023, '1023 B'],
  [2048, '2.0 KiB'],
  [2.1 * 2 ** 20, '2.1 MiB'],
  [96 * 2 ** 20, '96.0 MiB'],
  [5 * 2 ** 30, '5.0 GiB'],
  [300 * 2 ** 30, '300 GiB'],
])('%d bytes are written as %s', (value, text) => {
  expect(bytes(value)).toBe(text);
});

it.each([
  [0, '0 requests'],
  [1, '1 request'],
  [2, '2 requests'],
  [1204, '1,204 requests'],
  [null, '- requests'],
])('%s requests are written as %s', (value, text) => {
  expect(plural(value, 'request')).toBe(text);
});

it.each([
  [0, '0.0%'],
  [0.014, '1.4%'],
  [0.14, '14%'],
  [1, '100%'],
])('the share %d is written as %s', (value, text) => {
  expect(percent(value)).toBe(text);
});
