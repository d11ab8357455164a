import { describe, expect, it } from 'vitest';
import { pathPattern } from '../../../src/insights/paths/pattern.ts';

describe('the pattern of a path', () => {
  it.each([
    ['/', '/'],
    ['*', '*'],
    ['/report/2026/all?x=1#y', '/report/:n/all'],
    ['http://shop.example.com/a/5', '/a/:n'],
    ['/api/v1/users/12', '/api/v1/users/:n'],
    ['/blog/2026-11-22/my-post', '/blog/:n/my-post'],
    ['/at/51.5,-0.12', '/at/:n'],
    ['/img/12345.jpg', '/img/:n.jpg'],
    ['/page-12/order123456', '/page-:n/order:n'],
    ['/jquery-3.6.0.min.js', '/jquery-:n.min.js'],
    ['/u/550E8400-e29b-41d4-a716-446655440000/x', '/u/:uuid/x'],
    ['/commit/a1b2c3d', '/commit/:hash'],
    ['/static/app.3f2a9b1c.js', '/static/app.:hash.js'],
    ['/files/d41d8cd98f00b204e9800998ecf8427e.css', '/files/:hash.css'],
    ['/users/ann@example.com', '/users/:email'],
    ['/users/ann%40example.com', '/users/:email'],
    ['/img/logo@2x.png', '/img/logo@2x.png'],
    ['/h264/mp4/oauth2/facade', '/h264/mp4/oauth2/facade'],
    ['/p/Ab3dE9fGh1JkLmN0', '/p/:token'],
    ['/t/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0.abc', '/t/:token'],
    ['/reset/7f3kQz9', '/reset/:token'],
    ['/reset/done', '/reset/done'],
    ['/confirm-email/123456/', '/confirm-email/:n/'],
    ['/cart;jsessionid=AF34', '/cart;jsessionid=:token'],
  ])('%s is %s', (uri, pattern) => {
    expect(pathPattern(uri)).toBe(pattern);
    // A pattern has no parts left that differ.
    expect(pathPattern(pattern)).toBe(pattern);
  });

  it('is that of the user, if one fits: the first one', () => {
    const patterns = ['/blog/*/comments', '/blog/*'];
    expect(pathPattern('/blog/my-post/comments?page=2', patterns)).toBe('/blog/*/comments');
    expect(pathPattern('/blog/my-post/7', patterns)).toBe('/blog/*');
    expect(pathPattern('/shop/7', patterns)).toBe('/shop/:n');
  });

  it('has a limited length', () => {
    expect(pathPattern(`/${'a/'.repeat(100)}`)).toBe(`${'/a'.repeat(9)}/...`);
    expect(pathPattern(`/${'ab-'.repeat(60_000)}`).length).toBeLessThanOrEqual(160);
    expect(pathPattern(`/${'word-'.repeat(40)}`).length).toBeLessThanOrEqual(160);
  });

  it('is the same for a path that is remembered', () => {
    for (const _ of [1, 2]) expect(pathPattern('/a/secret/Ab3dE9fGh1JkLmN0')).toBe('/a/secret/:token');
  });
});
