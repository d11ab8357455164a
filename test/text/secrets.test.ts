import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNames } from '../../src/text/secrets/names.ts';
import { maskSource } from '../../src/text/secrets/source.ts';
import { maskUrl } from '../../src/text/secrets/urls.ts';
import { maskWords } from '../../src/text/secrets/words.ts';
import { createMask, NO_MASK } from '../../src/text/secrets.ts';
import { leastRatio } from '../cost.ts';
import {
  type Case,
  COMPOUNDS,
  FOREIGN,
  HOSTILE_IDS,
  LINES,
  MASKED_VARIABLES,
  ORDINARY,
  SHOWN_VARIABLES,
  TEXTS,
  URLS,
} from './secrets.table.ts';

const mask = createMask();
const pair = (each: Case): readonly [string, string] => (typeof each === 'string' ? [each, each] : each);

describe('the table', () => {
  it.each(URLS.map(pair))('URL %s is shown as %s', (given, shown) => {
    expect(mask.variable('REQUEST_URI', given)).toBe(shown);
  });

  it.each(TEXTS.map(pair))('text %s is shown as %s', (given, shown) => {
    expect(mask.text(given)).toBe(shown);
  });

  it.each(LINES.map(pair))('line %s is shown as %s', (given, shown) => {
    expect(mask.source(given)).toBe(shown);
  });

  it.each(FOREIGN)('%s is the name of a secret', (name) => {
    expect(mask.variable('REQUEST_URI', `/?${name}=abc&x=1`)).toBe(`/?${name}=***&x=1`);
    expect(mask.text(`${name}: abc`)).toBe(name.includes('%') ? `${name}: abc` : `${name}: ***`);
  });

  it.each(COMPOUNDS)('%s is the name of a secret', (name) => {
    expect(mask.variable('QUERY_STRING', `${name}=hunter`)).toBe(`${name}=***`);
    expect(mask.text(`run --${name} hunter`)).toBe(`run --${name} ***`);
  });

  it.each(ORDINARY)('%s is not the name of a secret', (name) => {
    expect(mask.variable('QUERY_STRING', `${name}=hunter`)).toBe(`${name}=hunter`);
    expect(mask.text(`run --${name} hunter`)).toBe(`run --${name} hunter`);
    expect(mask.source(`${name} = "hunter"`)).toBe(`${name} = "hunter"`);
  });

  it.each(SHOWN_VARIABLES)('variable %s shows %s', (name, value) => {
    expect(mask.variable(name, value)).toBe(value);
  });

  it.each(HOSTILE_IDS)('identifier %s is shown as %s', (value, shown) => {
    expect(mask.variable('HTTP_X_REQUEST_ID', value)).toBe(shown);
  });

  it.each(MASKED_VARIABLES)('variable %s is masked', (name) => {
    for (const value of ['hunter', '1', 'a=b']) expect(mask.variable(name, value)).toBe('***');
    expect(mask.variable(name, '')).toBe('');
  });
});

const from = (alphabet: string, least: number, most: number) =>
  fc
    .array(fc.constantFrom(...alphabet), { minLength: least, maxLength: most })
    .map((letters) => letters.join(''));
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const BASE64 = `${UPPER}${UPPER.toLowerCase()}0123456789`;

/** Random secrets, without numbers and without letters only, which cannot be distinguished from words. */
const SECRETS = fc
  .oneof(
    // 56 bits: a Git commit or a hash in a file name has 48 and is shown.
    from('0123456789abcdef', 14, 64),
    from('0123456789ABCDEF', 14, 64),
    from(BASE64, 16, 86),
    // 128 bits: a separator after every few characters leaves pieces that look like words.
    from(`${BASE64}-_`, 22, 86),
    from(`${UPPER}234567`, 20, 52),
    fc
      .tuple(from(BASE64, 8, 40), from(BASE64, 8, 40), from(BASE64, 8, 40))
      .map(([a, b, c]) => `eyJ${a}.${b}.${c}`),
  )
  .filter((secret) => /\d.*\d/.test(secret) && /[a-z].*[a-z]/i.test(secret));

describe('a random secret', () => {
  it('is never shown', () => {
    fc.assert(
      fc.property(SECRETS, fc.constantFrom('x', 'item', 'a[]', 'q'), (secret, name) => {
        const shown = [
          ...[
            'HTTP_X_ANY',
            'HTTP_USER_AGENT',
            'CONTENT_TYPE',
            'HTTP_HOST',
            'HTTP_REFERER',
            'SERVER_NAME',
          ].map((variable) => mask.variable(variable, secret)),
          ...[
            `/${secret}`,
            `/a/${secret}.pdf`,
            `/a/${name}-${secret}/b`,
            `/?${name}=${secret}`,
            `/?${secret}`,
            `/?${secret}=1`,
            `/a;${name}=${secret}`,
            `/a#${secret}`,
            `/a#${name}=${secret}`,
            `/?u=https%3A%2F%2Fweb%2F${secret}`,
            `https://web/${secret}/x`,
            `https://${secret}@web/`,
            `https://${secret}.example.com/`,
          ].map((url) => mask.variable('REQUEST_URI', url)),
          ...[
            secret,
            `run ${secret}`,
            `run --name ${secret}`,
            `run --name=${secret}`,
            `run -n ${secret}`,
            `run -n${secret}`,
            `run --${secret}`,
            `NAME=${secret} run`,
            `run "${secret}"`,
            `run --name "${secret}" x`,
            `sh -c 'run ${secret}'`,
            `(${secret}), failed`,
            `GET /a/${secret} failed`,
            `{"a":"${secret}"}`,
          ].map((text) => mask.text(text)),
          ...[`x = '${secret}'`, `f("a", "${secret}")`, `x = 1  # ${secret}`, `${secret}", 1)`].map((line) =>
            mask.source(line),
          ),
        ];
        expect(shown.filter((text) => text.includes(secret))).toEqual([]);
      }),
      { numRuns: 300, seed: 20_261_128 },
    );
  });
});

