import { describe, expect, it } from 'vitest';
import { boundedMask, joined } from '../../src/text/bounds.ts';
import { toWidth } from '../../src/text/clean.ts';
import { createMask, NO_MASK } from '../../src/text/secrets.ts';

const MOST = 1024;
const MASK = boundedMask(createMask(), MOST);
const SECRET = 'Zq7xW2vKp9TrB4nLc8Md';

/** Texts with the secret whose masking depends on the characters after it. */
const FORMS = {
  'a pair': `token=${SECRET}&b=c`,
  'a pair of digits, which could be a port': 'pin:93718264501 x',
  'a password in a URL': `http://user:${SECRET}@host/`,
  'an encoded password in a URL': `http%3A%2F%2Fuser%3A${SECRET}%40host`,
  'a very long password in a URL': `http://user:${SECRET.repeat(500)}@host/`,
  'a credential': `Bearer ${SECRET} x`,
  'a credential in small letters': `bearer ${SECRET} x`,
  'a web token': `eyJ${SECRET}.${SECRET}.${SECRET} x`,
  'an argument': `--password ${SECRET} x`,
  'a value of JSON': `{"password": "${SECRET}"}`,
};

describe('a cut through a secret', () => {
  it.each(Object.entries(FORMS))('never shows a part of %s', (_, form) => {
    for (let behind = 0; behind < Math.min(form.length, 120); behind += 1) {
      const text = `${'x '.repeat(MOST)}`.slice(0, MOST - behind - 1);
      const shown = MASK.text(`${text} ${form}${' y'.repeat(3000)}`);
      expect(shown).not.toMatch(/Zq7|9371|Md@/);
    }
  });

  it('masks the value of a variable whose name is too long to be checked', () => {
    expect(MASK.variable(`${'x'.repeat(5000)}`, SECRET)).toBe('***');
    expect(MASK.variable('PASSWORD', SECRET.repeat(1000))).not.toContain(SECRET);
    expect(boundedMask(NO_MASK, MOST).variable('x'.repeat(5000), SECRET)).toBe(SECRET);
  });
});

describe('a text that is cut', () => {
  it('reports its original length', () => {
    expect(MASK.text('word '.repeat(200_000))).toMatch(
      /^(word )+(word|wor|wo|w)?\.\.\. \(1,000,000 characters\)$/,
    );
    expect(MASK.text(`/?token=${'x'.repeat(5000)}`)).toBe('/?token=***... (5,008 characters)');
  });

  it('is complete up to the limit, and never ends in half a character', () => {
    expect(MASK.text('word'.padEnd(MOST))).toBe('word'.padEnd(MOST));
    const unicorns = MASK.text(`x${'\u{1f984}'.repeat(2000)}`);
    expect(unicorns).not.toMatch(/\p{Cs}/u);
  });

  it('is cut to the width of its column, for any number of combining marks', () => {
    expect(toWidth(`ab${'\u0301'.repeat(100_000)}`, 2, 'left')).toHaveLength(2);
    expect(toWidth('a\u0301\u0301'.repeat(10), 10, 'left')).toBe('a\u0301\u0301'.repeat(10));
  });
});

it('a list of many texts reports their number', () => {
  expect(joined(['a', 'b'], String)).toBe('a b');
  expect(
    joined(
      Array.from({ length: 5000 }, () => 'abcd'),
      String,
    ),
  ).toMatch(/abcd \.\.\. \(\d+ of 5,000\)$/);
});
