import { describe, expect, it } from 'vitest';
import { groupTargets } from '../../src/commands/options.ts';
import { settingsOf } from '../../src/settings/settings.ts';

const settings = settingsOf({
  groups: { shop: ['/run/shop.stats', 'blog=/run/blog.stats'], one: '/run/one.stats' },
});

describe('groups of targets', () => {
  it('become their targets, in order', () => {
    expect(groupTargets({ group: ['one', 'shop'], settings })).toEqual([
      '/run/one.stats',
      '/run/shop.stats',
      'blog=/run/blog.stats',
    ]);
    expect(groupTargets({ settings })).toEqual([]);
  });

  it.each(['bogus', 'constructor'])('that do not exist are an error with the existing ones: %s', (name) => {
    expect(() => groupTargets({ group: [name], settings })).toThrow(
      `there is no group '${name}'. The groups are: shop, one`,
    );
    expect(() => groupTargets({ group: [name], settings: {} })).toThrow(/Add it to \[groups\]/);
    // Without targets, a command would read the servers of this machine.
    const empty = { groups: { [name]: [] } };
    expect(() => groupTargets({ group: [name], settings: empty })).toThrow(
      `the group '${name}' has no servers`,
    );
  });

  it('that are no lists of texts are an error with their path', () => {
    expect(() => settingsOf({ groups: { shop: [1] } })).toThrow(/Expected a text/);
    expect(() => settingsOf({ groups: 'shop' })).toThrow(/Expected a table/);
  });
});