describe('a segment of a path', () => {
  const shown = (segment: string) => mask.variable('PATH_INFO', `/a/${segment}/b`);

  it.each([
    ...[
      '27e20196a850',
      'ABCDEF012345',
      '1795335300123',
      'k3v9x2',
      'B07XJ8C8F5',
      '2026-11-28',
      '20261128T100000Z',
    ],
    ...['a-very-long-name-of-an-article-about-databases', 'ThreadingModel', 'python3.11', 'x86_64-linux-gnu'],
    '550e8400-e29b-41d4-a716-446655440000',
  ])('is shown if it is too short for a token, or has words: %s', (segment) => {
    expect(shown(segment)).toBe(`/a/${segment}/b`);
  });

  it.each([
    ...['27e20196a8501', '0A1B2C3D4E5F6', '17953353001234', 'c0ffee5a17e4b9d2', 'Xk29aQz7', 'aB3dE6gH'],
    ...['V1StGXR8_Z5jdHi6B-myT', '4111-1111-1111-1111', '3782-822463-10005'],
  ])('is masked if it can be a token: %s', (segment) => {
    expect(shown(segment)).toBe('/a/***/b');
  });
});

describe('the names of the user', () => {
  it('show a variable, a parameter and an option', () => {
    const showing = createMask({ show: ['x-tenant', 'TOKEN', 'http_cookie'] });
    expect(showing.variable('HTTP_X_TENANT', 'p4ss w0rd!')).toBe('p4ss w0rd!');
    expect(showing.variable('HTTP_COOKIE', 'a=b')).toBe('a=b');
    expect(showing.variable('REQUEST_URI', '/?token=p4ssw0rd!&X_Tenant=a=b&key=c')).toBe(
      '/?token=p4ssw0rd!&X_Tenant=a=b&key=***',
    );
    expect(showing.text('run --token p4ssw0rd! --key abc')).toBe('run --token p4ssw0rd! --key ***');
    expect(showing.variable('HTTP_X_TENANT_KEY', 'abc')).toBe('***');
  });

  it('mask by parts of names, with precedence over shown names', () => {
    const masking = createMask({ mask: ['tenant', 'account-id', 'a.b', 'user-agent'], show: ['tenant'] });
    expect(masking.variable('REQUEST_URI', '/?my_tenant_no=1&AccountId=2&account_id=3&a.b=4&axb=5')).toBe(
      '/?my_tenant_no=***&AccountId=***&account_id=***&a.b=***&axb=5',
    );
    expect(masking.variable('HTTP_X_TENANT', '1')).toBe('***');
    expect(masking.text('account-id:12345')).toBe('account-id:***');
    expect(masking.variable('HTTP_USER_AGENT', 'curl')).toBe('***');
  });

  it('are not needed if masking is off', () => {
    expect(NO_MASK.text('/?token=abc')).toBe('/?token=abc');
    expect(NO_MASK.variable('HTTP_COOKIE', 'abc')).toBe('abc');
    expect(NO_MASK.source('password = "x"')).toBe('password = "x"');
  });
});

/** Pieces of text that are difficult for backtracking, nested quotes, and anything that is counted or searched. */
const PIECES: readonly string[] = [
  ...[
    'a',
    'aA1',
    '=',
    'a=b&',
    '/',
    '/a:b@',
    'a:',
    '%25',
    '%22%3A%22',
    '%C3',
    '"',
    "'",
    '\\"',
    '\\',
    ' ',
    'a ',
    '- ',
  ],
  ...[
    '--a ',
    '-p ',
    '"a" ',
    "a'b ",
    'eyJa.',
    'token ',
    'token:',
    'a: ',
    '{"a":',
    '1-1-',
    'abcd:',
    'sh -c "',
    '\u0301',
  ],
  ...['%(a)s', '{a}', '"""', '550e8400-e29b-', '\ud800'],
];

const of = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

describe('a long text', () => {
  const looks = [
    (text: string) => mask.text(text),
    (text: string) => mask.variable('REQUEST_URI', text),
    (text: string) => mask.variable('QUERY_STRING', text),
    (text: string) => mask.source(text),
  ];

  it('takes linear time: four times the length takes less than ten times the time', async () => {
    const names = createNames([], []);
    const slow: string[] = [];
    for (const piece of PIECES)
      for (const look of [maskWords, maskUrl, maskSource]) {
        const looks = (length: number) => () => look(of(piece, length), names);
        const ratio = await leastRatio(looks(10_000), looks(40_000), 10, 2);
        if (ratio >= 10)
          slow.push(`${look.name} ${JSON.stringify(piece)}: ${ratio.toFixed(1)} times the time`);
      }
    expect(slow).toEqual([]);
  });

  it('of any characters never becomes longer, apart from the masks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const look of looks)
          expect(look(text).replaceAll('***', '').length).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
