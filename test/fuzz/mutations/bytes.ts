import type { Random } from '../../../src/demo/random.ts';
import { oneOf, randomBytes } from '../choose.ts';

/**
 * Changes a document as text in which each character is one byte.
 *
 * @param other another capture
 */
export type ByteMutation = (text: string, random: Random, other: string) => string;

/** Changes that ignore the structure of the document. `cut` is always applied last. */
export const BYTES = {
  'flipped bits': (text, random) =>
    times(text, random, (text) => {
      const at = place(text, random);
      const flipped = String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << random.integer(0, 7)));
      return text.slice(0, at) + flipped + text.slice(at + 1);
    }),
  'inserted bytes': (text, random) =>
    times(text, random, (text) => {
      const at = place(text, random);
      return text.slice(0, at) + randomBytes(random, random.integer(1, 8)) + text.slice(at);
    }),
  'inserted signs': (text, random) =>
    times(text, random, (text) => {
      const at = place(text, random);
      return text.slice(0, at) + oneOf(random, SIGNS) + text.slice(at);
    }),
  'deleted bytes': (text, random) =>
    times(text, random, (text) => {
      const at = place(text, random);
      return text.slice(0, at) + text.slice(at + random.integer(1, 8));
    }),
  'dropped sign': (text, random) =>
    times(text, random, (text) => {
      const places = [...text.matchAll(/["{}[\]:,\\]/g)].map(({ index }) => index);
      if (places.length === 0) return text;
      const at = oneOf(random, places);
      return text.slice(0, at) + text.slice(at + 1);
    }),
  'repeated slice': (text, random) => {
    const at = place(text, random);
    const slice = text.slice(at, at + random.integer(1, 400));
    return text.slice(0, at) + slice.repeat(random.integer(1, 5)) + text.slice(at);
  },
  'lost slice': (text, random) => {
    const at = place(text, random);
    return text.slice(0, at) + text.slice(at + random.integer(1, text.length));
  },
  splice: (text, random, other) => text.slice(0, place(text, random)) + other.slice(place(other, random)),
  'garbage around': (text, random) => {
    const [before, after] = [oneOf(random, GARBAGE), oneOf(random, GARBAGE)];
    return before + text + (random.chance(0.5) ? after : randomBytes(random, random.integer(0, 20)));
  },
  cut: (text, random) => text.slice(0, random.integer(0, text.length - 1)),
} as const satisfies Readonly<Record<string, ByteMutation>>;

const SIGNS = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ',,',
  ':',
  '\\',
  '\n',
  '0',
  '-',
  '.',
  'e',
  '"}',
  '"]',
  '":',
  '",',
  '//x',
];
const GARBAGE = [
  '',
  '{}',
  '[]',
  'x',
  '"',
  '{',
  '}',
  '\0',
  'HTTP/1.0 200 OK\r\n\r\n',
  'callback(',
  ');',
  '[uwsgi] a\n',
  '1',
];

function place(text: string, random: Random): number {
  return random.integer(0, text.length);
}

function times(text: string, random: Random, change: (text: string) => string): string {
  let changed = text;
  for (let turn = random.chance(0.6) ? 1 : random.integer(2, 6); turn > 0; turn--) changed = change(changed);
  return changed;
}
