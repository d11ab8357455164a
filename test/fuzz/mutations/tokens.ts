import type { Random } from '../../../src/demo/random.ts';
import { oneOf, placesOf } from '../choose.ts';
import { rawToken, type Token, textOf } from '../tokens.ts';
import { blanks, type TokenMutation } from './harmless.ts';

/** Mutations that replace values, keys and punctuation of the document. */
export const REWRITES = {
  'huge number': (tokens, random) => numbers(tokens, random, HUGE),
  'negative number': (tokens, random) =>
    numbers(tokens, random, ['-1', '-0', '-72', '-9007199254740993', '-0.5']),
  'float or exponent': (tokens, random) => numbers(tokens, random, FLOATS),
  'odd number': (tokens, random) => numbers(tokens, random, ODD),
  'u64 cast': (tokens, random) => numbers(tokens, random, ['18446744073709551615', '18446744073709551544']),
  'another type': (tokens, random) =>
    replaceSome(tokens, random, isValue, ({ text }) => oneOf(random, [...TYPES, `"${text}"`, `[${text}]`])),
  'renamed key': (tokens, random) =>
    replaceSome(tokens, random, isKey, () => {
      const others = placesOf(tokens, isKey).map((place) => tokens[place]?.text ?? '""');
      return random.chance(0.6) ? oneOf(random, INHERITED) : oneOf(random, others);
    }),
  'swapped tokens': (tokens, random) => {
    const places = placesOf(tokens, ({ kind }) => kind !== 'blank');
    const swapped = [...tokens];
    for (let turn = random.integer(1, 3); turn > 0; turn--) {
      const [a, b] = [oneOf(random, places), oneOf(random, places)];
      [swapped[a], swapped[b]] = [swapped[b] ?? rawToken(''), swapped[a] ?? rawToken('')];
    }
    return swapped;
  },
  'swapped values of neighbours': (tokens, random) => {
    const places = placesOf(tokens, isValue);
    const at = random.integer(0, places.length - 2);
    const [a = 0, b = 0] = [places[at], places[at + 1]];
    const swapped = [...tokens];
    [swapped[a], swapped[b]] = [tokens[b] ?? rawToken(''), tokens[a] ?? rawToken('')];
    return swapped;
  },
  'repeated key': (tokens, random) => {
    const places = placesOf(tokens, isKey);
    const place = oneOf(random, places);
    const pair = `${tokens[place]?.text}:${oneOf(random, [...TYPES, ...HUGE, '5', '"x"'])},`;
    return [...tokens.slice(0, place), rawToken(pair), ...tokens.slice(place)];
  },
  'deep nesting': (tokens, random) => {
    const place = oneOf(random, placesOf(tokens, isKey));
    const depth = oneOf(random, [1, 5, 40, 63, 64, 65, 1000, 100_000]);
    const [open, close] = oneOf(random, [
      ['[', ']'],
      ['{"a":', '}'],
      ['[{"workers":', '}]'],
    ] as const);
    const inside = open === '[' ? '' : '1';
    const closed = random.chance(0.8) ? depth : random.integer(0, depth);
    const deep = `"deep":${open.repeat(depth)}${inside}${close.repeat(closed)},`;
    return [...tokens.slice(0, place), rawToken(deep), ...tokens.slice(place)];
  },
  'many elements': (tokens, random) => {
    const lists = placesOf(tokens, ({ text }) => text === '[');
    if (lists.length === 0) return null;
    const after = oneOf(random, lists) + 1;
    const element = `${oneOf(random, [...TYPES, '{"requests":1,"cores":[{}]}'])},`;
    // The largest elements would exceed the maximum number of arguments of a call.
    const count = Math.min(
      oneOf(random, [3, 20, 300, 2000, 130_000]),
      Math.floor(MOST_BYTES / element.length),
    );
    const many = rawToken(element.repeat(count));
    return [...tokens.slice(0, after), many, ...tokens.slice(after)];
  },
  'blanks and a sign': (tokens, random) => {
    const closing = placesOf(tokens, ({ text, kind }) => text === '}' || text === ']' || kind === 'string');
    const after = oneOf(random, closing) + 1;
    return [
      ...tokens.slice(0, after),
      blanks(random),
      rawToken(oneOf(random, SIGNS)),
      ...tokens.slice(after),
    ];
  },
  'moved slice': (tokens, random) => {
    const [from, length] = [random.integer(0, tokens.length - 1), random.integer(1, 60)];
    const slice = tokens.slice(from, from + length);
    const rest = [...tokens.slice(0, from), ...tokens.slice(from + length)];
    const to = random.integer(0, rest.length);
    return [...rest.slice(0, to), ...slice, ...rest.slice(to)];
  },
  'repeated tokens': (tokens, random) => {
    const [from, length] = [random.integer(0, tokens.length - 1), random.integer(1, 200)];
    const slice = rawToken(textOf(tokens.slice(from, from + length)));
    const times = random.integer(1, 3);
    return [...tokens.slice(0, from), ...Array.from({ length: times }, () => slice), ...tokens.slice(from)];
  },
} as const satisfies Readonly<Record<string, TokenMutation>>;

/** Size limit for many elements: the size of a document of a large server. */
const MOST_BYTES = 1_000_000;

const SIGNS = ['x', ',', '}', '"', ':', '{', '1', ']'];
const HUGE = [
  ...[
    '9007199254740991',
    '9007199254740992',
    '9007199254740993',
    '9223372036854775807',
    '9223372036854775808',
  ],
  ...['1000000000000000000', '99999999999999999999999999', `1${'0'.repeat(400)}`, '4294967296', '1e15'],
];
const FLOATS = [
  '0.5',
  '72.25',
  '1e3',
  '1E+2',
  '5e-324',
  '1e308',
  '1e999',
  '1.0',
  '7e-1',
  '0.1e1',
  '123456789.123456789',
];
const ODD = [
  '007',
  '00',
  '+5',
  '0x10',
  '1_000',
  '.5',
  '5.',
  '1e',
  '--1',
  'NaN',
  'Infinity',
  '1 2',
  '٣',
  '1,5',
  '',
];
const TYPES = ['null', 'true', 'false', '"7"', '""', '[]', '{}', '[1]', '{"a":1}', '[[]]', '"busy"', '0'];
const INHERITED = [
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"hasOwnProperty"',
  '"length"',
  '""',
  '"then"',
  '"0"',
];

function isKey({ place }: Token): boolean {
  return place === 'key';
}

function isValue({ kind, place }: Token): boolean {
  return kind === 'number' || (kind === 'string' && place !== 'key');
}

function numbers(tokens: readonly Token[], random: Random, choices: readonly string[]): Token[] | null {
  return replaceSome(
    tokens,
    random,
    ({ kind }) => kind === 'number',
    () => oneOf(random, choices),
  );
}

/** Replaces one, a few, or a large part of the tokens. */
function replaceSome(
  tokens: readonly Token[],
  random: Random,
  fits: (token: Token) => boolean,
  text: (token: Token) => string,
): Token[] | null {
  const places = placesOf(tokens, fits);
  if (places.length === 0) return null;
  const share = random.chance(0.2) ? 0.5 : Math.min(0.5, 2 / places.length);
  const chosen = new Set([oneOf(random, places), ...places.filter(() => random.chance(share))]);
  return tokens.map((token, place) => (chosen.has(place) ? { ...token, text: text(token) } : token));
}
