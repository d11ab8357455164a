import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesOf, splitName } from '../../src/targets/names.ts';
import { parseTarget } from '../../src/targets/parse.ts';

const namesFor = (...texts: string[]) =>
  namesOf(
    texts.map((text) => {
      const { name, target } = splitName(text);
      return { name, target: parseTarget(target) };
    }),
  );

describe('an argument with a name', () => {
  it.each([
    ['shop=/run/shop.stats', 'shop', '/run/shop.stats'],
    ['shop.v2=:1717', 'shop.v2', ':1717'],
    ['/run/a=b.stats', null, '/run/a=b.stats'],
    ['./a=b', null, './a=b'],
    ['http://host/?a=b', null, 'http://host/?a=b'],
    ['shop=', null, 'shop='],
  ])('%s', (text, name, target) => {
    expect(splitName(text)).toEqual({ name, target });
  });
});

describe('the name of a server', () => {
  it.each([
    [
      ['/run/shop.stats', '/run/blog.stats'],
      ['shop.stats', 'blog.stats'],
    ],
    [
      ['/srv/a/app.stats', '/srv/b/app.stats', '/srv/c/x.stats'],
      ['a/app.stats', 'b/app.stats', 'x.stats'],
    ],
    [
      [':1717', ':1718'],
      [':1717', ':1718'],
    ],
    [
      ['@a', 'http://web1:1717/'],
      ['a', 'web1:1717/'],
    ],
    [
      ['shop=/run/shop.stats', '/srv/shop'],
      ['shop', 'srv/shop'],
    ],
  ])('is the given one, or the shortest unique ending: %j', (texts, names) => {
    expect(namesFor(...texts)).toEqual(names);
  });

  it('is unique for different targets', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'app.stats'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.uniqueArray(path, { selector: (parts) => parts.join('/') }), (paths) => {
        const names = namesFor(...paths.map((parts) => `/${parts.join('/')}`));
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });
});
